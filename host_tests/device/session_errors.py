# A bug in a handler is shown with its traceback, answered ERROR, and leaves the port working;
# so is a handler that runs out of memory.

import asyncio

from espat.pure.table import Command
from espat.services.loader import Loader
from espat.services.message_filter import MessageFilter
from espat.session import Session


class Counted:
    missing = 0


class Port:
    """A port whose input is a script and whose output is kept."""

    def __init__(self, data):
        self.staging = bytearray(data)
        self.counted = Counted()
        self.out = b""

    async def write(self, buf, start=0, count=None):
        self.out += bytes(buf[start : start + (len(buf) if count is None else count)])


class Board:
    LINE_LIMIT = 64


class Device:
    def __init__(self, data, rows):
        self.board = Board
        self.port = Port(data)
        self.message_filter = MessageFilter(self.port)
        self.loader = Loader(rows, None, None, __name__, False)
        self.echo = False
        self.syslog = True


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


ROWS = [
    Command(b"+BUG", exec=bug),
    Command(b"+GREEDY", exec=greedy),
    Command(b"+LATE", exec=late),
    Command(b"+FINE", exec=fine),
]


async def say(lines):
    device = Device(lines, ROWS)
    await Session(device)._feed(len(lines))
    await asyncio.sleep_ms(10)
    return device.port.out


OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
out = asyncio.run(say(b"AT+BUG\r\nAT+FINE\r\nAT+GREEDY\r\nAT+LATE\r\nAT+FINE\r\n"))
wanted = [
    b"ERR CODE:0x010a0000\r\n" + ERROR,
    b"+FINE:1\r\n" + OK,
    b"+GREEDY:1\r\nERR CODE:0x010a700a\r\n" + ERROR,
    OK,
    b"+FINE:1\r\n" + OK,
]
assert out == b"".join(wanted), out
print("done")
