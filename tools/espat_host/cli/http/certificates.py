"""The certificates of the command line on the board, for one request."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from espat_host.cli.http.report import HttpOptions
from espat_host.cli.options import BoardOptions
from espat_host.client.board import Board, BoardError
from espat_host.console.waiting import waiting


@contextmanager
def certificates(board: Board, asked: HttpOptions, where: BoardOptions) -> Iterator[None]:
    """The certificates of the command line, for this request only."""
    if not (asked.ca or asked.cert):
        yield
        return
    with waiting("putting the certificates on the board", shown=where.talks):
        board.set_time()
        board.load_certificates(ca=asked.ca, cert=asked.cert, key=asked.key)
    try:
        yield
    finally:
        if board.in_step:
            with suppress(BoardError):
                board.forget_certificates()
