"""Which serial port a command means when nobody has named one."""

from collections.abc import Iterable

from serial.tools import list_ports

from espat_host.board import Board, BoardError
from espat_host.exit_codes import NO_BOARD, CommandFault

# A board that is there answers ATE0 in milliseconds; this is what every other port costs.
PROBE_LIMIT = 1.5


def only_board(baud: int) -> str:
    """The only port of this PC on which a board answers. Raises CommandFault."""
    found = [(port.device, port.description) for port in sorted(list_ports.comports())]
    return choose(found, baud)


def choose(candidates: Iterable[tuple[str, str]], baud: int) -> str:
    """The one of (device, description) on which a board answers. Raises CommandFault with a
    sentence that lists them."""
    ports = list(candidates)
    answering = [device for device, _ in ports if answers(device, baud)]
    if len(answering) == 1:
        return answering[0]
    if answering:
        sentence = f"boards answer on {' and '.join(answering)}; name one with --port"
    elif ports:
        names = ", ".join(f"{device} ({about})" for device, about in ports)
        sentence = f"no board answers at {baud} baud on {names}; name a port with --port, or a rate"
        sentence += " with --baud, or use --sim"
    else:
        sentence = "there is no serial port here; plug a board in, or use --sim"
    raise CommandFault(NO_BOARD, sentence)


def answers(device: str, baud: int) -> bool:
    """Whether somebody at this port answers AT commands."""
    try:
        with Board(device, baudrate=baud) as board:
            board.synchronise(PROBE_LIMIT)
            return True
    except BoardError:
        return False
