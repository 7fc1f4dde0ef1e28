"""A board that speaks AT on a serial port, this firmware or original ESP-AT, real or simulated.

    with Board.open("/dev/ttyUSB0") as board:
        board.join("network", "password")
        print(board.get("https://example.com/").body)

docs/library.md explains it. Board is made of floors: Port moves bytes, Dialogue commands and
answers, Hearing hears what comes unasked, Session makes failures exceptions; Station, System, Web
and Sockets are the board's own methods.
"""

from espat_host.client.dialogue import PROMPT, quoted
from espat_host.client.faults import (
    AtCommandError,
    BoardBusy,
    BoardClosed,
    BoardError,
    BoardInUse,
    BoardRestarted,
    BodyTooLarge,
    Cancelled,
    ConnectError,
    HttpStatusError,
    JoinError,
    LinkClosed,
    LinkError,
    LinkTimeout,
    NoAnswer,
    NoFreeLink,
    NotSupported,
    PortLost,
    UnexpectedBytes,
    UploadFault,
)
from espat_host.client.http.answer import Answer, Head, NoSuchBody
from espat_host.client.http_lines import BadRequest
from espat_host.client.links.link import Link
from espat_host.client.links.sockets import Sockets
from espat_host.client.station import AccessPoint, Addresses, Station, Status
from espat_host.client.system import System, Version
from espat_host.client.web import Web

__all__ = [
    "PROMPT",
    "AccessPoint",
    "Addresses",
    "Answer",
    "AtCommandError",
    "BadRequest",
    "Board",
    "BoardBusy",
    "BoardClosed",
    "BoardError",
    "BoardInUse",
    "BoardRestarted",
    "BodyTooLarge",
    "Cancelled",
    "ConnectError",
    "Head",
    "HttpStatusError",
    "JoinError",
    "Link",
    "LinkClosed",
    "LinkError",
    "LinkTimeout",
    "NoAnswer",
    "NoFreeLink",
    "NoSuchBody",
    "NotSupported",
    "PortLost",
    "Status",
    "UnexpectedBytes",
    "UploadFault",
    "Version",
    "quoted",
]


class Board(Station, System, Web, Sockets):
    """One board. Board(port) opens the port and sends nothing; Board.open(port) also brings it in
    step and has it tell why commands fail. Every method raises BoardError or one of its kinds."""
