# The serial line of the simulated board: the driver's buffers, and the pty that is its wire.
# Nothing on the way of a byte allocates: bytes move with readinto/write into buffers made once.
#
# DirectLine  as fast as both ends; the kernel polls; a full pty is RTS holding the host back.
# PolledLine  every poll and every call is the UART's interrupt: it moves what has had time to
#             travel. What finds rxbuf full is lost, as on the chip, unless RTS holds it back.

import select
import time

import micropython
from simboard import power_off
from simbuffer import Pace
from simsettings import HARDWARE_FIFO

_CHUNK = 1024


class Wire:
    """The pty. It fails only when the launcher has gone."""

    def __init__(self, file):
        self.file = file

    def readinto(self, buf, n=-1):
        """Bytes read, or None when there are none now."""
        try:
            return self.file.readinto(buf, n)
        except OSError:
            power_off()


class DirectLine:
    """Reads come straight from the pty, writes go straight to it while it takes them. `behind`:
    whether the driver has something left to send."""

    _direct = True

    def __init__(self, wire, tx, clock):
        self._wire = wire
        # The file's own: with more than eleven locals and values on its stack a function takes its
        # frame from the heap at each call. That the launcher has gone shows at the next read.
        self._read, self._write = wire.file.readinto, wire.file.write
        self._tx = tx
        self.behind = tx.count() > 0
        self._tx_clock = clock
        self._chunk = bytearray(_CHUNK)
        self._poll = select.poll()
        self._poll.register(wire.file, select.POLLIN)

    def readinto(self, buf, n):
        self.service()
        return self._wire.readinto(buf, n)

    def any(self):
        # 1 stands for "some": MicroPython's documentation allows it, and the kernel's count
        # cannot be had without taking the bytes away from a task that waits in poll().
        return len(self._poll.poll(0))

    def wait(self, ms):
        self._poll.poll(ms)

    def fileno(self):
        return self._wire.file.fileno()

    def poll(self, flags):
        ready = select.POLLIN if flags & select.POLLIN and self.any() else 0
        return ready | flags & select.POLLOUT  # machine_uart.c: there is always room to write

    def service(self):
        if self.behind:
            self._send()

    def write(self, buf, off, n):
        """Returns when the driver has taken everything: a full buffer blocks the whole VM."""
        if self.behind:
            self._send()
        done = 0
        if not self.behind:
            if self._direct:
                done = self._write(buf, off, n) or 0
                if done == n:
                    return
            self._tx_clock.idle()  # what it sends from here on begins now
        self._keep(buf, off + done, n - done)

    def _keep(self, buf, off, n):
        while True:
            taken = self._tx.put(buf, off, n)
            self.behind = self._tx.count() > 0
            if taken == n:
                return
            off += taken
            n -= taken
            time.sleep_us(100)
            self.service()

    def keep_fifo(self):
        """A reset loses the driver's buffer; esp_restart() waits for the FIFO to go out."""
        self._tx.keep_first(HARDWARE_FIFO)
        self.behind = self._tx.count() > 0

    def discard_input(self):
        while self._wire.readinto(self._chunk):
            pass

    def close(self):
        self._poll.unregister(self._wire.file)

    def _send(self):
        due = self._tx_clock.due()
        while due > 0 and self.behind:
            sent = self._tx.send(self._write, due)
            if not sent:
                self._tx_clock.idle()  # the host holds the line
                return
            self._tx_clock.spend(sent)
            due -= sent
            self.behind = self._tx.count() > 0
        if not self.behind:
            self._tx_clock.idle()


class PolledLine(DirectLine):
    """A line with a receive buffer of its own, moved by every poll and every call."""

    def __init__(self, wire, tx, tx_clock, rxbuf, rx_clock, hold):
        super().__init__(wire, tx, tx_clock)
        self._rx = micropython.RingIO(rxbuf)
        self._rx_size = rxbuf
        self._rx_clock = rx_clock
        self._hold = hold
        self._direct = not isinstance(tx_clock, Pace)

    def readinto(self, buf, n):
        self.service()
        return self._rx.readinto(buf, n) or None

    def any(self):
        self.service()
        return self._rx.any()

    def wait(self, ms):
        start = time.ticks_ms()
        while not self.any() and time.ticks_diff(time.ticks_ms(), start) < ms:
            time.sleep_us(200)

    def fileno(self):
        return -1

    def service(self):
        if self.behind:
            self._send()
        try:
            self._receive()
        except OSError:
            power_off()

    def discard_input(self):
        super().discard_input()
        while self._rx.readinto(self._chunk):
            pass
        self._rx_clock.idle()

    def _receive(self):
        due = self._rx_clock.due()
        if due <= 0:
            return
        room = self._rx_size - self._rx.any()
        got = self._pull(min(due, room) if self._hold else due)
        if got < due:
            self._rx_clock.idle()  # nothing more on the line, or RTS holds it
        else:
            self._rx_clock.spend(got)

    def _pull(self, want):
        got = 0
        while got < want:
            n = self._read(self._chunk, min(_CHUNK, want - got))
            if not n:
                break
            self._rx.write(self._chunk, 0, n)
            got += n
        return got


class LooseLine:
    """A UART that is wired to nothing (UART2), or only to the log (UART0, the REPL)."""

    behind = False

    def __init__(self, out=None):
        self._out = out

    def readinto(self, buf, n):
        return None

    def any(self):
        return 0

    def wait(self, ms):
        time.sleep_ms(ms)

    def fileno(self):
        return -1

    def poll(self, flags):
        return flags & select.POLLOUT

    def service(self):
        pass

    def write(self, buf, off, n):
        if self._out:
            self._out.write(buf, off, n)

    def keep_fifo(self):
        pass

    def discard_input(self):
        pass

    def close(self):
        pass
