# A bug in a handler is shown with its traceback, answered ERROR, and leaves the port working;
# so is a handler that runs out of memory.

import asyncio

from scripted_device import Device, family

from espat.commands import catalogue
from espat.pure.errors import Failure
from espat.pure.reasons import NO_MEMORY
from espat.session import Session


async def bug(device, reply, args):
    return device.no_such_field


async def greedy(device, reply, args):
    await reply.line(b"+GREEDY:1")
    return bytearray(1 << 40)


async def late(device, reply, args):
    async def after():
        raise ValueError("after the result")

    reply.after = after


async def fine(device, reply, args):
    await reply.line(b"+FINE:1")


async def unlucky(device, reply, args):
    raise Failure(NO_MEMORY, Unprintable())


class Unprintable:
    """Even the log has no room for it."""

    def __str__(self):
        raise MemoryError


HANDLERS = {
    b"+BUG": bug,
    b"+GREEDY": greedy,
    b"+LATE": late,
    b"+FINE": fine,
    b"+UNLUCKY": unlucky,
}
catalogue.TABLE = b" +BUG:x! +GREEDY:x! +LATE:x! +FINE:x! +UNLUCKY:x! "
family("x", HANDLERS)


async def say(lines):
    device = Device(lines)
    device.syslog = True
    await Session(device)._feed(len(lines))
    await asyncio.sleep_ms(10)
    return device.port.out


OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
out = asyncio.run(say(b"AT+BUG\r\nAT+FINE\r\nAT+GREEDY\r\nAT+LATE\r\nAT+UNLUCKY\r\nAT+FINE\r\n"))
wanted = [
    b"ERR CODE:0x010a0000\r\n" + ERROR,
    b"+FINE:1\r\n" + OK,
    b"+GREEDY:1\r\nERR CODE:0x010a700a\r\n" + ERROR,
    OK,
    b"ERR CODE:0x010a700a\r\n" + ERROR,
    b"+FINE:1\r\n" + OK,
]
assert out == b"".join(wanted), out
print("done")
