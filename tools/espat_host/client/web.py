"""HTTP through a board: requests, bodies in both directions."""

from collections.abc import Iterator

from espat.pure import errors, reasons
from espat_host.client.faults import AtCommandError
from espat_host.client.http.answer import Answer
from espat_host.client.http.exchanges import Exchanges, OnHead, limit_of
from espat_host.client.http.headers import Headers, header_lines
from espat_host.client.http.sinks import Target
from espat_host.client.http.sources import Source, Upload
from espat_host.client.http_lines import DEFAULT_TIMEOUT, Request, method_of

MAX_SIZE = 64 * 1024 * 1024
NO_LENGTH = errors.EXEC_FAIL | reasons.NO_LENGTH


class Web(Exchanges):
    """The methods of a board that have to do with HTTP.

    All of them take `headers`, a mapping or pairs, and a `timeout`: for how many seconds the server
    may be silent, 0.001 to 180; on original ESP-AT only GET and size() can have another one than 5.
    `redirects`: how many are followed, 0 to 10; None: as the board is set, which is none where
    nobody has asked for any. They raise BadRequest before anything is sent, NotSupported where the
    firmware cannot do it, HttpStatusError for a status of 400 or more, AtCommandError for other
    failures, with ERR CODE's reason. Headers that were set with AT+HTTPCHEAD by hand are lost where
    these methods need it themselves: with long requests, and with headers for get(), stream() and
    size()."""

    def http(
        self,
        method: str,
        url: str,
        data: Source | None = None,
        *,
        json: object = None,
        length: int | None = None,
        headers: Headers | None = None,
        sink: Target = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_time: float | None = None,
        redirects: int | None = None,
        max_size: int = MAX_SIZE,
        on_head: OnHead | None = None,
    ) -> Answer:
        """A request with any method, PATCH or PROPFIND too; the parameters are those of get() and
        post(), and two more. `max_time`: how many seconds the board gives to all of it. `on_head`
        is called with the Head, before the first bytes of the body."""
        request = Request(
            method_of(method), url, header_lines(headers), None, timeout, redirects, max_time
        )
        no_data = data is None and json is None
        what = None if no_data else Upload(b"" if data is None else data, length, json)
        return self.carry_out(request, what, sink, max_size, on_head)

    def get(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        sink: Target = None,
        byte_range: tuple[int, int | None] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        redirects: int | None = None,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """GET. The body goes to `sink`: a function that takes bytes, a binary file, a path (which
        appears when all is there), or None: into the answer, up to `max_size` bytes.

        `byte_range`: the first byte and the last, or None for the end. A server may ignore it and
        send everything: then `status` is 200 and not 206, where the board tells it."""
        lines = _with_range(headers, byte_range)
        request = Request("GET", url, lines, None, timeout, redirects)
        return self.carry_out(request, None, sink, max_size)

    def stream(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        byte_range: tuple[int, int | None] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        redirects: int | None = None,
        pull: int | None = None,
    ) -> Iterator[bytes]:
        """GET, chunk by chunk: `for chunk in board.stream(url)`. When the loop is left early, the
        request is given up, see abandon(). One command runs at a time: use the board for something
        else only after the last chunk or after close().

        `pull`: each chunk, of at most so many bytes (1 to 2048), is asked for when the loop wants
        it. What nobody has asked for waits at the server, also without flow control."""
        lines = _with_range(headers, byte_range)
        request = Request("GET", url, lines, None, timeout, redirects, None, pull)
        with self.prepared(request) as line:
            body = self.poured if pull is None else self.pulled
            for chunk in body(line, request):
                with self.turn.with_the_caller():
                    yield chunk

    def head(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        redirects: int | None = None,
    ) -> Answer:
        """HEAD: an answer with headers. An HttpStatusError has them too."""
        request = Request("HEAD", url, header_lines(headers), None, timeout, redirects)
        return self.carry_out(request, None, lambda data: None, MAX_SIZE)

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
        redirects: int | None = None,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """POST of bytes, text, a Path, a binary file or pieces of bytes, which need a `length`; or
        of what `json` becomes as JSON. Without a header Content-Type it is application/json for
        that, application/x-www-form-urlencoded for all else. Raises UploadFault if there are more
        or fewer bytes than announced, OSError if they cannot be read."""
        request = Request("POST", url, header_lines(headers), None, timeout, redirects)
        return self.carry_out(request, Upload(data, length, json), sink, max_size)

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
        redirects: int | None = None,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """PUT; the same parameters as post()."""
        request = Request("PUT", url, header_lines(headers), None, timeout, redirects)
        return self.carry_out(request, Upload(data, length, json), sink, max_size)

    def delete(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        sink: Target = None,
        timeout: float = DEFAULT_TIMEOUT,
        redirects: int | None = None,
        max_size: int = MAX_SIZE,
    ) -> Answer:
        """DELETE, without a body; http() can have one."""
        request = Request("DELETE", url, header_lines(headers), None, timeout, redirects)
        return self.carry_out(request, None, sink, max_size)

    def size(
        self,
        url: str,
        *,
        headers: Headers | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        redirects: int | None = None,
    ) -> int | None:
        """The Content-Length that the server announces to a HEAD; None if it does not say."""
        request = Request("GET", url, header_lines(headers), None, timeout, redirects)
        with self.prepared(request) as line:
            line = line.replace(b"AT+HTTPCGET=", b"AT+HTTPGETSIZE=", 1)
            try:
                reply = self.command(line, timeout=limit_of(request))
            except AtCommandError as error:
                if error.code == NO_LENGTH:
                    return None
                raise
        told = int(self._must_match(rb"\+HTTPGETSIZE:(-?\d+)", "AT+HTTPGETSIZE", reply)[1])
        return told if told >= 0 else None


def _with_range(headers: Headers | None, wanted: tuple[int, int | None] | None) -> tuple[str, ...]:
    lines = header_lines(headers)
    if wanted is None:
        return lines
    first, last = wanted
    return (*lines, f"Range: bytes={first}-{'' if last is None else last}")
