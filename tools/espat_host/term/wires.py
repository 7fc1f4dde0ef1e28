"""This side of the line: its rate and its control lines, as the user sets them and as the board's
UART commands change them."""

import re
import time

import serial

from espat_host.term.colon import Refused

LEAST_BAUD, MOST_BAUD = 80, 5_000_000
FACTORY = 115200  # the rate after AT+RESTORE
BREAK, LONGEST_BREAK = 250, 10_000  # milliseconds
PULSE = 0.1  # seconds
# AT+UART's parameters as pyserial has them (wire.md 2.4): baud, data bits, stop bits, parity.
_STOP = {"1": serial.STOPBITS_ONE, "2": serial.STOPBITS_ONE_POINT_FIVE, "3": serial.STOPBITS_TWO}
_PARITY = {"0": serial.PARITY_NONE, "1": serial.PARITY_ODD, "2": serial.PARITY_EVEN}
_UART = re.compile(r"AT\+UART(|_CUR|_DEF)=(\d+),([5-8]),([123]),([012]),[0-3]", re.IGNORECASE)
_WORDS = {"on": True, "off": False, "": None}

Settings = dict[str, object]


class Wires:
    """Those of one port. What they return is a note for the user; they raise Refused."""

    def __init__(self, device: serial.Serial) -> None:
        self._device = device
        self._saved = self._now()

    def obeyed(self, line: bytes) -> str | None:
        """The board has said OK to this, and goes on at another rate maybe."""
        text = line.decode("ascii", "replace").strip().upper()
        if found := _UART.fullmatch(text):
            wanted: Settings = {
                "baudrate": int(found[2]),
                "bytesize": int(found[3]),
                "stopbits": _STOP[found[4]],
                "parity": _PARITY[found[5]],
            }
            if found[1] != "_CUR":
                self._saved = wanted
            return self._change(wanted)
        if text == "AT+RST":
            return self._change(self._saved)
        if text == "AT+RESTORE":
            self._saved = {**self._saved, "baudrate": FACTORY}
            return self._change(self._saved)
        return None

    def baud(self, text: str) -> str:
        """Set the rate, or tell it."""
        if not text:
            return f"{self._device.baudrate} baud"
        if not text.isdecimal() or not LEAST_BAUD <= int(text) <= MOST_BAUD:
            raise Refused(f":baud takes a rate from {LEAST_BAUD} to {MOST_BAUD}")
        self._saved = {**self._now(), "baudrate": int(text)}
        return self._change(self._saved) or f"{text} baud already"

    def rts(self, text: str) -> str:
        """Switch the line, or pulse it."""
        return self._switch("rts", text)

    def dtr(self, text: str) -> str:
        """Switch the line, or pulse it."""
        return self._switch("dtr", text)

    def hold_low(self, text: str) -> str:
        """A break, for so many milliseconds."""
        milliseconds = int(text) if text.isdecimal() else 0 if text else BREAK
        if not 0 < milliseconds <= LONGEST_BREAK:
            raise Refused(f":break takes milliseconds, from 1 to {LONGEST_BREAK}")
        try:
            self._device.send_break(milliseconds / 1000)
        except (OSError, serial.SerialException) as error:
            raise Refused(f"the port has no break: {error}") from error
        return f"a break of {milliseconds} ms"

    def _switch(self, name: str, text: str) -> str:
        if text not in _WORDS:
            raise Refused(f":{name} takes on or off; alone it is a pulse of {PULSE * 1000:g} ms")
        level = _WORDS[text]
        try:
            if level is None:
                before = getattr(self._device, name)
                setattr(self._device, name, not before)
                time.sleep(PULSE)
                setattr(self._device, name, before)
                return f"{name.upper()} was {'off' if before else 'on'} for {PULSE * 1000:g} ms"
            setattr(self._device, name, level)
        except (OSError, serial.SerialException) as error:
            raise Refused(f"the port has no {name.upper()}: {error}") from error
        return f"{name.upper()} is {text}"

    def _now(self) -> Settings:
        names = ("baudrate", "bytesize", "stopbits", "parity")
        return {name: getattr(self._device, name) for name in names}

    def _change(self, wanted: Settings) -> str | None:
        if wanted == self._now():
            return None
        try:
            self._device.apply_settings(wanted)
        except (OSError, ValueError, serial.SerialException) as error:
            raise Refused(f"this port cannot follow: {error}") from error
        return "this side is at {baudrate} baud, {bytesize}{parity}{stopbits} now".format(**wanted)
