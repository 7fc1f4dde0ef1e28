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
from espat_host.console.signals import cancelled_by_signals
from espat_host.console.waiting import waiting
from espat_host.dialogues.shown import verbosely
from espat_host.reference import completion

Function = TypeVar("Function", bound=Callable[..., Any])
# A board that has just started joins its network within this many seconds, or not.
JOINING = 20.0
BAUD, BAUD_RANGE = 115200, click.IntRange(80, 5_000_000)
# What a board needs that was left in the middle of an upload; others answer at once.
PATIENCE = 75.0
MOST_SSID, LEAST_PASSWORD, MOST_PASSWORD = 32, 8, 64


@dataclass(frozen=True)
class BoardOptions:
    """What the command line says about the board and its network."""

    port: str | None = None
    sim: bool = False
    baud: int = BAUD
    rtscts: bool = False
    patience: float = PATIENCE
    ssid: str | None = None
    password: str | None = None
    verbose: bool = False
    silent: bool = False

    @property
    def talks(self) -> bool:
        """Whether a person is told what is waited for."""
        return not (self.verbose or self.silent)

    def __post_init__(self) -> None:
        """Raises UsageError: what the command line says may not fit together."""
        if self.sim and self.port:
            raise click.UsageError("--sim and --port: the board is simulated or at a port")
        check_network(self.ssid, self.password)


def check_network(ssid: str | None, password: str | None) -> None:
    """Raise UsageError for what no network has (IEEE 802.11: 32 bytes, WPA: 8 to 63, or 64)."""
    if ssid is not None and not 1 <= len(ssid.encode()) <= MOST_SSID:
        raise click.UsageError(f"--ssid: the name of a network has 1 to {MOST_SSID} bytes")
    if password and not LEAST_PASSWORD <= len(password.encode()) <= MOST_PASSWORD:
        size = len(password.encode())
        raise click.UsageError(
            f"--password: a network's password has {LEAST_PASSWORD} to {MOST_PASSWORD} bytes, this "
            f"one has {size}; leave it out where the network is open"
        )


def board_options(function: Function) -> Function:
    """Adds the options; the command gets them as `options: BoardOptions`."""

    def command(**more: Any) -> Any:
        mine = {name: more.pop(name) for name in _NAMES}
        return function(options=BoardOptions(**mine), **more)

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    for decorate in reversed(_OPTIONS):
        command = decorate(command)
    return command  # type: ignore[return-value]


rtscts_option = click.option(
    "--rtscts", is_flag=True, help="Hardware flow control: the wires RTS and CTS are there."
)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--port",
        shell_complete=completion.ports,
        help="Serial port of the board; default: the only one that answers.",
    ),
    click.option("--sim", is_flag=True, help="Use a simulated board, with httpbin.org on this PC."),
    click.option(
        "--baud", type=BAUD_RANGE, default=BAUD, show_default=True, help="Rate of the port."
    ),
    rtscts_option,
    click.option(
        "--patience",
        type=click.FloatRange(0.1, 600),
        default=PATIENCE,
        show_default=True,
        help="Seconds until a silent board counts as none; left in an upload it is silent for 60.",
    ),
    click.option(
        "--ssid", envvar="ESPAT_SSID", show_envvar=True, help="Network to join, if not in it yet."
    ),
    click.option(
        "--password", envvar="ESPAT_PASSWORD", show_envvar=True, help="Its password.", default=None
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show the dialogue on stderr."),
)
_UNANSWERED = "waiting for {}; a board left in an upload needs a minute"
_NOBODY = (
    "`espat ports` tells what is there. Original ESP-AT that was left in the middle of an upload "
    "has to be reset"
)
_NAMES = ("port", "sim", "baud", "rtscts", "patience", "ssid", "password", "verbose")


@contextmanager
def opened(options: BoardOptions) -> Iterator[Board]:
    """The board, started. Raises CommandFault, and KeyboardInterrupt as long as there is none."""
    with ExitStack() as stack:
        port = options.port
        if options.sim:
            with waiting("starting a simulated board", shown=options.talks):
                port = stack.enter_context(simulated())
        with waiting("looking for a board", shown=options.talks):
            port = port or only_board(options.baud, rtscts=options.rtscts)
        board = stack.enter_context(_open(port, options))
        stack.enter_context(cancelled_by_signals(board))
        yield board


@contextmanager
def online(options: BoardOptions) -> Iterator[Board]:
    """The board in its network. Raises CommandFault, JoinError."""
    with opened(options) as board:
        enter_network(board, options)
        yield board


def enter_network(board: Board, options: BoardOptions, *, anew: bool = False) -> Status:
    """Join what the options say, unless the board is there already; `anew`: also then."""
    ssid, password = _network(options)
    with waiting(f"joining {ssid or 'its network'}", shown=options.talks):
        status = board.status()
        if not status.connected and ssid is None:
            status = _after_joining(board, status)
        if ssid is not None and (anew or not (status.connected and status.ssid == ssid)):
            board.join(ssid, password)
            status = board.status()
    return status


@contextmanager
def simulated() -> Iterator[str]:
    """The port of a simulated board, in the world of the dialogues. Raises CommandFault."""
    # They take a moment to import, and a real board does without.
    from espat_host.dialogues import repertoire
    from espat_host.local_world.servers import ServerError, Servers
    from espat_host.sim import SimBoard, SimError

    with ExitStack() as stack:
        try:
            servers = stack.enter_context(Servers())
            sim = stack.enter_context(SimBoard(world=repertoire.local_world(servers)))
        except (ServerError, SimError) as error:
            raise CommandFault(NO_BOARD, f"--sim: {error}") from error
        yield sim.port


def _open(port: str, options: BoardOptions) -> Board:
    try:
        board = Board(port, baudrate=options.baud, rtscts=options.rtscts)
    except PortLost as error:
        raise CommandFault(NO_BOARD, str(error)) from error
    if options.verbose:
        verbosely(board)
    started = False
    try:
        with waiting(_UNANSWERED.format(port), shown=options.talks):
            board.start(options.patience)
        started = True
    except NoAnswer as error:
        sentence = f"no board answers on {port} at {options.baud} baud; {_NOBODY}"
        raise CommandFault(NO_BOARD, sentence) from error
    finally:
        if not started:
            board.close()
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
