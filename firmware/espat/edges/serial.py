# The AT port: one UART, one reader of it, whole messages out.

import asyncio

import machine
import micropython

from espat.edges import uart
from espat.edges.deadline import after, expired
from espat.edges.transmitter import Transmitter
from espat.pure.errors import Failure
from espat.pure.reasons import HOST_SILENT

_DRAIN_MS = 3000
_LEAST, _RING = 2048, 1024
_READS = 8  # without a turn of the loop
_GATHER_MS = 3
_IDLE_MS = 60000  # a host that stops in the middle of its data for so long is gone


class SerialPort:
    """Reads for the session, writes for everybody. `board` names UART, pins and sizes."""

    def __init__(self, board, buffers, memory):
        self.factory = (board.BAUD, 8, 1, 0, board.FLOW)  # see pure/uart_config.py
        self.driver = uart.made_for(board, board.RXBUF, board.TXBUF)
        self._reader = asyncio.StreamReader(self.driver)
        self._in_a_row = _READS
        self._lock = asyncio.Lock()  # a message goes out in pieces: the others wait
        self._out = Transmitter(self.driver, board.TXBUF, self._lock)
        # Write buf[start:start+count] now and whole, or return False and write nothing; then how
        # many ms to wait before the next try of `count` bytes, or None if only write() can do it.
        self.try_write, self.pause = self._out.put, self._out.pause
        self.staging = buffers.staging
        self.counted = CountedInput(memory, board.UPLOAD_BUFFER)

    async def read(self):
        """Wait for input; returns how many bytes lie in `staging`, 0 for a false alarm."""
        self._in_a_row -= 1
        if self._in_a_row:
            count = self.driver.readinto(self.staging)
            if count:
                return count
        self._in_a_row = _READS
        return await self._reader.readinto(self.staging) or 0

    async def write(self, buf, start=0, count=None):
        """Write a whole message; other messages wait until it is out of the way."""
        if count is None:
            count = len(buf)
        if self.try_write(buf, start, count):
            return
        async with self._lock:
            while count:
                piece = min(count, self._out.piece)
                while not self._out.put(buf, start, piece, True):
                    await asyncio.sleep_ms(self._out.pause(piece))
                start += piece
                count -= piece

    async def report(self, buf, start=0, count=None):
        """Write what no command waits for; dropped if the host takes nothing for a minute."""
        try:
            await self.write(buf, start, count)
        except Failure:
            print("is dropped:", bytes(buf[start:]) if count is None else count)

    async def between(self, function):
        """Call `function` when no message is out in part."""
        async with self._lock:
            function()

    async def drain(self, pause=2):
        """Wait until the last byte has left the chip, three seconds at most (as ESP-AT does)."""
        limit = after(_DRAIN_MS)
        while not self.driver.txdone() and not expired(limit):
            await asyncio.sleep_ms(pause)

    def restart(self):
        """Start the chip anew."""
        machine.reset()

    def close(self):
        """Give the UART and its pins back."""
        self.driver.deinit()

    def configure(self, config):
        """Change the settings; if the driver refuses, the board's own hold."""
        self.config, frame, held = uart.configure(self.driver, (config, self.factory))
        self._out.pace(self.config[0], frame, held)

    async def switch(self, config):
        """The same when everything has left the chip at the old settings."""
        async with self._lock:
            # A host may send at the new rate as soon as it has the last byte: no pause here.
            await self.drain(0)
            self.configure(config)


class CountedInput:
    """The bytes after a ">" prompt: a fixed number of them, through a buffer that is there for them
    only, of at most `most` bytes, and never less than _LEAST if there are so many. It is a chain of
    rings: so much is never free in one piece on a chip.

    The reader puts them in, the command takes them out; when the buffer is full the reader stops
    reading, and RTS stops the host."""

    def __init__(self, memory, most):
        self._memory = memory
        self._most = most
        self._rings = []
        self._into = self._from = 0  # the ring that is filled, the ring that is emptied
        self._held = self._size = 0  # bytes in the rings, of all rings
        self._taken = asyncio.Event()
        self._discard = False
        self.missing = 0  # bytes the host still owes

    def expect(self, count, most):
        """From now on the next `count` bytes of input belong to the command; `most`: of them in
        the buffer. Raises Failure."""
        wanted = min(count, most, self._most)
        self._rings = self._memory.chain(wanted, _LEAST, _RING, micropython.RingIO)
        self._size = min(wanted, len(self._rings) * _RING)
        self._into = self._from = self._held = 0
        self._discard = False
        self.missing = count

    async def put(self, buf, start, end):
        """Take what belongs to the command out of buf[start:end]; returns the index after it."""
        end = min(end, start + self.missing)
        while start < end:
            count = end - start
            if not self._discard:
                count = self._store(buf, start, count)
            start += count
            self.missing -= count
            if not count:
                self._taken.clear()
                await self._taken.wait()
        return end

    def _store(self, buf, start, count):
        """How many of these bytes found room."""
        stored = self._rings[self._into].write(buf, start, count) or 0
        following = (self._into + 1) % len(self._rings)
        if not stored and following != self._from:  # that one is empty, then
            self._into = following
            stored = self._rings[following].write(buf, start, count)
        self._held += stored
        return stored

    def any(self):
        """How many bytes lie there."""
        return self._held

    async def fill(self):
        """Wait until the buffer is full, or all that are owed lie in it."""
        while self._held < self._size and self.missing:
            await self._wait()

    async def readinto(self, buf):
        """Read what is there, at least one byte; 0 at the end of the counted bytes. It waits for a
        moment in which more may come: few large pieces cost less than many small ones."""
        while not self._held:
            if not self.missing:
                return 0
            await self._wait()
        if self.missing and self._held < min(len(buf), _RING):
            await asyncio.sleep_ms(_GATHER_MS)
        if not self._rings[self._from].any():
            self._from = (self._from + 1) % len(self._rings)
        count = self._rings[self._from].readinto(buf)
        self._held -= count
        self._taken.set()
        return count

    def over(self):
        """Whether all of them have come and are taken."""
        return not (self.missing or self._held)

    async def swallow(self, idle_ms=_IDLE_MS):
        """Drop what is left of the counted bytes, so that none is taken for a command. Raises
        Failure when the host has been silent for so long: then they are not awaited any more."""
        self._discard = True
        self._taken.set()
        self._rings = []
        while self.missing:
            await self._wait(idle_ms)

    async def _wait(self, idle_ms=_IDLE_MS):
        """Until more has come. The looks make no garbage; asyncio.wait_for_ms() makes a task."""
        missing, limit = self.missing, after(idle_ms)
        while self.missing == missing:
            if expired(limit):
                self.missing = 0
                raise Failure(HOST_SILENT, missing)
            await asyncio.sleep_ms(1)
