"""Original ESP-AT on a pty, as far as its documentation and public logs tell (docs/wire.md): its
bytes, not this firmware's. It echoes, refuses what it does not know, answers an empty line with
ERROR, and takes what comes after counted data for the next line.

    with EspAt({b"AT+CWMODE?": b"+CWMODE:1\\r\\n\\r\\nOK\\r\\n"}) as peer: ...
"""

import os
import re
import select
import threading
import tty
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from espat_host.sim.lifetime import Running

LIMIT = 60.0
OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PROMPT = b"\r\nOK\r\n\r\n>"
BUSY = b"\r\nbusy p...\r\n"


@dataclass(frozen=True)
class Taking:
    """Prompts for data, as many bytes as the command says, and then answers; the data is in
    EspAt.data."""

    answer: bytes
    prompt: bytes = PROMPT


# A sequence: one for each time the command comes, the last one for all others.
Answer = bytes | Taking | Callable[["EspAt"], None]
Script = Mapping[bytes, Answer | Sequence[Answer]]
# What a board says that is in a network.
JOINED: dict[bytes, Answer] = {
    b"AT+CWJAP?": b'+CWJAP:"espressif","aa:bb:cc:dd:ee:ff",6,-42,0,1,3,0,1\r\n' + OK,
    b"AT+CIPSTA?": b'+CIPSTA:ip:"10.0.0.2"\r\n+CIPSTA:gateway:"10.0.0.1"\r\n' + OK,
    b"AT+CIFSR": b'+CIFSR:STAIP,"10.0.0.2"\r\n' + OK,
}


class EspAt(Running):
    """Answers the lines of a script, longest match first: a key that ends in `=` or `,` is the
    begin of a line, any other the whole line. `syslog`: whether this version has AT+SYSLOG."""

    def __init__(self, script: Script, *, syslog: bool = True, echo: bool = True) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self.lines: list[bytes] = []
        self.data: list[bytes] = []
        self.mute = False
        self._script = {key: _turns(answers) for key, answers in script.items()}
        self._echo = echo
        self._syslog: bool | None = False if syslog else None
        self._input = bytearray()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, data: bytes) -> None:
        """Send bytes now."""
        if self.mute:
            return
        os.write(self._master, data)

    def pending(self) -> bool:
        """Whether the host has sent something."""
        return bool(select.select([self._master], [], [], 0)[0]) or self._stopping.is_set()

    def fail(self, code: int, result: bytes = ERROR) -> None:
        """What ends a command that fails."""
        self.say((b"ERR CODE:0x%08x\r\n" % code if self._syslog else b"") + result)

    def restart(self) -> None:
        """As by a watchdog: everything forgotten, echo on."""
        self._echo, self._syslog = True, None if self._syslog is None else False
        self.say(b"\r\nready\r\n")

    def vanish(self) -> None:
        """The plug is pulled; the host's side sees its port end."""
        self._stopping.set()
        self._thread.join(LIMIT)
        os.close(self._master)

    def stop(self) -> None:
        if not self._stopping.is_set():
            self.vanish()
        os.close(self._slave)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if self._receive() and b"\r\n" in self._input:
                line, _, rest = bytes(self._input).partition(b"\r\n")
                self._input[:] = rest
                self._obey(line)

    def _receive(self) -> bool:
        """Whether there is anything to look at."""
        if not self._input or b"\r\n" not in self._input:
            if not select.select([self._master], [], [], 0.05)[0]:
                return False
            self._input += os.read(self._master, 4096)
        return True

    def take(self, count: int) -> bytes:
        """Counted data."""
        while len(self._input) < count and not self._stopping.is_set():
            if select.select([self._master], [], [], 0.05)[0]:
                self._input += os.read(self._master, 4096)
        data = bytes(self._input[:count])
        del self._input[:count]
        self.data.append(data)
        return data

    def _obey(self, line: bytes) -> None:
        self.lines.append(line)
        if self._echo:
            self.say(line + b"\r\n")
        if line in self._script:
            self._act(line, self._find(line))
        elif line in (b"ATE0", b"ATE1"):
            self._echo = line == b"ATE1"
            self.say(OK)
        elif line == b"AT+SYSLOG=1" and self._syslog is not None:
            self._syslog = True
            self.say(OK)
        elif line == b"AT":
            self.say(OK)
        else:
            self._act(line, self._find(line))

    def _find(self, line: bytes) -> Answer | None:
        for key in sorted(self._script, key=len, reverse=True):
            if line == key or (key[-1:] in b"=," and line.startswith(key)):
                turns = self._script[key]
                return turns.pop(0) if len(turns) > 1 else turns[0]
        return None

    def _act(self, line: bytes, answer: Answer | None) -> None:
        if answer is None:
            self.fail(0x01030000 if not line.startswith(b"AT") else 0x01090000)
        elif isinstance(answer, bytes):
            self.say(answer)
        elif isinstance(answer, Taking):
            self.say(answer.prompt)
            self.take(_length(line))
            self.say(answer.answer)
        else:
            answer(self)


def _turns(answers: Answer | Sequence[Answer]) -> list[Answer]:
    """One answer for each time."""
    return list(answers) if isinstance(answers, (list, tuple)) else [answers]  # type: ignore[list-item]


def _length(line: bytes) -> int:
    """Which of a command's numbers tells how many bytes follow."""
    last = line.startswith((b"AT+SYSMFG=2,", b"AT+FS=", b"AT+SYSFLASH="))
    found = re.search(rb",(\d+)$" if last else rb'(?:=|",)(\d+)(?:,|$)', line)
    assert found is not None, line
    return int(found[1])
