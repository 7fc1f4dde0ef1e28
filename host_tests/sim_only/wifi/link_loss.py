"""A board whose link is lost again and again, and every byte it writes taken apart.

What the firmware may write is known: messages, result codes, prompts, chunks whose bytes are
counted. Anything else, such as a report in the middle of a line, is a FaultySpeech.
"""

import random
import re
import select
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from espat_host.client.board import Board
from espat_host.sim import SimBoard

LIMIT = 60.0  # seconds; no command here may take longer, whatever happens to its link
READY = b"\r\nready\r\n"
TURN = 0.02  # seconds, while nothing comes
NO_WIFI = 0x010A700F
CHUNK = re.compile(
    rb"\+(?:HTTPCLIENT|HTTPCGET|HTTPCPOST|HTTPCPUT|HTTPREQ|FS_TO_HTTP_SERVER):(\d+),"
)
MESSAGE = re.compile(
    rb"(?P<report>WIFI (?:CONNECTED|GOT IP|DISCONNECT))\r\n"
    rb"|\r\nOK\r\n\r\n(?P<prompt>>)"
    rb"|\r\n(?P<result>OK|ERROR|SEND OK|SEND FAIL|SET OK|busy p\.\.\.)\r\n"
    rb"|ERR CODE:0x(?P<code>[0-9a-f]{8})\r\n"
    rb"|(?P<line>\+TIME_UPDATED|\+HTTPGETSIZE:\d+|\+CIPDOMAIN:\"[0-9.]+\"|\+PING:(?:\d+|TIMEOUT)"
    rb"|\+CWJAP:[1-4]|\+HTTPCLIENT:\d+, [!-~ ]+)\r\n"
    rb"|(?P<bare>\+SYSRAM:\d+,\d+)(?=\r\nOK)"  # the one here without a line end
)
LONGEST = 300  # bytes of a message
STEADY = 2048  # bytes between two looks at the memory
# Which report may follow which.
UP, DOWN = b"WIFI GOT IP", b"WIFI DISCONNECT"
AFTER = {b"WIFI CONNECTED": (DOWN,), UP: (b"WIFI CONNECTED",), DOWN: (b"WIFI CONNECTED", UP)}


class FaultySpeech(AssertionError):
    """The board wrote something that it must not write, or not then."""


@dataclass
class Heard:
    """What a board has said since the last command."""

    results: list[bytes] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    prompts: int = 0


class Ear:
    """Takes apart what a board writes. `link`: its last report; `losses`: how many it reported."""

    def __init__(self, link: bytes) -> None:
        self.link = link
        self.losses = 0
        self.heard = Heard()
        self.chunks = True
        self._rest = bytearray()
        self._last = b""

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        self._rest += data
        self._last = (self._last + data)[-2 * LONGEST :]
        while self._rest and self._step():
            pass

    def in_step(self) -> bool:
        """Whether all of it was whole messages."""
        return not self._rest

    def fault(self, what: str) -> FaultySpeech:
        return FaultySpeech(f"{what}: {bytes(self._rest[:80])!r}; heard at last: {self._last!r}")

    def _step(self) -> bool:
        chunk = self.chunks and CHUNK.match(self._rest)
        if chunk:
            return self._chunk(chunk.end(), int(chunk[1]))
        message = MESSAGE.match(self._rest)
        if message is None:
            if len(self._rest) > LONGEST or re.match(rb".+\r\n", self._rest):
                raise self.fault("no message of the firmware's")
            return False
        kind = str(message.lastgroup)
        text = message[kind]
        del self._rest[: message.end()]
        self._take(kind, text)
        return True

    def _chunk(self, start: int, size: int) -> bool:
        end = start + size
        if len(self._rest) < end + 2:
            return False
        if self._rest[end : end + 2] != b"\r\n":
            raise self.fault("a chunk without its end")
        self.heard.body += self._rest[start:end]
        del self._rest[: end + 2]
        return True

    def _take(self, kind: str, text: bytes) -> None:
        if kind == "report":
            if self.link not in AFTER[text]:
                raise self.fault(f"{text!r} after {self.link!r}")
            self.link = text
            self.losses += text == DOWN
        elif kind == "result":
            self.heard.results.append(text)
        elif kind == "prompt":
            self.heard.prompts += 1
        elif kind == "code":
            self.heard.codes.append(int(text, 16))
        else:
            self.heard.lines.append(text)


@dataclass
class Command:
    """A command, what follows its prompt, and what it may bring: `good` and `body` when it
    succeeds, one of `codes` when it does not. `body` None: what comes does not matter."""

    line: str
    good: bytes = b"OK"
    body: bytes | None = None
    data: tuple[bytes, ...] = ()
    codes: tuple[int, ...] = (NO_WIFI,)

    def over(self, heard: Heard) -> bool:
        """Whether the result is there, and is not the OK before a prompt."""
        if not heard.results:
            return False
        return not self.data or heard.prompts > 0 or heard.results[0] != b"OK"


