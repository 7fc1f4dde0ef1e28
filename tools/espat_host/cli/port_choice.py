"""Which serial port a command means when nobody has named one."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from serial.tools import list_ports

from espat_host.cli.exit_codes import NO_BOARD, CommandFault
from espat_host.client.board import Board, BoardError
from espat_host.client.opening import CannotOpen

# A board that is there answers at once, or when it has started: a chip takes 2 to 4 s. This is what
# the other ports cost, all together.
PROBE_LIMIT = 4.0


def only_board(baud: int, *, rtscts: bool = False) -> str:
    """The only port of this PC on which a board answers. Raises CommandFault."""
    found = [(port.device, port.description) for port in sorted(list_ports.comports())]
    return choose(found, baud, rtscts=rtscts)


def choose(candidates: Iterable[tuple[str, str]], baud: int, *, rtscts: bool = False) -> str:
    """The one of (device, description) on which a board answers. Raises CommandFault with a
    sentence that lists them."""
    ports = list(candidates)
    with ThreadPoolExecutor(max(1, len(ports))) as threads:
        found = list(threads.map(lambda port: _Answer.at(port[0], baud, rtscts), ports))
    answering = [device for (device, _), one in zip(ports, found, strict=True) if one.answers]
    if len(answering) == 1:
        return answering[0]
    if answering:
        sentence = f"boards answer on {' and '.join(answering)}; name one with --port"
    elif ports:
        named = zip(ports, found, strict=True)
        names = ", ".join(f"{device} ({one.why or about})" for (device, about), one in named)
        sentence = f"no board answers at {baud} baud on {names}; name a port with --port, or a rate"
        sentence += " with --baud, or use --sim"
    else:
        sentence = "there is no serial port here; plug a board in, or use --sim"
    raise CommandFault(NO_BOARD, sentence)


@dataclass(frozen=True)
class _Answer:
    """What is at a port; `why`: why it could not be opened."""

    answers: bool = False
    why: str = ""

    @classmethod
    def at(cls, device: str, baud: int, rtscts: bool) -> "_Answer":
        """Whether somebody at this port answers AT commands."""
        try:
            with Board(device, baudrate=baud, rtscts=rtscts) as board:
                board.meet(PROBE_LIMIT)
                return cls(answers=True)
        except CannotOpen as error:
            return cls(why=error.reason)
        except BoardError:
            return cls()
