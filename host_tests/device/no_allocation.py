# Steady work makes no garbage: each step runs once to warm up, then with the heap locked, where
# any allocation raises MemoryError. Nor does it pass through the heap: frames that a call takes
# and gives back are no garbage, but the threshold of the collector counts them.

import asyncio

import micropython

from espat.edges.buffers import CHUNK_END, CHUNK_HEADER, Buffers
from espat.edges.memory import Memory
from espat.edges.serial import CountedInput
from espat.edges.transmitter import Transmitter
from espat.pure.body import PlainBody
from espat.pure.lines import LineAssembler
from espat.pure.regex_syntax import compiled
from espat.services.chunks import ChunkWriter
from espat.services.filters import Filter
from espat.services.inbound import Inbound
from espat.services.message_filter import MessageFilter
from espat.services.streaming import stream


class Board:
    UPLOAD_BUFFER = 2048


class Port:
    """Takes every second chunk at once, and counts it; the others have to wait. `always`: all."""

    taken = tries = 0
    always = False

    def try_write(self, buf, start, count):
        self.tries += 1
        if self.tries % 2 and not self.always:
            return False
        self.taken += count
        return True

    def pause(self, count):
        return 0


class Server:
    """Always has more to send, but not at once. `always`: at once."""

    always = False

    def __init__(self):
        self.reads = self.looks = 0
        self._reader = self._read

    def reader(self, end_matters):
        return self._reader

    def _read(self, buf, count):
        self.reads += 1
        return count if self.reads % 5 or self.always else None

    def look(self):
        self.looks += 1
        return self.looks % 2 == 0

    def restart_limit(self):
        pass


async def locked(coroutine):
    """Await `coroutine` while nothing can be allocated."""
    micropython.heap_lock()
    try:
        await coroutine
    finally:
        micropython.heap_unlock()


async def in_place(coroutine):
    """Await `coroutine`, which takes next to nothing from the heap, not even for a while."""
    before = micropython.mem_total()
    await coroutine
    assert micropython.mem_total() - before < 2000, micropython.mem_total() - before


def transmitting():
    """A Transmitter whose driver is empty again whenever it looks."""

    class Driver:
        def write(self, buf, start, count):
            return count

        def txdone(self):
            return True

    chunk, lock = bytearray(2200), asyncio.Lock()
    transmitter = Transmitter(Driver(), 4352, lock)
    transmitter.pace(115200, 10, False)
    before = micropython.mem_total()
    for _ in range(1000):
        assert transmitter.put(chunk, 16, 2100)
    assert micropython.mem_total() - before < 500, micropython.mem_total() - before


async def line_assembly():
    assembler, line = LineAssembler(64), bytearray(b"AT+HTTPCLIENT=2,0\r")
    assembler.feed(line, 0, len(line))
    micropython.heap_lock()
    try:
        assembler.feed(line, 0, len(line))
    finally:
        micropython.heap_unlock()


async def counted_input(buffers):
    counted = CountedInput(Memory(), Board.UPLOAD_BUFFER)
    counted.expect(1000, 1000)
    await counted.put(buffers.staging, 0, 10)
    await locked(counted.put(buffers.staging, 0, 200))
    assert counted.missing == 790
    assert counted._held == 210


async def streaming(buffers, size, message_filter, frame):
    """`frame`: how many bytes go out with a chunk, beside its data."""
    port, inbound = Port(), Inbound(buffers.chunk, CHUNK_HEADER + CHUNK_END)
    chunks = ChunkWriter(port, buffers.chunk, message_filter, Memory())
    server = Server()
    inbound.open(server)
    chunks.begin(b"+HTTPCGET:", size)
    await stream(PlainBody(size), inbound, chunks)  # the header of a full chunk is in place now
    await locked(stream(PlainBody(10000 * size), inbound, chunks))
    # A turn of the loop takes a frame: asyncio's, not ours.
    port.always = server.always = True
    await in_place(stream(PlainBody(1000 * size), inbound, chunks))
    assert port.taken >= 11001 * (size + frame)


async def main():
    buffers = Buffers(Board, Memory())
    transmitting()
    await line_assembly()
    await counted_input(buffers)
    await streaming(buffers, 512, MessageFilter(None), len("+HTTPCGET:512,") + 2)
    await streaming(buffers, 2048, MessageFilter(None), len("+HTTPCGET:2048,") + 2)
    bare = MessageFilter(None)
    head, tail = b"^+HTTPCGET:[0-9]*,", b"\r\n$"
    bare.filters.append(Filter(head, tail, 0, (compiled(head), compiled(tail))))
    bare.on = True
    await streaming(buffers, 512, bare, 0)


asyncio.run(main())
print("done")
