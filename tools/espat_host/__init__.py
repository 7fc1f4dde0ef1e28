"""The PC side of espat: a client for AT ports, a simulated board, a local world, and a demo."""

from espat_host.client.board import (
    AtCommandError,
    BadRequest,
    Board,
    BoardError,
    BoardRestarted,
    HttpStatusError,
    JoinError,
    NoAnswer,
    PortLost,
)

__all__ = [
    "AtCommandError",
    "BadRequest",
    "Board",
    "BoardError",
    "BoardRestarted",
    "HttpStatusError",
    "JoinError",
    "NoAnswer",
    "PortLost",
]
