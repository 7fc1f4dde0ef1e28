"""HTTP through a board: requests, bodies in both directions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from espat.pure import errors, reasons
from espat_host.client.dialogue import Data
from espat_host.client.faults import AtCommandError, HttpStatusError
from espat_host.client.http.answer import Answer, fields
from espat_host.client.http.headers import Headers, header_lines
from espat_host.client.http.sinks import Preview, Sink, Target, opened
from espat_host.client.http.sources import Source, Upload
from espat_host.client.http_lines import DEFAULT_TIMEOUT, Plan, Request, plan
from espat_host.client.replies import Reply
from espat_host.client.secrets import without_user
from espat_host.client.session import Session

# Name lookup, connecting and the TLS handshake have limits of their own on the board, one after
# the other, and a head may take a minute. Only a board that is gone takes longer than their sum.
BOARD_LIMIT = 120.0
BODY_LIMIT = 10.0
MAX_SIZE = 64 * 1024 * 1024
NO_LENGTH = errors.EXEC_FAIL | reasons.NO_LENGTH


class Web(Session):
    """The methods of a board that have to do with HTTP.

    All of them take `headers`, a mapping or pairs, and a `timeout`: for how many seconds the server
    may be silent, 0.001 to 180. Only GET and size() can have another one than ESP-AT's 5 seconds.
    They raise BadRequest before anything is sent, HttpStatusError for a status of 400 or more,
    AtCommandError for other failures, with ERR CODE's reason. Headers that were set with
    AT+HTTPCHEAD by hand are lost where these methods need it themselves: with long requests, and
    with headers for get(), stream() and size()."""

    def get(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        sink: Target = None,
        byte_range: tuple[int, int | None] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """GET. The body goes to `sink`: a function that takes bytes, a binary file, a path (which
        appears when all is there), or None: into the answer, up to `max_size` bytes.

        `byte_range`: the first byte and the last, or None for the end. A server may ignore it and
        send everything; the sizes tell, see docs/library.md."""
        request = Request("GET", url, _with_range(headers, byte_range), None, timeout)
        return self._load(request, None, sink, max_size)

    def stream(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        byte_range: tuple[int, int | None] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> Iterator[bytes]:
        """GET, chunk by chunk: `for chunk in board.stream(url)`. When the loop is left early, the
        rest is read and dropped, see abandon(). One command runs at a time: use the board for
        something else only after the last chunk or after close()."""
        request = Request("GET", url, _with_range(headers, byte_range), None, timeout)
        with self._prepared(plan(request)) as line:
            exchange = self.launch(line, timeout=_limit(request), silence=_silence(request))
            for chunk in exchange:
                with self.turn.with_the_caller():
                    yield chunk
            self.outcome(line, exchange.reply)

    def head(
        self, url: str, *, headers: Headers | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> Answer:
        """HEAD: an answer with headers. An HttpStatusError has them too."""
        request = Request("HEAD", url, header_lines(headers), None, timeout)
        started = time.monotonic()
        try:
            reply = self._run(request, None, lambda data: None)
        except HttpStatusError as error:
            error.headers = fields(error.lines)
            raise
        plain, _ = without_user(url)
        return Answer("HEAD", plain, 0, time.monotonic() - started, b"", fields(reply.lines))

    def post(
        self,
        url: str,
        data: Source = b"",
        *,
        json: object = None,
        length: int | None = None,
        headers: Headers | None = None,
        sink: Target = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """POST of bytes, text, a Path, a binary file or pieces of bytes, which need a `length`; or
        of what `json` becomes as JSON. Without a header Content-Type it is application/json for
        that, application/x-www-form-urlencoded for all else. Raises UploadFault if there are more
        or fewer bytes than announced, OSError if they cannot be read."""
        what = Upload(data, length, json)
        return self._upload("POST", url, what, headers, sink, timeout, max_size)

    def put(
        self,
        url: str,
        data: Source = b"",
        *,
        json: object = None,
        length: int | None = None,
        headers: Headers | None = None,
        sink: Target = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """PUT; the same parameters as post()."""
        what = Upload(data, length, json)
        return self._upload("PUT", url, what, headers, sink, timeout, max_size)

    def delete(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        sink: Target = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """DELETE, without a body."""
        request = Request("DELETE", url, header_lines(headers), None, timeout)
        return self._load(request, None, sink, max_size)

    def size(
        self, url: str, *, headers: Headers | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> int | None:
        """The Content-Length that the server announces to a HEAD; None if it does not say."""
        request = Request("GET", url, header_lines(headers), None, timeout)
        with self._prepared(plan(request)) as line:
            line = line.replace(b"AT+HTTPCGET=", b"AT+HTTPGETSIZE=", 1)
            try:
                reply = self.command(line, timeout=_limit(request))
            except AtCommandError as error:
                if error.code == NO_LENGTH:
                    return None
                raise
        told = int(self._must_match(rb"\+HTTPGETSIZE:(-?\d+)", "AT+HTTPGETSIZE", reply)[1])
        return told if told >= 0 else None

    def _upload(
        self,
        method: str,
        url: str,
        what: Upload,
        headers: Headers | None,
        sink: Target,
        timeout: float,
        max_size: int,
    ) -> Answer:
        lines = what.with_its_type(header_lines(headers))
        with what.opened() as (pieces, size):
            request = Request(method, url, lines, size, timeout)
            return self._load(request, pieces if size else None, sink, max_size)

    def _load(self, request: Request, data: Data | None, sink: Target, max_size: int) -> Answer:
        started = time.monotonic()
        with opened(sink, max_size) as (write, value):
            preview = Preview(write)
            try:
                self._run(request, data, preview.write)
            except HttpStatusError as error:
                error.body = bytes(preview.begin)
                raise
            seconds = time.monotonic() - started
            plain, _ = without_user(request.url)
            return Answer(request.method, plain, preview.size, seconds, value())

    def _run(self, request: Request, data: Data | None, sink: Sink) -> Reply:
        with self._prepared(plan(request)) as line:
            return self.command(
                line,
                data,
                length=request.length,
                timeout=_limit(request),
                silence=_silence(request),
                sink=sink,
            )

    @contextmanager
    def _prepared(self, what: Plan) -> Iterator[bytes]:
        """Set URL and headers, and unset them."""
        undo: list[bytes] = []
        with self.kept_in_step(undo):
            if what.url is not None:
                undo.append(b"AT+HTTPURLCFG=0")
                self.command(b"AT+HTTPURLCFG=%d" % len(what.url), what.url, length=len(what.url))
            if what.headers:
                undo.append(b"AT+HTTPCHEAD=0")
                self.command(b"AT+HTTPCHEAD=0")
            for header in what.headers:
                self.command(b"AT+HTTPCHEAD=%d" % len(header), header, length=len(header))
            yield what.line


def _limit(request: Request) -> float:
    return BOARD_LIMIT + 2 * request.timeout


def _silence(request: Request) -> float:
    """In the middle of a body the board itself says when the server is silent for too long."""
    return BODY_LIMIT + max(request.timeout, DEFAULT_TIMEOUT)


def _with_range(headers: Headers | None, wanted: tuple[int, int | None] | None) -> tuple[str, ...]:
    lines = header_lines(headers)
    if wanted is None:
        return lines
    first, last = wanted
    return (*lines, f"Range: bytes={first}-{'' if last is None else last}")
