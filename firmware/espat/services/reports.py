# What AT+HTTPREPORT asks for (wire.md 15.3), and the report that ends a request.

import time

STATUS, FIELDS, HOPS, END = 1, 2, 4, 8
ALL = STATUS | FIELDS | HOPS | END


async def tell_end(exchange, reports):
    """+HTTPEND of the request that ends, if the mask `reports` wants it."""
    if reports & END:
        body, ms = exchange.body, time.ticks_diff(time.ticks_ms(), exchange.begun_at)
        count = body.total - body.left if body else 0
        await exchange.reply.line(b"+HTTPEND:%d,%d" % (count, ms))
