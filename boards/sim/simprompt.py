# The REPL's two faces, friendly and raw, as shared/runtime/pyexec.c has them: tools such as
# mpremote work with it as they are.
#
# Not as on the chip: raw paste is compiled when it is complete, so a mistake in it shows only at
# its end; the friendly REPL has neither history nor indentation of its own.

import sys

_A, _B, _C, _D, _E, _BACKSPACE, _DELETE = 1, 2, 3, 4, 5, 8, 127
_WINDOW = 128  # MICROPY_REPL_STDIN_BUFFER_MAX / 2
_COMPOUND = (b"if", b"while", b"for", b"try", b"with", b"def", b"class", b"async")
_CANCELLED = b"Traceback (most recent call last):\nKeyboardInterrupt: \n"


class Raw:
    """The raw REPL, for programs."""

    def __init__(self, terminal, interpreter):
        self._terminal = terminal
        self._interpreter = interpreter

    def run(self):
        """Returns when the friendly REPL is asked for."""
        self._terminal.write(b"raw REPL; CTRL-B to exit\n>")
        while True:
            line, end = self._line()
            if end == _B:
                self._terminal.write(b"\n")
                return
            if end == _A and line == b"\x05A":
                self._paste()
                self._terminal.write(b">")
            elif end == _A and len(line) == 2 and line[0] == _E:
                self._terminal.write(b"R\x00>")
            elif end == _A:
                self._terminal.write(b"raw REPL; CTRL-B to exit\n>")
            else:
                self._run(line)

    def _line(self):
        line = bytearray()
        while True:
            byte = self._terminal.read()
            if byte in (_A, _B, _D):
                return bytes(line), byte
            if byte == _C:
                line = bytearray()
            else:
                line.append(byte)

    def _run(self, line):
        self._terminal.write(b"OK")
        if not line:
            self._terminal.write(b"\n")
            self._interpreter.soft_reset()
        self._interpreter.run(line, marks=b"\x04")
        self._terminal.write(b">")

    def _paste(self):
        self._terminal.write(b"R\x01" + bytes((_WINDOW & 0xFF, _WINDOW >> 8)) + b"\x01")
        source = bytearray()
        left = _WINDOW
        while True:
            byte = self._terminal.read()
            if byte in (_C, _D):
                break
            source.append(byte)
            left -= 1
            if not left:
                self._terminal.write(b"\x01")
                left = _WINDOW
        self._terminal.write(b"\x04")
        if byte == _C:
            self._terminal.write(b"\x04" + _CANCELLED + b"\x04")
        else:
            self._interpreter.run(source, marks=b"\x04")


class Friendly:
    """The prompt for people."""

    def __init__(self, terminal, interpreter):
        self._terminal = terminal
        self._interpreter = interpreter

    def run(self):
        """Returns when the raw REPL is asked for."""
        self._banner()
        while True:
            self._terminal.write(b">>> ")
            line, end = self._line()
            if end == _A:
                self._terminal.write(b"\n")
                return
            if end == _B:
                self._terminal.write(b"\n")
                self._banner()
            elif end == _D:
                self._terminal.write(b"\n")
                self._interpreter.soft_reset()
            elif end == _E:
                self._paste()
            elif end != _C and line.strip():
                self._statement(line)

    def _banner(self):
        version = "MicroPython v%d.%d.%d" % sys.implementation.version[:3]
        self._terminal.write(("%s; %s\n" % (version, sys.implementation._machine)).encode())
        self._terminal.write(b'Type "help()" for more information.\n')

    def _statement(self, line):
        source = line
        if line.endswith(b":") or line.split()[0] in _COMPOUND:
            while line:
                self._terminal.write(b"... ")
                line, end = self._line()
                if end == _C:
                    return
                source += b"\n" + line
        self._interpreter.run(source + b"\n", kind="single")

    def _line(self):
        """What was typed, and what ended it: Enter, or a control key on an empty line."""
        line = bytearray()
        while True:
            byte = self._terminal.read()
            if byte in (10, 13, _C) or (not line and byte in (_A, _B, _D, _E)):
                if byte in (10, 13, _C):
                    self._terminal.write(b"\n")
                return bytes(line), byte
            if byte in (_BACKSPACE, _DELETE) and line:
                line = line[:-1]
                self._terminal.write(b"\b \b")
            elif byte >= 32:
                line.append(byte)
                self._terminal.write(bytes((byte,)))

    def _paste(self):
        self._terminal.write(b"\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\n=== ")
        source = bytearray()
        while True:
            byte = self._terminal.read()
            if byte in (_C, _D):
                break
            source.append(10 if byte == 13 else byte)
            self._terminal.write(b"\n=== " if byte == 13 else bytes((byte,)))
        self._terminal.write(b"\n")
        if byte == _D:
            self._interpreter.run(source)
