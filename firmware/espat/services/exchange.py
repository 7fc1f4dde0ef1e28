# One HTTP exchange: connect, send, read the head, stream the body into a sink.
#
# Nothing keeps a whole body: bytes go from the connection into the sink's buffer and leave from
# it. Errors leave as Failure, whatever layer they come from.

import asyncio

from espat.edges.deadline import after
from espat.edges.resolver import is_address
from espat.pure.body import Incomplete, body_of
from espat.pure.errors import Failure
from espat.pure.head import Malformed, ResponseHead
from espat.pure.reasons import (
    ABORTED,
    CLOSED,
    CONNECT,
    CONNECT_TIMEOUT,
    HANDSHAKE_TIMEOUT,
    INCOMPLETE,
    LOOKUP,
    LOOKUP_TIMEOUT,
    MALFORMED,
    NO_MEMORY,
    NO_WIFI,
    READ_TIMEOUT,
    UNREACHABLE,
    WRITE_TIMEOUT,
)
from espat.pure.request import build, wants_close
from espat.services.streaming import stream
from espat.services.time_limit import within

_HEAD_MS = 60000  # a server that sends its head byte by byte is given up after this
# How it shows that the link was lost meanwhile, even if it is back by now.
_LOST_LINK = (
    CONNECT,
    LOOKUP,
    UNREACHABLE,
    CONNECT_TIMEOUT,
    CLOSED,
    READ_TIMEOUT,
    INCOMPLETE,
    WRITE_TIMEOUT,
    LOOKUP_TIMEOUT,
    HANDSHAKE_TIMEOUT,
)
# What the code for reports and redirects may take while it is loaded.
_JOURNEY = 4800


class Request:
    """What to ask for. `own` and `defaults`: lists of (key, value), see request.build.

    body: bytes that go with the head, or None. upload: an object with
    `async readinto(buf) -> count`, 0 at the end, and `length`, or None. identity: what TLS
    proves and checks, as in HttpSettings."""

    def __init__(self, method, url, own, defaults, identity, body=None, upload=None):
        self.method = method
        self.url = url
        self.own = own
        self.defaults = defaults
        self.body = body
        self.upload = upload
        self.identity = identity

    def message(self):
        """What to begin with, as byte strings: all but the upload."""
        length = None if self.upload is None else self.upload.length
        return build(self.method, self.url, self.own, self.defaults, self.body, length)


