# A request of a host that wants more than ESP-AT tells and does: reports, and redirects that are
# followed (wire.md 15). This code comes when a request needs it.

import time

from espat.pure.errors import Failure
from espat.pure.reasons import BAD_REDIRECT, REDIRECTS
from espat.pure.redirect import target
from espat.pure.url import BadUrl

_STATUS, _FIELDS, _HOPS, _END = 1, 2, 4, 8  # the bits of AT+HTTPREPORT
_REDIRECTS = (301, 302, 303, 307, 308)
_EMPTY = (204, 304)
# What does not go to another origin, and what goes with no request that has lost its body.
_PRIVATE = (b"authorization", b"proxy-authorization", b"cookie", b"host")
_CONTENT = (b"content-",)
_PULLED = (b"+HTTPCLIENT", b"+HTTPCGET", b"+HTTPREQ")


class _Followed(Exception):
    pass


class Journey:
    """One request to its last answer, on `exchange`; http: the HttpSettings, the rest as for
    Exchange.run()."""

    def __init__(self, exchange, http, request, limits, sink, on_field, on_head):
        self._exchange = exchange
        self._http = http
        self._how = request, limits, sink, self._on_field, self._on_head
        self._tell_field, self._tell_head = on_field, on_head
        self._left = http.redirects
        reply = exchange.reply
        self._reports = http.reports if reply else 0
        self._pulls = http.pull and reply and reply.name in _PULLED
        if self._pulls:
            self._reports |= _STATUS
        exchange.begun_at = time.ticks_ms()

    async def run(self):
        """The status of the last answer. Raises Failure."""
        exchange = self._exchange
        inbound = exchange.inbound
        most = inbound.most
        if self._pulls:
            inbound.most = 1  # what stands in the buffer is lost with the next command
        try:
            while True:
                self._type, self._location = b"", None
                try:
                    return await exchange.once(*self._how)
                except _Followed:
                    pass
        finally:
            inbound.most = most
            if exchange.waiting is None:
                body, ms = exchange.body, time.ticks_diff(time.ticks_ms(), exchange.begun_at)
                count = body.total - body.left if body else 0
                await self._report(_END, b"+HTTPEND:%d,%d", (count, ms))

    async def _report(self, bit, form, values):
        if self._reports & bit:
            await self._exchange.reply.line(form % values)

    def _is_redirect(self):
        return self._http.redirects and self._exchange.head.status in _REDIRECTS

    async def _on_field(self, key, value):
        name = key.lower()
        if name == b"content-type":
            self._type = value
        elif name == b"location":
            self._location = value
        if self._is_redirect():
            return
        if self._tell_field is not None:
            await self._tell_field(key, value)
        line = len(key) + 2 + len(value), key, value
        await self._report(_FIELDS, b"+HTTPHEADER:%d,%s: %s", line)

    async def _on_head(self, head):
        if self._location is not None and self._is_redirect():
            await self._follow(head.status)
        length = head.length
        if length is None:
            length = 0 if head.status in _EMPTY else -1
        await self._report(_STATUS, b'+HTTPSTATUS:%d,%d,"%s"', (head.status, length, self._type))
        if self._reports:
            await self._exchange.reply.send(b"")
        if self._pulls:
            return None
        return self._how[2] if self._tell_head is None else await self._tell_head(head)

    async def _follow(self, status):
        """Make the request the one that follows, and raise _Followed; unless the host's data would
        have to come once more. Raises Failure."""
        request = self._how[0]
        # RFC 9110 15.4; of a POST with 301 and 302 every client makes a GET.
        emptied = status == 303 or (status < 303 and request.method == b"POST")
        if request.upload is not None and not emptied:
            return
        if not self._left:
            raise Failure(REDIRECTS)
        self._left -= 1
        old = request.url
        try:
            url = request.url = target(old, self._location)
        except BadUrl as error:
            raise Failure(BAD_REDIRECT, str(error))
        if old.tls and not url.tls and not self._http.downgrade:
            raise Failure(BAD_REDIRECT)
        home = (old.tls, old.host.lower(), old.port) == (url.tls, url.host.lower(), url.port)
        if home:
            url.credentials = old.credentials
        if emptied:
            request.defaults, request.body, request.upload = [], None, None
            if request.method != b"HEAD":
                request.method = b"GET"
        for one in (() if home else _PRIVATE) + (_CONTENT if emptied else ()):
            kept = [field for field in request.own if not field[0].lower().startswith(one)]
            request.own = kept
        place = status, b"s" if url.tls else b"", url.authority(), url.target
        await self._report(_HOPS, b'+HTTPREDIRECT:%d,"http%s://%s%s"', place)
        raise _Followed
