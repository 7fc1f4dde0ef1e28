"""The options with which the commands find their board, and the board that they mean."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from espat_host.cli.exit_codes import NO_BOARD, NO_CONNECTION, CommandFault
from espat_host.cli.port_choice import only_board
from espat_host.client.board import Board, NoAnswer, PortLost
from espat_host.client.station import STATES, Status
from espat_host.console.signals import cancelled_by_signals, leave_on_signals
from espat_host.dialogues.shown import verbosely

Function = TypeVar("Function", bound=Callable[..., Any])
# A board that has just started joins its network within this many seconds, or not.
JOINING = 20.0
BAUD = 115200


@dataclass(frozen=True)
class BoardOptions:
    """What the command line says about the board and its network."""

    port: str | None = None
    sim: bool = False
    baud: int = BAUD
    ssid: str | None = None
    password: str | None = None
    verbose: bool = False


def board_options(function: Function) -> Function:
    """Adds the options; the command gets them as `options: BoardOptions`."""

    def command(
        port: str | None,
        sim: bool,
        baud: int,
        ssid: str | None,
        password: str | None,
        verbose: bool,
        **more: Any,
    ) -> Any:
        if sim and port:
            raise click.UsageError("--sim and --port: the board is simulated or at a port")
        return function(options=BoardOptions(port, sim, baud, ssid, password, verbose), **more)

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    for decorate in reversed(_OPTIONS):
        command = decorate(command)
    return command  # type: ignore[return-value]


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--port", help="Serial port of the board; default: the only one that answers."),
    click.option("--sim", is_flag=True, help="Use a simulated board, with httpbin.org on this PC."),
    click.option("--baud", type=click.IntRange(80, 5_000_000), default=BAUD, show_default=True),
    click.option(
        "--ssid", envvar="ESPAT_SSID", show_envvar=True, help="Network to join, if not in it yet."
    ),
    click.option(
        "--password", envvar="ESPAT_PASSWORD", show_envvar=True, help="Its password.", default=None
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show the dialogue on stderr."),
)


@contextmanager
def opened(options: BoardOptions) -> Iterator[Board]:
    """The board, started. Raises CommandFault, and KeyboardInterrupt as long as there is none."""
    leave_on_signals()
    with ExitStack() as stack:
        port = options.port
        if options.sim:
            port = stack.enter_context(simulated())
        port = port or only_board(options.baud)
        board = stack.enter_context(_open(port, options))
        stack.enter_context(cancelled_by_signals(board))
        yield board


@contextmanager
def online(options: BoardOptions) -> Iterator[Board]:
    """The board in its network. Raises CommandFault, JoinError."""
    with opened(options) as board:
        enter_network(board, options)
        yield board


def enter_network(board: Board, options: BoardOptions) -> Status:
    """Join what the options say, unless the board is there already."""
    ssid, password = _network(options)
    status = board.status()
    if not status.connected and ssid is None:
        status = _after_joining(board, status)
    if ssid is not None and not (status.connected and status.ssid == ssid):
        board.join(ssid, password)
        status = board.status()
    return status


@contextmanager
def simulated() -> Iterator[str]:
    """The port of a simulated board, in the world of the dialogues."""
    # They take a moment to import, and a real board does without.
    from espat_host.dialogues import repertoire
    from espat_host.local_world.servers import Servers
    from espat_host.sim import SimBoard

    with Servers() as servers, SimBoard(world=repertoire.local_world(servers)) as sim:
        yield sim.port


def _open(port: str, options: BoardOptions) -> Board:
    try:
        board = Board(port, baudrate=options.baud)
    except PortLost as error:
        raise CommandFault(NO_BOARD, str(error)) from error
    if options.verbose:
        verbosely(board)
    try:
        board.start()
    except NoAnswer as error:
        board.close()
        sentence = f"no board answers on {port} at {options.baud} baud"
        raise CommandFault(NO_BOARD, sentence) from error
    return board


def _network(options: BoardOptions) -> tuple[str | None, str]:
    if options.sim and options.ssid is None:
        from espat_host.dialogues.repertoire import ACCESS_POINT

        return ACCESS_POINT["ssid"], ACCESS_POINT["password"]
    return options.ssid, options.password or ""


def _after_joining(board: Board, status: Status) -> Status:
    """The status once a join that is under way has ended."""
    if status.state in (STATES[1], STATES[3]):
        with suppress(NoAnswer):
            return board.wait_connected(JOINING)
    sentence = "the board is in no network; give it one with --ssid and --password"
    raise CommandFault(NO_CONNECTION, sentence)
