# machine.UART: arguments, their checks and defaults as in ports/esp32/machine_uart.c; the bytes
# are simline's. UART1 is wired to the pty, UART0 is the REPL, UART2 is wired to nothing.

import asyncio
import errno
import io
import time

import micropython
import simchip
from simboard import descriptor, launcher, setting
from simbuffer import Free, Pace, TransmitBuffer
from simheap import NoRoom
from simline import DirectLine, LooseLine, PolledLine, Wire
from simsettings import (
    CTS,
    HARDWARE_FIFO,
    INV_CTS,
    INV_RTS,
    INV_RX,
    INV_TX,
    REPL,
    RTS,
    Settings,
)
from simsystem import Part, meter

_POLL = 3
_FILENO = 10
_UARTS = 3
_AWAKE_MS = 20
_LOOSE = LooseLine()


class Ports:
    """The drivers behind the UART objects; like on the chip, UART(1) is always the same one."""

    def __init__(self):
        self.made = {}
        self.part = None  # what the first driver brings, for ever
        file = descriptor("UART1", "r+b")
        self._wire = file and Wire(file)
        self._log = io.open(1, "wb")
        self._paced = setting("PACED") == "1"

    def line(self, id, s, tx):
        """The line that the settings ask for; tx is what the driver still has to send."""
        if id == REPL:
            return LooseLine(self._log)
        if id != 1 or not self._wire:
            return _LOOSE
        if self._paced:
            ns = s.byte_ns()
            return PolledLine(self._wire, tx, Pace(ns), s.rxbuf, Pace(ns), s.flow & RTS)
        if s.flow & RTS:
            return DirectLine(self._wire, tx, Free())
        return PolledLine(self._wire, tx, Free(), s.rxbuf, Free(), False)

    def finish(self):
        """Send what still leaves the chip when it restarts."""
        for uart in self.made.values():
            uart.line.keep_fifo()
            uart.drain(200)


ports = Ports()


def told():
    """Before the host hears of it; simimage puts its own function here."""


class UART(io.IOBase):
    """One UART. Steady reading and writing does not allocate."""

    RTS, CTS = RTS, CTS
    INV_TX, INV_RX, INV_RTS, INV_CTS = INV_TX, INV_RX, INV_RTS, INV_CTS
    IRQ_RX, IRQ_BREAK, IRQ_RXIDLE = 1, 2, 0x1000

    def __new__(cls, id, *args, **kwargs):
        if not 0 <= id < _UARTS:
            raise ValueError("UART(%d) does not exist" % id)
        if id not in ports.made:
            # Not super(): with a native base it looks into the class as if it were an object
            # (py/objtype.c, mp_obj_class_lookup), which ends as the build's addresses will.
            ports.made[id] = object.__new__(cls)
            ports.made[id]._create(id)
        return ports.made[id]

    def __init__(self, id, *args, **kwargs):
        self.init(*args, **kwargs)

    def _create(self, id):
        self.id = id
        self._silent = id == 1
        self._leftover = asyncio.Event()
        self._part = None
        if id == 1:
            asyncio.create_task(self._pump())
        self._loosen()
        self._settings = Settings(id)

    def _loosen(self):
        self.line = _LOOSE
        self._tx = None

    def init(self, *args, **kwargs):
        """(Re)configure: what is not named stays as it is; pending input is discarded.

        baudrate, bits, parity, stop, then by name tx, rx, rts, cts, txbuf, rxbuf, timeout,
        timeout_char, invert, flow."""
        self.drain(1000)
        s = self._settings
        new_driver = s.change(*args, **kwargs) or not self._tx
        if new_driver:
            self._take()
        meter.ours(self._install, new_driver)
        self.line.discard_input()

    def deinit(self):
        self.line.close()
        if self._part:
            self._part.free()
        self._part = None
        meter.ours(self._loosen)
        self._settings = Settings(self.id)

    def _take(self):
        """uart_driver_install(): the buffers come from the system heap."""
        if self._part:
            self._part.free()
        ports.part = ports.part or Part(simchip.FIRST_UART)
        s = self._settings
        try:
            self._part = Part(s.rxbuf + s.txbuf + simchip.UART, whole=max(s.rxbuf, s.txbuf))
        except NoRoom:
            raise OSError(1, "ESP_FAIL") from None

    def _install(self, new_driver):
        if new_driver:
            self._tx = TransmitBuffer(self._settings.txbuf + HARDWARE_FIFO)
        self.line.close()
        self.line = ports.line(self.id, self._settings, self._tx)

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
        room = len(buf) - off
        if n is None or n > room:
            n = max(0, room)
        line = self.line
        if micropython.mem_total() > meter.limit:
            meter.look()  # a fast host takes a whole body without a wait
        told()
        line.write(buf, off, n)
        if self._silent:
            self._silent = False
            launcher.tell(b"tx")
        if line.behind:
            self._leftover.set()
        return n

    def txdone(self):
        line = self.line
        if line.behind:
            line.service()
        return not line.behind

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

    async def _pump(self):
        """The transmit interrupt: sends what is left when nobody calls the driver."""
        while True:
            await self._leftover.wait()
            self._leftover.clear()
            idle = 0
            while idle < _AWAKE_MS:  # to wait for the event makes garbage, to sleep does not
                await asyncio.sleep_ms(1)
                self.line.service()
                idle = 0 if self.line.behind else idle + 1
