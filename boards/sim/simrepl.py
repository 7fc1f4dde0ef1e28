# The chip's UART0: boot.py, main.py and then the REPL, as ports/esp32/main.c has them.

import io
import sys

from simboard import descriptor, launcher, power_off, setting, state_path
from simprompt import Friendly, Raw

_SOFT_RESET = 5
_ROM = "ets Jul 29 2019 12:21:46\n\nrst:0x%x (%s),boot:0x13 (SPI_FAST_FLASH_BOOT)\n"


class Terminal:
    """The wire; the launcher puts the carriage returns in front of the line feeds."""

    def __init__(self):
        self._in, self._out = sys.stdin.buffer, sys.stdout.buffer
        self._state = descriptor("CONSOLE", "wb")

    def read(self):
        byte = self._in.read(1)
        if not byte:
            power_off()
        return byte[0]

    def write(self, data):
        self._out.write(data)

    def interrupt(self, on):
        """Whether Control-C interrupts the program or is a byte to read."""
        if self._state:
            self._state.write(b"1" if on else b"0")


class Mode:
    """Raw or friendly; a soft reset keeps it, as the chip's RAM does."""

    def __init__(self, kept):
        self._path = state_path("repl")
        self.raw = kept and self._read() == "raw"

    def set(self, raw):
        self.raw = raw
        with open(self._path, "w") as file:
            file.write("raw" if raw else "friendly")

    def _read(self):
        try:
            with open(self._path) as file:
                return file.read()
        except OSError:
            return ""


class Interpreter:
    """Runs code in the one name space that main.py and the REPL share."""

    def __init__(self, terminal):
        self._terminal = terminal
        self._scope = {"__name__": "__main__"}

    def run_file(self, name):
        """False when it ended with an exception; a file that is not there ends well."""
        try:
            with open(name, "rb") as file:
                source = file.read()
        except OSError:
            return True
        return self.run(source, name, "exec")

    def run(self, source, name="<stdin>", kind="exec", marks=b""):
        """`marks`: what goes out after the output and after the traceback."""
        try:
            error = self._execute(source, name, kind)
        except KeyboardInterrupt as interrupt:  # in the moment between the end and interrupt(False)
            error = interrupt
        self._terminal.interrupt(False)
        self._terminal.write(marks)
        if isinstance(error, SystemExit):
            self.soft_reset()
        if error:
            self._terminal.write(_traceback(error).encode())
        self._terminal.write(marks)
        return not error

    def soft_reset(self):
        """The program ends; the files and the mode stay."""
        launcher.restart(_SOFT_RESET)

    def _execute(self, source, name, kind):
        """What it ended with, or None."""
        self._terminal.interrupt(True)
        try:
            exec(compile(str(source, "utf-8"), name, kind), self._scope)
        except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - all are told
            return error
        return None


def run():
    """From the reset to the prompt, and on for ever."""
    cause = int(setting("CAUSE", "1"))
    terminal = Terminal()
    interpreter = Interpreter(terminal)
    mode = Mode(cause == _SOFT_RESET)
    if cause == _SOFT_RESET:
        terminal.write(b"MPY: soft reboot\n")
    else:
        names = {1: (1, "POWERON_RESET"), 4: (5, "DEEPSLEEP_RESET")}
        terminal.write((_ROM % names.get(cause, (12, "SW_CPU_RESET"))).encode())
    if interpreter.run_file("boot.py") and not mode.raw:
        interpreter.run_file("main.py")
    launcher.tell(b"prompt")
    while True:
        try:
            (Raw if mode.raw else Friendly)(terminal, interpreter).run()
            mode.set(not mode.raw)
        except KeyboardInterrupt:  # it came when the program had just ended
            pass


def _traceback(error):
    """As the chip prints it: without the lines of what plays the chip here."""
    text = io.StringIO()
    sys.print_exception(error, text)
    lines = text.getvalue().split("\n")
    return "\n".join(line for line in lines if '"simrepl"' not in line)
