# machine.UART: arguments, their checks and defaults as in ports/esp32/machine_uart.c; the bytes
# are simline's. UART1 is wired to the pty, UART0 is the REPL, UART2 is wired to nothing.

import asyncio
import errno
import io
import time

from simboard import descriptor, launcher, setting
from simline import HARDWARE_FIFO, DirectLine, Free, LooseLine, Pace, PolledLine

_UNSET = object()
_POLL = 3
_FILENO = 10
_REPL = 0
_UARTS = 3
_PINS = ((1, 3), (10, 9), (17, 16))  # (tx, rx) that MicroPython gives when none are asked for
_INV_RX, _INV_CTS, _INV_TX, _INV_RTS = 1 << 2, 1 << 3, 1 << 5, 1 << 6


class Settings:
    """One UART's configuration; a fresh one holds the driver's defaults."""

    def __init__(self, id):
        self.baudrate = 115200
        self.bits = 8
        self.parity = 0
        self.stop = 1
        self.tx, self.rx = _PINS[id]
        self.rts = self.cts = -1
        self.txbuf = self.rxbuf = 256
        self.timeout = self.timeout_char = 0
        self.invert = self.flow = 0

    def take(self, **given):
        """Numbers: -1 stands for "not given"."""
        for name, value in given.items():
            if value != -1:
                setattr(self, name, value)

    def take_pins(self, **given):
        for name, value in given.items():
            if value is not None:
                setattr(self, name, value)

    def byte_ns(self):
        bits = 1 + self.bits + (1 if self.parity else 0) + self.stop
        return max(1, bits * 1000000000 // self.baudrate)

    def __str__(self):
        names = "baudrate", "bits", "parity", "stop", "tx", "rx", "rts", "cts", "txbuf", "rxbuf"
        names += "timeout", "timeout_char", "invert", "flow"
        values = {name: getattr(self, name) for name in names}
        values["parity"] = ("None", "1", "0")[self.parity]
        return ", ".join("%s=%s" % (name, values[name]) for name in names)


def _parity(value):
    return 0 if value is None else 1 if value & 1 else 2


def _check(bits, stop, invert, flow):
    if bits not in (0, 5, 6, 7, 8):
        raise ValueError("invalid data bits")
    if stop not in (0, 1, 2):
        raise ValueError("invalid stop bits")
    if invert != -1 and invert & ~(_INV_TX | _INV_RX | _INV_RTS | _INV_CTS):
        raise ValueError("invalid inversion mask")
    if flow != -1 and flow & ~3:
        raise ValueError("invalid flow control mask")


def _check_buffers(id, s, txbuf, rxbuf):
    """uart_driver_install() wants buffers larger than the FIFO; only txbuf may be 0."""
    if txbuf in (-1, s.txbuf) and rxbuf in (-1, s.rxbuf):
        return
    if id == _REPL:
        raise ValueError("REPL UART buffer size is fixed")
    if 0 <= rxbuf <= HARDWARE_FIFO or 0 < txbuf <= HARDWARE_FIFO:
        raise OSError(1, "ESP_FAIL")


class Ports:
    """The drivers behind the UART objects; like on the chip, UART(1) is always the same one."""

    def __init__(self):
        self.made = {}
        self._file = descriptor("UART1", "r+b")
        self._log = io.open(1, "wb")
        self._paced = setting("PACED") == "1"

    def line(self, id, s):
        if id == _REPL:
            return LooseLine(self._log)
        if id != 1 or not self._file:
            return LooseLine()
        if self._paced:
            ns = s.byte_ns()
            return PolledLine(self._file, s.txbuf, Pace(ns), s.rxbuf, Pace(ns), s.flow & 1)
        if s.flow & 1:
            return DirectLine(self._file, s.txbuf, Free())
        return PolledLine(self._file, s.txbuf, Free(), s.rxbuf, Free(), False)

    def finish(self):
        """Send what still leaves the chip when it restarts."""
        for uart in self.made.values():
            if uart.line:
                uart.line.keep_fifo()
                uart.drain(200)


ports = Ports()


class UART(io.IOBase):
    """One UART. Steady reading and writing does not allocate."""

    RTS = 1
    CTS = 2
    INV_TX, INV_RX, INV_RTS, INV_CTS = _INV_TX, _INV_RX, _INV_RTS, _INV_CTS
    IRQ_RX = 1
    IRQ_BREAK = 2
    IRQ_RXIDLE = 0x1000

    def __new__(cls, id, *args, **kwargs):
        if not 0 <= id < _UARTS:
            raise ValueError("UART(%d) does not exist" % id)
        if id not in ports.made:
            uart = ports.made[id] = super().__new__(cls)
            uart.id = id
            uart.line = None
            uart._settings = Settings(id)
            uart._leftover = asyncio.Event()
            uart._pump_task = None
            uart._silent = id == 1
        return ports.made[id]

    def __init__(self, id, *args, **kwargs):
        self.init(*args, **kwargs)

    def init(self, baudrate=0, bits=0, parity=_UNSET, stop=0, *, tx=None, rx=None, rts=None,
             cts=None, txbuf=-1, rxbuf=-1, timeout=-1, timeout_char=-1, invert=-1, flow=-1):
        """(Re)configure: what was not named keeps its value, pending input is discarded."""
        s = self._settings
        _check(bits, stop, invert, flow)
        _check_buffers(self.id, s, txbuf, rxbuf)
        self._release()
        if parity is not _UNSET:
            s.parity = _parity(parity)
        s.bits = bits or s.bits
        s.stop = stop or s.stop
        s.baudrate = baudrate if baudrate > 0 else s.baudrate
        s.take(txbuf=txbuf, rxbuf=rxbuf, timeout=timeout, timeout_char=timeout_char,
               invert=invert, flow=flow)
        s.take_pins(tx=tx, rx=rx, rts=rts, cts=cts)
        self.line = ports.line(self.id, s)
        self.line.discard_input()

    def deinit(self):
        if self.line:
            self.line.close()
        self.line = None
        self._settings = Settings(self.id)

    def _release(self):
        """uart_wait_tx_done() before a change: one second, then what is left is gone."""
        if self.line:
            self.drain(1000)
            self.line.close()

    def drain(self, ms):
        """Wait until everything was sent; True when it was."""
        start = time.ticks_ms()
        while not self.txdone():
            if time.ticks_diff(time.ticks_ms(), start) >= ms:
                return False
            time.sleep_us(200)
        return True

    def readinto(self, buf, n=-1):
        if self._settings.timeout and not self.line.any():
            self.line.wait(self._settings.timeout)
        return self.line.readinto(buf, n)

    def read(self, n=-1):
        """At most n bytes, or all there are; None when there are none."""
        buf = bytearray(n if n >= 0 else 256)
        got = self.readinto(buf)
        result = None
        while got:
            result = (result or b"") + bytes(memoryview(buf)[:got])
            if n >= 0:
                break
            got = self.line.readinto(buf, -1)
        return result

    def readline(self):
        """Up to a line feed, or to what has arrived so far (micropython#5442)."""
        one = bytearray(1)
        line = b""
        while not line.endswith(b"\n") and self.readinto(one):
            line += one
        return line or None

    def any(self):
        return self.line.any()

    def write(self, buf, off=None, n=None):
        """Blocks the VM until the driver's buffer has taken everything, as on the chip."""
        if n is None:
            n, off = off, 0
        room = max(0, len(buf) - off)
        n = room if n is None else min(n, room)
        self.line.write(buf, off, n)
        if self._silent:
            self._silent = False
            launcher.tell(b"tx")
        if self.line.pending():
            self._wake_pump()
        return n

    def txdone(self):
        self.line.service()
        return not self.line.pending()

    def flush(self):
        s = self._settings
        if not self.drain((3 + s.txbuf) * 26000 // s.baudrate):  # machine_uart.c: 13 bits, twice
            raise OSError(errno.ETIMEDOUT)

    def sendbreak(self):
        self.drain(1000)
        time.sleep_us(13000000 // self._settings.baudrate)

    def ioctl(self, request, arg):
        if request == _POLL:
            return self.line.poll(arg)
        if request == _FILENO and self.line.fileno() >= 0:
            return self.line.fileno()
        return -errno.EINVAL

    def __repr__(self):
        return "UART(%d, %s)" % (self.id, self._settings)

    def _wake_pump(self):
        """The transmit interrupt: a task sends what is left when nobody calls the driver."""
        if not self._pump_task:
            self._pump_task = asyncio.create_task(self._pump())
        self._leftover.set()

    async def _pump(self):
        while True:
            await self._leftover.wait()
            self._leftover.clear()
            while self.line and self.line.pending():
                await asyncio.sleep_ms(1)
                if self.line:
                    self.line.service()
