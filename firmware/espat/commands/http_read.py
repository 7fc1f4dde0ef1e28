# AT+HTTPREAD: the body that waits at the server, piece by piece (wire.md 15.7).

import asyncio
import time

from espat.pure.errors import Failure
from espat.pure.reasons import ABORTED, NO_BODY
from espat.services.http_command import BUFFER, MOST_LENGTH
from espat.services.streaming import Collector, move

_END = 8  # of AT+HTTPREPORT


async def read(device, reply, args):
    exchange = device.exchange
    if args is None:
        if exchange.waiting is not None:
            await reply.line(b"+HTTPBODY:%d,%d,%d" % _progress(exchange))
        return
    args.count(1, 1)
    most = min(args.number(0, 1, MOST_LENGTH), BUFFER)
    if exchange.waiting is None:
        raise Failure(NO_BODY)
    device.chunks.begin(b"+HTTPREAD:", most)
    sink = Collector(device.chunks.scratch()[:most])
    try:
        await exchange.guarded(exchange.named(_collected(exchange, sink)), _left_ms(exchange))
        if exchange.body.done and not sink.any():
            await reply.line(b"+HTTPREAD:0,")
            await _end(device, reply)
            exchange.let_go()
    finally:
        exchange.inbound.close()
        count = sink.take()
        if count:
            device.chunks.fill(lambda buf, most: most, count)  # they are there already
            await device.chunks.flush()


def _progress(exchange):
    """(bytes that have been read, whether a read would find something now, bytes that are left or
    -1)."""
    conn, _, head = exchange.waiting
    body = exchange.body
    conn.restart_limit()
    there = body.done or conn.look()
    unknown = head.chunked or not body.framed
    return body.total - body.left, there, -1 if unknown else body.left


def _left_ms(exchange):
    """What is left of the time for the whole request; 0: there is no limit. Raises Failure."""
    whole = exchange.waiting[0].limits.whole
    left = whole - time.ticks_diff(time.ticks_ms(), exchange.begun_at)
    if whole and left <= 0:
        exchange.let_go()
        raise Failure(ABORTED)
    return whole and left


async def _collected(exchange, sink):
    """Read what is there, at least a byte, at most what the sink holds; nothing at the end. What
    goes wrong ends the body."""
    conn, body, whole = exchange.waiting[0], exchange.body, False
    try:
        exchange.inbound.open(conn)
        conn.restart_limit()
        await conn.named(_moved(body, exchange.inbound, sink))
        whole = True
    finally:
        if not whole:
            exchange.let_go()


async def _moved(body, inbound, sink):
    while not body.done and not sink.full:
        count = move(body, inbound, sink)
        if count == 0:
            body.hung_up()
        elif count is None:
            if sink.any():
                return
            while not inbound.look():
                await asyncio.sleep_ms(0)


async def _end(device, reply):
    if device.http.reports & _END:
        body, exchange = device.exchange.body, device.exchange
        ms = time.ticks_diff(time.ticks_ms(), exchange.begun_at)
        await reply.line(b"+HTTPEND:%d,%d" % (body.total - body.left, ms))


HANDLERS = {
    b"+HTTPREAD": read,
}