class Endangered:
    """A simulated board whose access points come and go."""

    def __init__(self, sim: SimBoard, board: Board, world: dict[str, Any], seed: int) -> None:
        points = [point | {"delay": 0} for point in world["access_points"]]
        self._there = world | {"access_points": points, "scan_time": 0.01}
        self._gone = self._there | {"access_points": []}
        self._sim = sim
        self.board = board
        self.dice = random.Random(seed)
        self.ear = Ear(DOWN)
        self._loss = float("inf")  # when the next one is to be
        self._lost = self._back = True
        self._losses = 0
        self._return = 0.0  # when they come back; 0: when the loss is reported
        self.begin()

    def begin(self) -> None:
        """Join, after a start of the board."""
        self.ear = Ear(DOWN)
        self._lost = self._back = True
        self.bring_back()
        for line in ('CWJAP="espressif","1234567890"', "CWRECONNCFG=1,0", "SYSLOG=1"):
            assert self.ask("AT+" + line).results == [b"OK"], line

    def restart(self) -> bytes:
        """AT+RST, whatever is going on; returns what came before `ready`."""
        self.board.send_line("AT+RST")
        last = self.board.read_until(READY, LIMIT)
        self.board.synchronise()
        self.begin()
        return last

    def lose(self) -> None:
        self._sim.set_world(self._gone)

    def bring_back(self) -> None:
        self._sim.set_world(self._there)

    def ask(self, line: str) -> Heard:
        """A command without trouble."""
        return self.run(Command(line))

    def lose_during(self, command: Command, latest: float) -> Heard:
        """A command, with one loss at a random moment in the next `latest` seconds. Returns when
        the command is over and the link is back."""
        losses = self.ear.losses
        self._loss = time.monotonic() + self.dice.uniform(0, latest)
        self._lost = self._back = False
        heard = self.run(command)
        self.pump(lambda: self._back, "the report of the loss")
        self.heal()
        assert self.ear.losses == losses + 1, "one report for each loss"
        return heard

    def start(self, command: Command) -> Heard:
        """Send the command; what it brings appears in what this returns."""
        heard = self.ear.heard = Heard()
        # A HEAD's `+HTTPCLIENT:` are header lines.
        self.ear.chunks = not command.line.startswith("AT+HTTPCLIENT=1,")
        self.board.send_line(command.line)
        return heard

    def lose_soon(self, after: float, seconds: float) -> None:
        """The access points go in so many seconds, for so many, while something else runs."""
        self._loss = time.monotonic() + after
        self._return = self._loss + seconds
        self._lost = self._back = False

    def settle(self) -> None:
        """After lose_soon(): wait until they are back, and the link with them."""
        self.pump(lambda: self._back, "the end of the loss")
        self._return = 0.0
        self.heal()

    def heal(self) -> None:
        """Have the link back now, and not after the second of AT+CWRECONNCFG."""
        self.ask("AT+CWRECONNCFG=1,0,1")
        self.pump(lambda: self.ear.link == UP, "the link")

    def free_memory(self) -> int:
        (line,) = self.ask("AT+SYSRAM?").lines
        return int(line[len("+SYSRAM:") :].split(b",")[0])

    def run(self, command: Command) -> Heard:
        """A command, up to its result."""
        heard = self.start(command)
        pieces = deque(command.data)

        def over() -> bool:
            if heard.prompts and pieces:
                self.board.write(pieces.popleft())
            return command.over(heard)

        self.pump(over, f"the result of {command.line!r}")
        return heard

    def pump_for(self, seconds: float) -> None:
        """Let so much time pass."""
        end = time.monotonic() + seconds
        self.pump(lambda: time.monotonic() >= end, "time to pass")

    def pump(self, done: Callable[[], bool], what: str) -> None:
        """Let the time pass, with what is to happen in it."""
        deadline = time.monotonic() + LIMIT
        while not done():
            now = time.monotonic()
            if now > deadline:
                raise self.ear.fault(f"waited {LIMIT:g} s for {what}")
            if not self._lost and now >= self._loss:
                self._lost = True
                self._losses = self.ear.losses
                self.lose()
            seen = self.ear.losses > self._losses if self._return == 0 else now > self._return
            if self._lost and not self._back and seen:
                self._back = True
                self.bring_back()
            turn = TURN if self._lost else min(TURN, max(0.0, self._loss - now))
            select.select([self.board.fileno()], [], [], turn)
            self.ear.feed(self.board.discard())


def check(board: Endangered, command: Command, heard: Heard) -> bool:
    """Whether the command succeeded; that what came fits its one result."""
    where = f"{command.line!r}: {heard}"
    assert len(heard.results) == 1, where
    good = heard.results[0] == command.good
    if good:
        assert not heard.codes, where
        assert command.body in (None, bytes(heard.body)), where
    else:
        assert heard.results[0] in (b"ERROR", b"SEND FAIL"), where
        assert heard.codes, where
        assert set(heard.codes) <= set(command.codes), where
        assert command.body is None or command.body.startswith(bytes(heard.body)), where
    assert board.ear.in_step(), board.ear.fault("half a message")
    return good


def torment(
    board: Endangered,
    make: Callable[[], Command],
    plain: Command,
    losses: int,
    latest: float,
) -> int:
    """`losses` commands with a loss in each, and the plain one after each; returns how many came to
    a good end. Memory must stay where it was after the first few."""
    survived = 0
    memory: list[int] = []
    for number in range(losses):
        command = make()
        survived += check(board, command, board.lose_during(command, latest))
        assert check(board, plain, board.run(plain)), f"{plain.line} after {command.line}"
        if number >= losses // 5:
            memory.append(_free(board, plain, memory))
    assert max(memory) - min(memory) <= STEADY, memory
    return survived


def _free(board: Endangered, plain: Command, before: list[int]) -> int:
    """What differs from `before` is looked at once more: what the conservative collector may have
    seen for a moment is gone then, and code that was gone is there; what is lost is not."""
    free = board.free_memory()
    if any(abs(free - one) > STEADY for one in before):
        assert check(board, plain, board.run(plain))
        free = board.free_memory()
    return free
