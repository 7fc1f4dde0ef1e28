# A board's program for the tests of the launcher: answers lines on UART1.

import sys

import esp32
import machine
import network

import board
from espat import build_info

uart = machine.UART(1, board.BAUD, flow=machine.UART.RTS, rxbuf=board.RXBUF, txbuf=board.TXBUF)
nvs = esp32.NVS("test")
network.WLAN().active(True)


def number():
    try:
        return nvs.get_i32("number")
    except OSError:
        return -1


def save(value):
    nvs.set_i32("number", int(value))
    nvs.commit()
    return number()


def forget(value):
    nvs.set_i32("number", int(value))
    return number()


def names():
    return " ".join(ap[0].decode() for ap in network.WLAN().scan())


def crash():
    print("about to crash")
    raise ValueError("crashed on purpose")


def restart():
    try:
        machine.reset()
    finally:
        uart.write(b"a reset runs nothing any more\n")


def send(n):
    uart.write(bytes(int(n)))
    return ""


ANSWERS = {
    "echo": lambda text: text,
    "cause": machine.reset_cause,
    "built": lambda: "%s|%s|%s" % (build_info.HASH, build_info.DATE, build_info.TIME),
    "mac": lambda: machine.unique_id().hex(),
    "number": number,
    "save": save,
    "forget": forget,
    "names": names,
    "reset": restart,
    "sleep": lambda ms: machine.deepsleep(int(ms)),
    "crash": crash,
    "end": sys.exit,
    "send": send,
}

uart.write(b"ready\n")
line = b""
while True:
    line += uart.read(100) or b""
    if not line.endswith(b"\n"):
        machine.time.sleep_us(100)
        continue
    word, *arguments = line.decode().split()
    line = b""
    uart.write(("%s\n" % ANSWERS[word](*arguments)).encode())
