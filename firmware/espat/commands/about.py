# The firmware itself: versions, its commands, how it answers, the factory's settings.

import sys

import espat
from espat import build_info
from espat.pure.table import forms


async def restore(device, reply, args):
    device.settings.erase()
    reply.after = device.restart


async def versions(device, reply, args):
    # ESP-AT's four lines, with what this firmware is in their places (wire.md 14).
    built = "%s %s" % (build_info.DATE, build_info.TIME)
    python = ".".join(str(part) for part in sys.implementation.version[:3])
    for line in (
        "AT version:5.0.0.0(%s - %s - %s)" % (build_info.HASH, device.board.CHIP, built),
        "SDK version:MicroPython v%s" % python,
        "compile time(%s):%s" % (build_info.HASH, built),
        "Bin version:espat v%s(%s)" % (espat.__version__, device.board.NAME),
    ):
        await reply.line(line.encode())


async def commands(device, reply, args):
    rows = device.loader.rows()
    for index in range(len(rows)):
        slots = b",".join(b"%d" % form for form in forms(rows[index]))
        await reply.line(b'+CMD:%d,"AT%s",%s' % (index, rows[index].name, slots))


async def syslog_query(device, reply, args):
    await reply.line(b"+SYSLOG:%d" % device.syslog)


async def syslog_set(device, reply, args):
    args.count(1, 1)
    device.syslog = args.number(0, 0, 1) == 1


async def store_query(device, reply, args):
    await reply.line(b"+SYSSTORE:%d" % device.store)


async def store_set(device, reply, args):
    args.count(1, 1)
    device.store = args.number(0, 0, 1) == 1
