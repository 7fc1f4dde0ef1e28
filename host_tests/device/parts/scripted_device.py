# A Device for a Session: its port's input is a script, its output is kept.

import sys

from espat.commands import catalogue
from espat.edges.memory import Memory
from espat.edges.serial import CountedInput
from espat.pure.errors import Failure
from espat.pure.reasons import ABORTED
from espat.services.message_filter import MessageFilter
from espat.services.units import Units


class Port:
    """`deaf`: nothing is taken from it."""

    def __init__(self, data):
        self.staging = bytearray(data)
        self.counted = CountedInput(Memory(), 2048)
        self.out = b""
        self.deaf = False

    def try_write(self, buf, start, count):
        return False

    async def write(self, buf, start=0, count=None):
        if self.deaf:
            raise Failure(ABORTED)
        self.out += bytes(buf[start : start + (len(buf) if count is None else count)])

    async def report(self, buf, start=0, count=None):
        if not self.deaf:
            await self.write(buf, start, count)


class Exchange:
    begun = False


class Board:
    LINE_LIMIT = 64


class Device:
    def __init__(self, data):
        self.board = Board
        self.port = Port(data)
        self.message_filter = MessageFilter(self.port)
        self.exchange = Exchange()
        self.units = Units(Memory())
        self.echo = self.syslog = self.busy = False
        self.restarted = False

    async def restart(self):
        self.restarted = True


class Family:
    pass


def family(letter, handlers):
    """The only one that there is."""
    Family.HANDLERS = (handlers,)
    sys.modules["espat.x"] = Family
    catalogue.LETTERS, catalogue.FAMILIES = letter.encode(), "x"
