"""What the terminal does with this side of the line, and how it shows what comes."""

import os
import pty
import re
import tty
from pathlib import Path

import pytest
import serial

from espat_host.term.colon import Refused
from espat_host.term.wires import Wires
from host_tests.term.terminal import BarePort, terminal


class Device:
    """A port that tells what was done with it; the wires of a pty cannot be looked at."""

    def __init__(self) -> None:
        self.baudrate, self.bytesize, self.stopbits, self.parity = 115200, 8, 1, "N"
        self.changes: list[tuple[str, object]] = []

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("rts", "dtr"):
            self.changes.append((name, value))
        super().__setattr__(name, value)

    def apply_settings(self, wanted: dict[str, object]) -> None:
        for name, value in wanted.items():
            setattr(self, name, value)

    def send_break(self, seconds: float) -> None:
        self.changes.append(("break", seconds))


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def wires(device: Device) -> Wires:
    return Wires(device)  # type: ignore[arg-type]


def now(device: Device) -> tuple[object, ...]:
    return device.baudrate, device.bytesize, device.stopbits, device.parity


@pytest.mark.parametrize(
    ("line", "settings"),
    [
        (b"AT+UART_CUR=921600,8,1,0,3", (921600, 8, 1, "N")),
        (b"at+uart_cur=9600,7,3,2,0", (9600, 7, 2, "E")),
        (b"AT+UART=300,5,2,1,0", (300, 5, 1.5, "O")),
        (b"AT+UART_CUR?", (115200, 8, 1, "N")),
        (b"AT+UART_CUR=9600", (115200, 8, 1, "N")),
        (b"AT", (115200, 8, 1, "N")),
    ],
)
def test_it_follows_the_board(
    wires: Wires, device: Device, line: bytes, settings: tuple[object, ...]
) -> None:
    told = wires.obeyed(line)
    assert now(device) == settings
    assert (told is not None) == (settings[0] != 115200)


def test_a_restart_brings_what_is_saved(wires: Wires, device: Device) -> None:
    wires.obeyed(b"AT+UART_DEF=57600,8,1,0,0")
    wires.obeyed(b"AT+UART_CUR=921600,8,1,0,0")
    assert wires.obeyed(b"AT+RST") == "this side is at 57600 baud, 8N1 now"
    assert wires.obeyed(b"AT+RESTORE") == "this side is at 115200 baud, 8N1 now"


def test_what_the_user_sets(wires: Wires, device: Device) -> None:
    assert wires.baud("") == "115200 baud"
    assert wires.baud("9600") == "this side is at 9600 baud, 8N1 now"
    assert wires.rts("off") == "RTS is off"
    device.dtr = True
    device.changes.clear()
    assert wires.dtr("") == "DTR was off for 100 ms"
    assert wires.hold_low("20") == "a break of 20 ms"
    assert wires.hold_low("") == "a break of 250 ms"
    assert device.changes == [("dtr", False), ("dtr", True), ("break", 0.02), ("break", 0.25)]


@pytest.mark.parametrize(
    ("name", "argument"),
    [("baud", "fast"), ("baud", "79"), ("rts", "up"), ("hold_low", "0"), ("hold_low", "99999")],
)
def test_what_is_refused(wires: Wires, device: Device, name: str, argument: str) -> None:
    with pytest.raises(Refused, match=r"takes (a rate|on or off|milliseconds)"):
        getattr(wires, name)(argument)
    assert device.changes == []


def test_a_port_without_such_wires_is_a_sentence() -> None:
    master, slave = pty.openpty()
    tty.setraw(slave)
    with serial.Serial(os.ttyname(slave)) as device:
        with pytest.raises(Refused, match="the port has no RTS: "):
            Wires(device).rts("on")
        assert Wires(device).baud("57600") == "this side is at 57600 baud, 8N1 now"
        assert device.baudrate == 57600
    os.close(master)
    os.close(slave)


def test_on_the_screen(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, "--quiet", "--rtscts", home=tmp_path) as screen:
        screen.until("\nat>")
        screen.type_line(":baud")
        screen.until("115200 baud\nat>")
        screen.type_line("AT+UART_CUR=9600,8,1,0,0")
        port.heard()
        port.say(b"\r\nOK\r\n")
        screen.until("OK\nthis side is at 9600 baud, 8N1 now\nat>")
        screen.type_line(":rts on")
        screen.until("the port has no RTS: ")
        screen.type_line('AT+CWJAP="a","wrong-one"')
        port.heard()
        port.say(b"+CWJAP:2\r\n\r\nERROR\r\n")
        screen.until("+CWJAP:2  wrong password\nERROR\nat>")


def test_time_and_bytes_on_demand(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, "--quiet", home=tmp_path) as screen:
        screen.until("\nat>")
        screen.type_line(":time")
        screen.until("the time stands before what comes\nat>")
        port.say(b"ready\r\n")
        screen.until("ready\nat>")
        assert re.search(r"^\d\d:\d\d:\d\d\.\d{3} ready$", screen.text, re.MULTILINE)
        screen.type_line(":time")
        screen.type_line(":hex")
        screen.until("what comes is shown as bytes\nat>")
        port.say(b"hi\0\r\n")
        screen.until("0000  68 69 00 0d 0a                                   hi...")
        screen.type_line(":hex 2b 00 ff")
        assert port.heard() == b"+\0\xff"


def test_time_from_the_start(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, "--quiet", "--time", home=tmp_path) as screen:
        screen.until("\nat>")
        port.say(b"ready\r\n")
        screen.until(" ready\nat>")
        assert re.search(r"^\d\d:\d\d:\d\d\.\d{3} ready$", screen.text, re.MULTILINE)
