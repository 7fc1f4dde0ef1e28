# Basic commands: the dialogue itself, versions, settings of the system.

import sys

import espat
from espat import build_info
from espat.pure.table import Command


async def nothing(device, reply, args):
    pass


async def echo_off(device, reply, args):
    device.echo = False


async def echo_on(device, reply, args):
    device.echo = True


async def restart(device, reply, args):
    reply.after = device.restart


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
    rows = device.table.rows
    for index in range(len(rows)):
        row = rows[index]
        forms = b",".join(b"%d" % form for form in row.forms())
        await reply.line(b'+CMD:%d,"AT%s",%s' % (index, row.name, forms))


def switch(name, field):
    """(query, set) of a command that switches one bool field of the device."""

    async def query(device, reply, args):
        await reply.line(b"+%s:%d" % (name, getattr(device, field)))

    async def change(device, reply, args):
        args.count(1, 1)
        setattr(device, field, args.number(0, 0, 1) == 1)

    return query, change


_syslog_query, _syslog_set = switch(b"SYSLOG", "syslog")
_store_query, _store_set = switch(b"SYSSTORE", "store")

ROWS = (
    Command(b"", exec=nothing),
    Command(b"E0", exec=echo_off),
    Command(b"E1", exec=echo_on),
    Command(b"+RST", exec=restart),
    Command(b"+GMR", exec=versions),
    Command(b"+CMD", query=commands),
)
SYSTEM_ROWS = (Command(b"+RESTORE", exec=restore),)
SETTING_ROWS = (
    Command(b"+SYSLOG", query=_syslog_query, set=_syslog_set),
    Command(b"+SYSSTORE", query=_store_query, set=_store_set),
)
