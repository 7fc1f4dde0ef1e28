# A write never waits for a host that holds the line: the serial port against the driver's transmit
# ring, which takes items whole, never wraps one, and gives their room back in order (esp-idf uart.c
# and ringbuf.c, RINGBUF_TYPE_NOSPLIT). What does not fit there blocks the whole VM: where no host
# can hold the line, for a moment at most, and the line is never idle.

import asyncio
import random
import time

import board
from espat.edges.buffers import Buffers
from espat.edges.memory import Memory
from espat.edges.serial import SerialPort
from espat.edges.transmitter import Transmitter

HEADERS = 32  # of the item that announces a write and of its data


class Ring:
    """The driver: `write` refuses what would have to wait."""

    def __init__(self, size):
        self.size = size
        self.items = []  # (start, length), the oldest first
        self.end = 0
        self.bytes = 0

    def write(self, buf, start, count):
        self._place(HEADERS)
        self._place(count)
        self.bytes += count
        return count

    def _place(self, length):
        first = self.items[0][0] if self.items else None
        if first is None or first < self.end:
            if self.end + length > self.size:
                self.end = 0
                assert length <= (self.size if first is None else first), "the VM would wait"
        else:
            assert self.end + length <= first, "the VM would wait"
        self.items.append((self.end, length))
        self.end += length

    def txdone(self):
        return not self.items

    def send(self):
        """The oldest item has left."""
        if self.items:
            self.items.pop(0)


class Line:
    """The driver at a rate, which takes `us` for a byte; a write waits as it does there."""

    def __init__(self, size, us):
        self.size, self.us = size, us
        self.until = time.ticks_us()
        self.bytes = self.longest = 0

    def write(self, buf, start, count):
        room = (self.size - count - HEADERS) * self.us
        self.longest = max(self.longest, self.ahead() - room)
        while self.ahead() > room:
            time.sleep_us(50)
        self.until = time.ticks_add(time.ticks_us(), self.ahead() + count * self.us)
        self.bytes += count

    def ahead(self):
        return max(0, time.ticks_diff(self.until, time.ticks_us()))

    def txdone(self):
        return self.ahead() == 0


async def load(port):
    """Write on, chunk by chunk; returns for how much of the time the line had to do."""
    line = Line(board.TXBUF, 10)
    out = Transmitter(line, board.TXBUF, port._lock)
    out.pace(1000000, 10, False)
    buf, begun = bytearray(2100), time.ticks_us()
    while line.bytes < 50000:
        count = random.choice((526, 2100))
        while not out.put(buf, 0, count):
            await asyncio.sleep_ms(out.pause(count))
    taken = time.ticks_diff(time.ticks_us(), begun) + line.ahead()
    assert line.longest <= 20000, line.longest
    return line.bytes * line.us / taken


async def main():
    port = SerialPort(board, Buffers(board, Memory()), Memory())
    ring = Ring(board.TXBUF)
    port._out = out = Transmitter(ring, board.TXBUF, port._lock)
    port.try_write, port.pause = out.put, out.pause
    random.seed(1)
    buf = bytearray(10300)
    wanted = refused = 0
    for turn in range(20000):
        count = random.choice((6, 100, 526, 526, 2064, 2064, 2082, random.randrange(1, 2144)))
        if port.try_write(buf, 0, count):
            wanted += count
        else:
            refused += 1
            assert port.pause(count) in (0, 1)
            ring.send()
            ring.send()
        if turn % 7 == 0:
            ring.send()
    assert refused > 1000
    assert ring.bytes == wanted > 1000000
    assert port.pause(len(buf)) is None
    while ring.items:
        ring.send()

    async def empty():
        while True:
            ring.send()
            await asyncio.sleep_ms(0)

    task = asyncio.create_task(empty())
    await port.write(buf)  # larger than the ring: in pieces
    assert ring.bytes == wanted + len(buf)
    task.cancel()
    for _ in range(20):  # a busy PC stops the program now and then
        if await load(port) > 0.9:
            break
    else:
        raise AssertionError("the line is idle between two writes")


asyncio.run(main())
print("done")
