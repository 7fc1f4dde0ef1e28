# The firmware and the system: versions, the factory's settings, memory, registers, how commands are
# answered, which messages there are (wire.md 2.9, 2.13).

import sys

from espat import __version__, build_info
from espat.edges import chip
from espat.edges.memory import system_heap
from espat.pure.errors import PARA_INVALID, AtError
from espat.services import settings
from espat.services.settings import ALL_MESSAGES, MESSAGES

_LAST = 0x7FFFFFFF
_READ, _WRITE = 0, 1
_WORD = 4  # registers lie at multiples of it
_LONGEST_GATHERING = 1000


async def versions(device, reply, args):
    # ESP-AT's four lines, with what this firmware is in their places (wire.md 14).
    built = build_info.DATE + " " + build_info.TIME
    python = ".".join(str(part) for part in sys.implementation.version[:3])
    for line in (
        "AT version:5.0.0.0(%s - %s - %s)" % (build_info.HASH, device.board.CHIP, built),
        "SDK version:MicroPython v%s" % python,
        "compile time(%s):%s" % (build_info.HASH, built),
        "Bin version:espat v%s(%s)" % (__version__, device.board.NAME),
    ):
        await reply.line(line.encode())


async def restore(device, reply, args):
    settings.erase()
    reply.after = device.restart


async def memory(device, reply, args):
    if args is None:
        free = device.memory.free()
        reply.bare(b"+SYSRAM:%d,%d" % (free, device.memory.fewest))
    else:
        args.count(1, 1)
        reply.bare(b"+SYSRAM:%d,%d,%d,%d" % system_heap(args.number(0, 0, _LAST)))


async def messages(device, reply, args):
    if args is None:
        reply.bare(b"+SYSMSG:%d" % device.system.messages)
    else:
        bits = _number(args, ALL_MESSAGES)
        settings.save(MESSAGES, bits, device.store)
        device.system.messages = bits


async def syslog(device, reply, args):
    if args is None:
        await reply.line(b"+SYSLOG:%d" % device.syslog)
    else:
        device.syslog = _number(args, 1) == 1


async def store(device, reply, args):
    if args is None:
        await reply.line(b"+SYSSTORE:%d" % device.store)
    else:
        device.store = _number(args, 1) == 1


async def gathering(device, reply, args):
    if args is None:
        await reply.line(b"+TRANSINTVL:%d" % device.system.gather_ms)
    else:
        device.system.gather_ms = _number(args, _LONGEST_GATHERING)


def _number(args, most):
    """The only argument."""
    args.count(1, 1)
    return args.number(0, 0, most)


async def register(device, reply, args):
    # As in ESP-AT, nobody checks what lies there: the chip stops at an address it does not have.
    reading = args.number(0, _READ, _WRITE) == _READ
    needed = 2 if reading else 3
    args.count(needed, needed)
    address = args.number(1, 0, _LAST)
    if address % _WORD:
        raise AtError(PARA_INVALID | 1)
    if reading:
        await reply.line(b"+SYSREG:0x%x" % chip.read_register(address))
    else:
        chip.write_register(address, args.number(2, -_LAST - 1, _LAST))


HANDLERS = {
    b"+GMR": versions,
    b"+RESTORE": restore,
    b"+SYSRAM": memory,
    b"+SYSMSG": messages,
    b"+SYSLOG": syslog,
    b"+SYSSTORE": store,
    b"+TRANSINTVL": gathering,
    b"+SYSREG": register,
}
