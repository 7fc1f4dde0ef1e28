# A passthrough makes no garbage while it takes what the host sends, and the peer takes that, now
# all, now a part, now nothing; and passes through no heap while nothing comes. No byte is lost,
# doubled or out of order. And what ends it, and what does not, to the millisecond.

import asyncio
import time

import micropython

import espat.services.passthrough as module
from espat.services.passthrough import Passthrough

LOOKS = 300
SOURCE = bytes((7 * at + at // 251) & 0xFF for at in range(2048))


class Counted:
    missing = 0


class Port:
    def __init__(self):
        self.staging = bytearray(256)
        self.counted = Counted()


class Connection:
    """Takes as many bytes as are wanted, some of them, or none, in turns. `sent`: all of them
    were right so far."""

    def __init__(self):
        self.sent = self.tries = 0

    def push(self, buf, start, count):
        self.tries += 1
        if self.tries % 4 == 0:
            return None
        take = min(count, self.tries % 4 * 99)
        for at in range(take):
            assert buf[start + at] == SOURCE[self.sent % len(SOURCE)]
            self.sent += 1
        return take


class Link:
    kind, mode, number, serving = b"TCP", 0, 0, 0
    busy = ended = False

    def __init__(self):
        self.conn = Connection()


class Chunks:
    def __init__(self):
        self._buf = bytearray(2048)

    def memory(self):
        return memoryview(self._buf)


class Units:
    guest = None


class System:
    messages, gather_ms = 0, 0


class Filter:
    silent = False


class Device:
    def __init__(self):
        self.port, self.chunks, self.units, self.system = Port(), Chunks(), Units(), System()
        self.message_filter = Filter()


def of(device):
    return Passthrough(device, Link(), b"")


def finish(coroutine):
    """Run what does not wait."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


class Host:
    """Fills the port's buffer with what comes next, as long as there is room."""

    def __init__(self, device, passthrough):
        self._device = device
        self._passthrough = passthrough
        self.given = 0

    async def give(self, times):
        staging, passthrough = self._device.port.staging, self._passthrough
        for turn in range(times):
            count = 1 + turn % 256
            for at in range(count):
                staging[at] = SOURCE[(self.given + at) % len(SOURCE)]
            self.given += count
            putting = passthrough.put(staging, 0, count)  # the session's call
            micropython.heap_lock()
            try:
                await putting
                while passthrough._ring.any() > 600:
                    passthrough.push()
                passthrough._is_over()
            finally:
                micropython.heap_unlock()


def steady():
    device = Device()
    passthrough = of(device)
    host = Host(device, passthrough)
    finish(host.give(3000))
    while passthrough.push():
        pass
    assert passthrough._link.conn.sent == host.given, (passthrough._link.conn.sent, host.given)


def idle():
    passthrough = of(Device())
    before = micropython.mem_total()
    micropython.heap_lock()
    try:
        for _ in range(1000):
            passthrough.push()
            passthrough._is_over()
    finally:
        micropython.heap_unlock()
    assert micropython.mem_total() - before < 500


class Counting(Passthrough):
    """Ends after so many looks; idle() has measured the real ones."""

    looks = 0

    def _is_over(self):
        self.looks += 1
        return self.looks > LOOKS


async def taken(coroutine):
    """What it takes of the heap, in passing."""
    before = micropython.mem_total()
    await coroutine
    return micropython.mem_total() - before


async def nothing():
    pass


async def bare():
    for _ in range(LOOKS):
        await asyncio.sleep_ms(1)


async def loops():
    # A turn of the loop takes a frame: asyncio's, not ours.
    await bare()
    least = await taken(bare())
    most = await taken(Counting(Device(), Link(), b"").run(nothing))
    assert most < least + 1000, (least, most)


class Clock:
    """Of a PC that has time for nothing else."""

    now = 0

    def ticks_ms(self):
        return self.now

    def ticks_diff(self, later, earlier):
        return later - earlier


def outcome(*steps):
    """Whether it is over after these: bytes that come, or ms of silence; and what was data."""
    clock = module.time = Clock()
    passthrough = of(Device())
    over = False
    for step in steps:
        if isinstance(step, bytes):
            finish(passthrough.put(bytearray(step), 0, len(step)))
            continue
        for _ in range(step):
            clock.now += 1
            over = over or passthrough._is_over()
    return over, passthrough._ring.read()


for steps, over, data in (
    ((30, b"+++", 30), True, b""),
    ((30, b"+", 5, b"+", 15, b"+", 30), True, b""),
    ((30, b"+", b"++", 30), True, b""),
    ((b"x", 30, b"+++", 30), True, b"x"),
    ((b"+++", 30), False, b"+++"),
    ((5, b"+++", 30), False, b"+++"),
    ((b"x", 10, b"+++", 30), False, b"x+++"),
    ((30, b"+++", 10, b"x", 30), False, b"+++x"),
    ((30, b"+++", 10, b"+", 30), False, b"++++"),
    ((30, b"++", 30, b"+", 30), False, b"+++"),
    ((30, b"+", 30, b"++", 30), False, b"+++"),
    ((30, b"++", 30), False, b"++"),
    ((30, b"++++", 30), False, b"++++"),
    ((30, b"+++\r\n", 30), False, b"+++\r\n"),
    ((30, b"+++", 15, b"+++", 30), False, b"++++++"),
    ((30, b"++x", 30, b"+++", 30), True, b"++x"),
):
    assert outcome(*steps) == (over, data), steps
module.time = time

# The loop stood still for a second: that was no silence, because nobody looked.
late = of(Device())
late._looked = time.ticks_add(time.ticks_ms(), -1000)
assert not late._is_over()
assert late._silence <= 10
steady()
idle()
asyncio.run(loops())
print("done")
