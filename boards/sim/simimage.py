# What is in the chip's image, or is C there: loaded before the firmware, so that none of it counts
# as the firmware's. Then the modules of a chip take the place of the interpreter's, and the memory
# is measured from here on.

import asyncio
import builtins
import errno  # noqa: F401 - part of the image, as the next ones are
import gc  # noqa: F401
import select  # noqa: F401
import sys

import micropython
import simgc
import simthread
import simtls

sys.modules["tls"] = simtls

import socket  # noqa: E402, F401
import ssl  # noqa: E402, F401

import esp32  # noqa: E402, F401
import machine  # noqa: E402, F401
import network  # noqa: E402
import simuart  # noqa: E402
from simmeter import meter, padded  # noqa: E402
from simstatus import status  # noqa: E402

# asyncio's own parts come one by one. Before there is a flash: one of them looks for `io` there.
for _part in ("Event", "Lock", "StreamReader", "wait_for_ms"):
    getattr(asyncio, _part)

_LARGE = 256  # a smaller bytearray is not worth a correction
_MOST_NAMES = 5000
_TABLE = 4096  # a new table of names is larger
_Bytes = bytearray


def _bytearray(*args):
    if len(args) != 1 or not isinstance(args[0], int) or args[0] < _LARGE:
        return _Bytes(*args)
    meter.reserve(args[0])
    return padded(args[0])


class _Micropython:
    """The module, with the ring that takes what it takes on a chip."""

    @staticmethod
    def RingIO(size):
        return micropython.RingIO(_bytearray(size + 1) if isinstance(size, int) else size)


def _import(*args):
    module = _looks[0](args[0]) or _plain_import(*args)
    if micropython.mem_total() > meter.limit:
        meter.look()
    return module


def _wait(queue, ms):
    if micropython.mem_total() > meter.limit:
        meter.look()
    status.due(ms)
    _plain_wait(queue, ms)


_looks = [None]
_plain_import = builtins.__import__
_plain_wait = asyncio.core.IOQueue.wait_io_event


def _fill_names():
    """The interpreter keeps names in tables, each twice as large as the one before (py/qstr.c). The
    simulation's own names make the next one larger than a chip's ever is, so it comes now."""
    names = type("Names", (), {})()
    for number in range(_MOST_NAMES):
        name = "_name%d" % number
        before = micropython.mem_total()
        setattr(names, name, 0)
        delattr(names, name)
        if micropython.mem_total() - before > _TABLE:
            return
    raise MemoryError("no new table of names")


def begin(look=lambda name: None):
    """From here on the board has a chip's memory. `look`: told the name of every import; what it
    gives is imported."""
    _looks[0] = look
    builtins.__import__ = _import
    network.world.refresh()
    _fill_names()
    sys.modules["_thread"] = simthread
    simuart.told = status.reads_changed
    meter.begin()
    status.write()
    if not meter.measures:
        return
    for name in dir(micropython):
        if not hasattr(_Micropython, name):
            setattr(_Micropython, name, getattr(micropython, name))
    sys.modules["gc"], sys.modules["micropython"] = simgc, _Micropython
    builtins.bytearray = _bytearray
    asyncio.core.IOQueue.wait_io_event = _wait
