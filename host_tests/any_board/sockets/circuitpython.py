"""What Adafruit's libraries find of CircuitPython on a board, here over a PC's serial port."""

import sys
from types import ModuleType

import pytest
import serial


class Uart(serial.Serial):
    """busio.UART, of which pyserial has all that is asked for."""

    def __init__(self, port: str) -> None:
        super().__init__(port, 115200, timeout=0)


def module(name: str, **content: object) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(content)
    return made


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the libraries import what they ask for."""
    for made in (
        module("busio", UART=Uart),
        module("digitalio", DigitalInOut=object, Direction=object),
        module("micropython", const=lambda value: value),
    ):
        monkeypatch.setitem(sys.modules, made.__name__, made)
