# The simulated board's program while `espat size` measures: firmware/main.py with a scale.
#
# Live bytes are counted at every turn of the event loop and after every import, each time after a
# garbage collection. What the simulation needs for itself, modules and drivers that are C on a
# chip, is loaded before and is not counted. Lines "size: <what> <bytes>" go to the log.

import _thread  # noqa: F401
import asyncio
import builtins
import errno  # noqa: F401 - part of the chip's image, as the next ones are
import gc
import select  # noqa: F401
import socket  # noqa: F401
import ssl  # noqa: F401

import esp32
import machine
import network

import board

for name in ("Event", "Lock", "StreamReader", "wait_for_ms"):
    getattr(asyncio, name)  # asyncio's own parts come one by one


class Scale:
    def __init__(self):
        self._base = self.peak = 0
        self._base = self.weigh()
        self.peak = 0

    def weigh(self):
        gc.collect()
        live = gc.mem_alloc() - self._base
        self.peak = max(self.peak, live)
        return live

    def tell(self, what, count):
        print("size:", what, count)

    def command(self, name):
        """A command has ended."""
        self.tell("peak of " + name, self.peak)
        self.peak = 0
        self.tell("after " + name, self.weigh())

    async def watch(self):
        while True:
            self.weigh()
            await asyncio.sleep_ms(0)


drivers = (
    machine.UART(
        board.UART_ID, baudrate=board.BAUD, tx=board.TX, rx=board.RX, rts=board.RTS, cts=board.CTS,
        rxbuf=board.RXBUF, txbuf=board.TXBUF,
    ),
    network.WLAN(network.WLAN.IF_STA),
    network.WLAN(network.WLAN.IF_AP),
    esp32.NVS("espat"),
)  # fmt: skip
scale = Scale()
plain_import = builtins.__import__


def weighed_import(*args):
    module = plain_import(*args)
    if args[0].startswith("espat"):
        scale.weigh()
    return module


from espat.edges.buffers import Buffers  # noqa: E402

buffers = Buffers(board)
scale.tell("buffers", scale.weigh())
gc.threshold(16 * 1024)  # as firmware/main.py has it

from espat.app import bring_up  # noqa: E402

scale.tell("import", scale.weigh())
builtins.__import__ = weighed_import


class Start:
    """What espat_start gives the firmware; this start is nobody's."""

    def on_purpose(self):
        pass

    def served(self):
        return False


session = bring_up(board, buffers, Start())
del bring_up
scale.tell("boot-peak", scale.peak)
scale.tell("ready", scale.weigh())

from espat.services.loader import Loader  # noqa: E402

plain_find, plain_done = Loader.find, Loader.done
names = []


def named_find(loader, line):
    names.append(line.decode().split("=")[0].split("?")[0])
    return plain_find(loader, line)


def weighed_done(loader):
    plain_done(loader)
    if names:
        scale.command(names.pop())


Loader.find, Loader.done = named_find, weighed_done
kept = [asyncio.create_task(scale.watch())]
session.serve()
