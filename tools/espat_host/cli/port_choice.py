"""Which serial port a command means when nobody has named one."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from serial.tools import list_ports

from espat_host.cli.exit_codes import NO_BOARD, CommandFault
from espat_host.client.board import Board, BoardError

# A board that is there answers at once, or when it has started: a chip takes 2 to 4 s. This is what
# the other ports cost, all together.
PROBE_LIMIT = 4.0


def only_board(baud: int) -> str:
    """The only port of this PC on which a board answers. Raises CommandFault."""
    found = [(port.device, port.description) for port in sorted(list_ports.comports())]
    return choose(found, baud)


def choose(candidates: Iterable[tuple[str, str]], baud: int) -> str:
    """The one of (device, description) on which a board answers. Raises CommandFault with a
    sentence that lists them."""
    ports = list(candidates)
    with ThreadPoolExecutor(max(1, len(ports))) as threads:
        found = threads.map(lambda port: answers(port[0], baud), ports)
    answering = [device for (device, _), yes in zip(ports, found, strict=True) if yes]
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
