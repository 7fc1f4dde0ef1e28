# The firmware itself: versions, its commands, how it answers, the factory's settings.

import sys

from espat import __version__, build_info
from espat.services import settings


async def restore(device, reply, args):
    settings.erase()
    reply.after = device.restart


async def versions(device, reply, args):
    # ESP-AT's four lines, with what this firmware is in their places (wire.md 14).
    built = "%s %s" % (build_info.DATE, build_info.TIME)
    python = ".".join(str(part) for part in sys.implementation.version[:3])
    for line in (
        "AT version:5.0.0.0(%s - %s - %s)" % (build_info.HASH, device.board.CHIP, built),
        "SDK version:MicroPython v%s" % python,
        "compile time(%s):%s" % (build_info.HASH, built),
        "Bin version:espat v%s(%s)" % (__version__, device.board.NAME),
    ):
        await reply.line(line.encode())


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


HANDLERS = {
    b"+GMR": versions,
    b"+RESTORE": restore,
    b"+SYSLOG?": syslog_query,
    b"+SYSLOG=": syslog_set,
    b"+SYSSTORE?": store_query,
    b"+SYSSTORE=": store_set,
}
