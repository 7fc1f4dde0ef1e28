# The configuration of one UART: defaults, ranges and refusals of ports/esp32/machine_uart.c.

INV_RX, INV_CTS, INV_TX, INV_RTS = 1 << 2, 1 << 3, 1 << 5, 1 << 6
RTS, CTS = 1, 2
HARDWARE_FIFO = 128  # bytes of the ESP32's transmit FIFO, behind the driver's buffer
REPL = 0

_CLOCK = 80000000  # the UART's, divided by a number with four bits behind the point
_PINS = ((1, 3), (10, 9), (17, 16))  # (tx, rx) when none are asked for
_KEPT = ("txbuf", "rxbuf", "timeout", "timeout_char", "invert", "flow")  # -1: as it is
_PIN_NAMES = ("tx", "rx", "rts", "cts")
_SHOWN = ("baudrate", "bits", "parity", "stop") + _PIN_NAMES + _KEPT[:4]


class Settings:
    """What one UART is set to; a fresh one holds the driver's defaults."""

    def __init__(self, id):
        self._id = id
        self.baudrate = 115200
        self.bits = 8
        self.parity = 0  # 0 none, 1 odd, 2 even
        self.stop = 1
        self.tx, self.rx = _PINS[id]
        self.rts = self.cts = -1
        self.txbuf = self.rxbuf = 256
        self.timeout = self.timeout_char = 0
        self.invert = self.flow = 0

    def change(self, baudrate=0, bits=0, parity="same", stop=0, **rest):
        """Take the arguments of UART.init(); returns whether the driver must be made anew."""
        self._check(bits, stop, rest)
        new_driver = self._check_buffers(rest.get("txbuf", -1), rest.get("rxbuf", -1))
        if parity != "same":
            self.parity = 0 if parity is None else 1 if parity & 1 else 2
        self.baudrate = baudrate if baudrate > 0 else self.baudrate
        self.bits = bits or self.bits
        self.stop = stop or self.stop
        for name, value in rest.items():
            if value != -1 or name in _PIN_NAMES:
                setattr(self, name, value)
        return new_driver

    def byte_ns(self):
        """How long one byte is on the line."""
        bits = 1 + self.bits + (1 if self.parity else 0) + self.stop
        return max(1, bits * 1000000000 // self.baudrate)

    def __str__(self):
        values = [(name, getattr(self, name)) for name in _SHOWN]
        values[0] = ("baudrate", (_CLOCK << 4) // ((_CLOCK << 4) // self.baudrate))
        values[2] = ("parity", ("None", "1", "0")[self.parity])
        if self.flow:
            values.append(("flow", ("RTS", "CTS", "RTS|CTS")[self.flow - 1]))
        return ", ".join("%s=%s" % pair for pair in values)

    def _check(self, bits, stop, rest):
        for name in rest:
            if name not in _KEPT and name not in _PIN_NAMES:
                raise TypeError("extra keyword arguments given")
        if bits not in (0, 5, 6, 7, 8):
            raise ValueError("invalid data bits")
        if stop not in (0, 1, 2):
            raise ValueError("invalid stop bits")
        invert = rest.get("invert", -1)
        if invert != -1 and invert & ~(INV_TX | INV_RX | INV_RTS | INV_CTS):
            raise ValueError("invalid inversion mask")
        if rest.get("flow", -1) not in (-1, 0, RTS, CTS, RTS | CTS):
            raise ValueError("invalid flow control mask")

    def _check_buffers(self, txbuf, rxbuf):
        """uart_driver_install() wants buffers larger than the FIFO; only txbuf may be 0."""
        if txbuf in (-1, self.txbuf) and rxbuf in (-1, self.rxbuf):
            return False
        if self._id == REPL:
            raise ValueError("REPL UART buffer size is fixed")
        if 0 <= rxbuf <= HARDWARE_FIFO or 0 < txbuf <= HARDWARE_FIFO:
            raise OSError(1, "ESP_FAIL")
        return True
