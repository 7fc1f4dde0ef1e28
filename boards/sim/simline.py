# The serial line of the simulated board: the driver's buffers, and the pty that is its wire.
# Nothing on the way of a byte allocates: bytes move with readinto/write into buffers made once.
#
# DirectLine  as fast as both ends; the kernel polls; a full pty is RTS holding the host back.
# PolledLine  every poll and every call is the UART's interrupt: it moves what has had time to
#             travel. What finds rxbuf full is lost, as on the chip, unless RTS holds it back.

import select
import time

import micropython

HARDWARE_FIFO = 128  # bytes of the ESP32's transmit FIFO, behind the driver's buffer
_FREE = 65536
_CHUNK = 1024


class TransmitBuffer:
    """The driver's ring and the FIFO behind it. What is on its way to the pty is in `out`."""

    def __init__(self, size):
        self._ring = micropython.RingIO(size)
        self._out = bytearray(_CHUNK)
        self._start = self._end = 0

    def count(self):
        return self._ring.any() + self._end - self._start

    def put(self, buf, off, n):
        """Take at most n bytes of buf from off on; returns how many fitted."""
        return self._ring.write(buf, off, n) or 0

    def send(self, file, n):
        """Give at most n bytes to the file; returns how many it took."""
        if self._start == self._end:
            self._start = 0
            self._end = self._ring.readinto(self._out, min(n, _CHUNK)) or 0
        taken = file.write(self._out, self._start, min(n, self._end - self._start)) or 0
        self._start += taken
        return taken

    def keep_first(self, n):
        """Forget what a reset loses: all but the n bytes that are sent next."""
        n = max(0, n - (self._end - self._start))
        kept = self._ring.read(min(n, self._ring.any()))
        while self._ring.read(_CHUNK):
            pass
        self._ring.write(kept or b"")


class Free:
    """The clock of a line that is not paced: there is always time."""

    def due(self):
        return _FREE

    def spend(self, n):
        pass

    def idle(self):
        pass


class Pace:
    """How many bytes a line has had time for. Idle time is not banked."""

    def __init__(self, byte_ns):
        self._byte_ns = byte_ns
        self.idle()

    def due(self):
        return (time.ticks_us() * 1000 - self._accounted) // self._byte_ns

    def spend(self, n):
        self._accounted += n * self._byte_ns

    def idle(self):
        self._accounted = time.ticks_us() * 1000


class DirectLine:
    """Reads come straight from the pty, writes go straight to it while it takes them."""

    def __init__(self, file, txbuf, clock):
        self._file = file
        self._tx = TransmitBuffer(txbuf + HARDWARE_FIFO)
        self._tx_clock = clock
        self._chunk = bytearray(_CHUNK)
        self._poll = select.poll()
        self._poll.register(file, select.POLLIN)

    def readinto(self, buf, n):
        self.service()
        return self._file.readinto(buf, n)

    def any(self):
        # 1 stands for "some": MicroPython's documentation allows it, and the kernel's count
        # cannot be had without taking the bytes away from a task that waits in poll().
        return len(self._poll.poll(0))

    def wait(self, ms):
        self._poll.poll(ms)

    def fileno(self):
        return self._file.fileno()

    def poll(self, flags):
        ready = select.POLLIN if flags & select.POLLIN and self.any() else 0
        return ready | flags & select.POLLOUT  # machine_uart.c: there is always room to write

    def pending(self):
        return self._tx.count()

    def service(self):
        if self._tx.count():
            self._send()

    def write(self, buf, off, n):
        """Returns when the driver has taken everything: a full buffer blocks the whole VM."""
        self.service()
        done = self._send_now(buf, off, n)
        while True:
            done += self._tx.put(buf, off + done, n - done)
            if done == n:
                return n
            time.sleep_us(100)
            self.service()

    def keep_fifo(self):
        """A reset loses the driver's buffer; esp_restart() waits for the FIFO to go out."""
        self._tx.keep_first(HARDWARE_FIFO)

    def discard_input(self):
        while self._file.readinto(self._chunk):
            pass

    def close(self):
        self._poll.unregister(self._file)

    def _send_now(self, buf, off, n):
        return 0 if self._tx.count() else self._file.write(buf, off, n) or 0

    def _send(self):
        due = self._tx_clock.due()
        while due > 0 and self._tx.count():
            sent = self._tx.send(self._file, due)
            if not sent:
                self._tx_clock.idle()  # the host holds the line
                return
            self._tx_clock.spend(sent)
            due -= sent
        if not self._tx.count():
            self._tx_clock.idle()


class PolledLine(DirectLine):
    """A line with a receive buffer of its own, moved by every poll and every call."""

    def __init__(self, file, txbuf, tx_clock, rxbuf, rx_clock, hold):
        super().__init__(file, txbuf, tx_clock)
        self._rx = micropython.RingIO(rxbuf)
        self._rx_size = rxbuf
        self._rx_clock = rx_clock
        self._hold = hold
        self._paced = isinstance(tx_clock, Pace)

    def readinto(self, buf, n):
        self.service()
        return self._rx.readinto(buf, n)

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
        if self._tx.count():
            self._send()
        self._receive()

    def discard_input(self):
        super().discard_input()
        while self._rx.readinto(self._chunk):
            pass
        self._rx_clock.idle()

    def _send_now(self, buf, off, n):
        if not self._paced:
            return super()._send_now(buf, off, n)
        if not self._tx.count():
            self._tx_clock.idle()
        return 0

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
            n = self._file.readinto(self._chunk, min(_CHUNK, want - got))
            if not n:
                break
            self._rx.write(self._chunk, 0, n)
            got += n
        return got


class LooseLine:
    """A UART that is wired to nothing (UART2), or only to the log (UART0, the REPL)."""

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

    def pending(self):
        return 0

    def service(self):
        pass

    def write(self, buf, off, n):
        if self._out:
            self._out.write(buf, off, n)
        return n

    def keep_fifo(self):
        pass

    def discard_input(self):
        pass

    def close(self):
        pass