class Exchange:
    """Runs one request at a time over the device's network. `begun`: the command that is under way
    has come to its request; `aborted`: the host wants none of it; `reply`: its answer, None if
    nobody waits for one. `head` and `body`: of the last answer, or None. `waiting`: the connection,
    the Request and the head of a body that the host reads piece by piece, or None; `begun_at`: the
    tick at which its request began.

    http: the HttpSettings. units: the Units, for code that only some requests want."""

    def __init__(self, connections, inbound, memory, link, port, http, units):
        self._connections = connections
        self.inbound = inbound
        self._memory = memory
        self._link = link
        self._port = port
        self._http = http
        self._units = units
        self._task = self.reply = self.head = self.body = self.waiting = None
        self.begun = self.aborted = False
        self.begun_at = 0

    def need(self, url):
        """Raise Failure if there is no link to the origin of `url`; the access point's network
        knows no names."""
        self.begun = True
        link = self._at = self._link()
        if not link or (link < 0 and not is_address(url.host.decode())):
            raise Failure(NO_WIFI)

    async def run(self, request, limits, sink, on_field=None, on_head=None):
        """The status of the answer, its body in `sink`. `on_field(key, value)`, an async
        function, is told every field of the final head; `on_head(head)`, another one, gives the
        sink for the body that follows, or None, and then it is `waiting`. Raises Failure."""
        self.need(request.url)
        self.let_go()
        asking = self._asking(request, limits, sink, on_field, on_head)
        return await self.guarded(asking, limits.whole)

    async def guarded(self, work, ms):
        """Await `work`, for `ms` if that is not 0, as long as the host wants it. Raises Failure."""
        if self.aborted:
            raise Failure(ABORTED)
        self._task, self.begun = asyncio.current_task(), True
        try:
            return await within(self._port, ms, work)
        except Failure as failure:
            if failure.reason in _LOST_LINK and self._link() != self._at:
                raise Failure(NO_WIFI, "%#x" % failure.reason)
            raise
        finally:
            self._task = None
            if self.waiting is None:
                self.head = self.body = None

    def call_off(self):
        """End the request that runs, or is about to."""
        if self._task is not None and not self.aborted:
            self._task.cancel()
        self.aborted = True

    def _asking(self, *how):
        """The coroutine that does what run() is told, and what the host has asked for besides."""
        journey = self.prepare()
        return journey(self, self._http, *how).run() if journey else self.once(*how)

    def prepare(self):
        """Load what the requests that come want beyond ESP-AT, and return it; None if they want
        nothing. Raises Failure."""
        http = self._http
        if http.reports or http.redirects or http.pull:
            return self._units.beside("journey", _JOURNEY).Journey

    async def once(self, request, limits, sink, on_field, on_head):
        """run(), for one answer."""
        return await self.named(self._run(request, limits, sink, on_field, on_head))

    async def named(self, work):
        """Await `work`, which raises nothing but Failure then."""
        try:
            return await work
        except Malformed as error:
            raise Failure(MALFORMED, str(error))
        except Incomplete as error:
            raise Failure(INCOMPLETE, str(error))
        except MemoryError:
            self._connections.drop()
            raise Failure(NO_MEMORY)

    async def _run(self, request, limits, sink, on_field, on_head):
        self.body = None
        conn = await self._connections.send(request, limits, self.inbound)
        kept = False
        try:
            head = await self._answer(conn, request, sink, on_field)
            if on_head is not None:
                sink = await on_head(head)
            self.body = body_of(head, request.method)
            self.waiting = conn, request, head
            kept = sink is None
            if not kept:
                self._memory.collect_early(False)
                await conn.named(stream(self.body, self.inbound, sink))
        finally:
            self._memory.collect_early(True)
            if self.waiting is None:
                conn.close()
            if not kept:
                self.let_go()
            self.inbound.close()
        return head.status

    def let_go(self):
        """Have no body that waits; its connection is kept if all of it has been read."""
        if self.waiting is not None:
            conn, request, head = self.waiting
            self.waiting = None
            if self.body.done and self._may_keep(head, request):
                self._connections.keep(conn, request, head.keep_seconds)
            else:
                conn.close()

    def _may_keep(self, head, request):
        whole = request.upload is None or request.upload.finished
        if not whole or self.inbound.any() or wants_close(request.own):
            return False
        return head.keep_alive and self.body.framed

    async def _answer(self, conn, request, sink, on_field):
        deadline = after(_HEAD_MS)
        while True:
            broken = None
            if request.upload is not None:
                broken = await self._upload(conn, request.upload, sink)
                deadline = after(_HEAD_MS)
            try:
                head = await conn.named(self._head(deadline, on_field))
            except Failure as failure:
                raise broken or failure
            if head.status >= 200:
                return head

    async def _upload(self, conn, upload, sink):
        """Send the body until its end, or until the server answers or hangs up before that;
        returns the Failure in the last case, because an answer may have arrived all the same."""
        buf = sink.scratch()
        while not conn.answered():
            count = await upload.readinto(buf)
            if not count:
                return None
            try:
                await conn.write(buf, count)
            except Failure as failure:
                upload.finished = False
                return failure
        return None

    async def _head(self, deadline, on_field):
        self.head = head = ResponseHead()
        while not head.done:
            line = await self.inbound.line(deadline)
            field = head.feed(line, self.inbound.cut)
            if head.cut:
                print("a field is cut:", field[0])
            if field and on_field is not None and head.status >= 200:
                await on_field(*field)
        return head
