"""One request on a board: what is set for it and put back, and what is told of its answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from espat.pure import errors
from espat_host.client.dialogue import Data
from espat_host.client.events import Event, Line
from espat_host.client.faults import AtCommandError, HttpStatusError, NotSupported
from espat_host.client.http.answer import Answer, Head
from espat_host.client.http.extensions import as_set, need_of, settings
from espat_host.client.http.sinks import Preview, Target, opened
from espat_host.client.http.sources import Upload
from espat_host.client.http_lines import DEFAULT_TIMEOUT, Plan, Request, plan
from espat_host.client.replies import Sink
from espat_host.client.secrets import without_user
from espat_host.client.session import Session
from espat_host.client.turn import alone

# Name lookup, connecting and the TLS handshake have limits of their own on the board, one after
# the other, and a head may take a minute. Only a board that is gone takes longer than their sum.
BOARD_LIMIT = 120.0
BODY_LIMIT = 10.0
_ANY_REASON = 0xFFFF

OnHead = Callable[[Head], object]


class Exchanges(Session):
    """The floor below the methods for HTTP."""

    _head: Head | None = None  # of the request under way
    _on_head: OnHead | None = None

    @alone
    def has_http_extensions(self) -> bool:
        """Whether the board has this firmware's commands beyond ESP-AT's: status and headers of
        every answer, redirects, any method, time limits, a body in pieces. It is asked once."""
        if self._extended is None:
            try:
                self.command(b"AT+HTTPREPORT?")
                self._extended = True
            except AtCommandError as error:
                if error.code is not None and error.code & ~_ANY_REASON == errors.EXEC_FAIL:
                    raise  # it has the command, and no memory for it now
                self._extended = False
        return self._extended

    def carry_out(
        self,
        request: Request,
        what: Upload | None,
        sink: Target,
        max_size: int,
        on_head: OnHead | None = None,
    ) -> Answer:
        """The request, with its body if it has one."""
        if what is None:
            return self._load(request, None, sink, max_size, on_head)
        lines = what.with_its_type(request.headers)
        with what.opened() as (pieces, size):
            request = replace(request, headers=lines, length=size)
            return self._load(request, pieces, sink, max_size, on_head)

    def noticed(self, event: Event) -> None:
        super().noticed(event)
        if self._head is None or not isinstance(event, Line):
            return
        if self._head.note(event.text) and self._on_head is not None:
            self._on_head(self._head)

    @contextmanager
    def prepared(self, request: Request, on_head: OnHead | None = None) -> Iterator[bytes]:
        """Ask for what is to be told, set URL and headers, and put all of it back. Raises
        BadRequest, NotSupported."""
        what, need = plan(request), need_of(request, on_head is not None)
        extended = self.has_http_extensions()
        if need is not None and not extended:
            raise NotSupported(need)
        undo: list[bytes] = []
        with self.kept_in_step(undo):
            for name, value in settings(request) if extended else ():
                self._set(name, value, undo)
            if request.pull is not None:
                undo.append(b"AT+HTTPABORT")  # or what is left of the body waits on
            self._send_ahead(what, undo)
            yield what.line

    def poured(self, line: bytes, request: Request) -> Iterator[bytes]:
        """The body of a prepared request, chunk by chunk as it comes."""
        exchange = self.launch(line, timeout=limit_of(request), silence=silence_of(request))
        yield from exchange
        self.outcome(line, exchange.reply)

    def pulled(self, line: bytes, request: Request) -> Iterator[bytes]:
        """The same, but each piece comes when it is asked for (wire.md 15.7)."""
        self.command(line, timeout=limit_of(request))
        read = b"AT+HTTPREAD=%d" % (request.pull or 0)
        while piece := self.command(read, timeout=limit_of(request)).body:
            yield piece

    def _set(self, name: bytes, value: bytes, undo: list[bytes]) -> None:
        """What one of the board's settings is to be; `undo` gets the line that puts it back."""
        query = b"AT+%s?" % name
        old = self._must_match(rb"\+%s:(.*)" % name, query, self.command(query))[1]
        if old != value:
            undo.append(b"AT+%s=%s" % (name, as_set(name, old)))
            self.command(b"AT+%s=%s" % (name, value))

    def _send_ahead(self, what: Plan, undo: list[bytes]) -> None:
        if what.url is not None:
            undo.append(b"AT+HTTPURLCFG=0")
            self.command(b"AT+HTTPURLCFG=%d" % len(what.url), what.url, length=len(what.url))
        if what.headers:
            undo.append(b"AT+HTTPCHEAD=0")
            self.command(b"AT+HTTPCHEAD=0")
        for header in what.headers:
            self.command(b"AT+HTTPCHEAD=%d" % len(header), header, length=len(header))

    def _load(
        self,
        request: Request,
        data: Data | None,
        sink: Target,
        max_size: int,
        on_head: OnHead | None,
    ) -> Answer:
        started = time.monotonic()
        with opened(sink, max_size) as (write, value):
            preview, head = Preview(write), Head()
            try:
                self._run(request, data, preview.write, head, on_head)
            except HttpStatusError as error:
                error.body, error.headers = bytes(preview.begin), head.headers
                raise
            seconds = time.monotonic() - started
            plain, _ = without_user(request.url)
            told = (head.headers, head.status, head.hops)
            return Answer(request.method, plain, preview.size, seconds, value(), *told)

    def _run(
        self,
        request: Request,
        data: Data | None,
        sink: Sink,
        head: Head,
        on_head: OnHead | None,
    ) -> None:
        with self.prepared(request, on_head) as line:
            self._head, self._on_head = head, on_head
            try:
                self.command(
                    line,
                    data if request.sends else None,
                    length=request.length,
                    timeout=limit_of(request),
                    silence=silence_of(request),
                    sink=sink,
                )
            finally:
                self._head = self._on_head = None


def limit_of(request: Request) -> float:
    """For how many seconds the board may be silent before the body."""
    return BOARD_LIMIT + 2 * request.timeout


def silence_of(request: Request) -> float:
    """In the middle of a body the board itself says when the server is silent for too long."""
    return BODY_LIMIT + max(request.timeout, DEFAULT_TIMEOUT)
