# All commands, and where their handlers are.
#
# A family is imported when one of its commands comes: its modules have HANDLERS, a dict of
# `async def handler(device, reply, args)` by the command's name, with "=" or "?" behind it for the
# forms that have one; `args` is an Args for "=", else None. What is imported at the top here is
# always there (docs/memory.md).

from espat.commands import basic, http
from espat.pure.errors import OP_ERROR, UNSUPPORTED, AtError

_MARKS = (b"=?", b"?", b"=", b"")  # test, query, set, execute


def _basic():
    return basic.HANDLERS, _OWN


def _http():
    return (http.HANDLERS,)


def _system():
    from espat.commands import about, clock, power, system

    return about.HANDLERS, clock.HANDLERS, power.HANDLERS, system.HANDLERS


def _store():
    from espat.commands import mfg, partitions, user_ram

    return mfg.HANDLERS, partitions.HANDLERS, user_ram.HANDLERS


def _filters():
    from espat.commands import message_filter

    return (message_filter.HANDLERS,)


def _station():
    from espat.commands import scan, wifi

    return wifi.HANDLERS, scan.HANDLERS


def _settings():
    from espat.commands import station_settings, uart

    return station_settings.HANDLERS, uart.HANDLERS


def _mode():
    from espat.commands import mode

    return (mode.HANDLERS,)


def _access_point():
    from espat.commands import access_point, access_point_ip

    return access_point.HANDLERS, access_point_ip.HANDLERS


def _addresses():
    from espat.commands import addresses, ip, lookups

    return addresses.HANDLERS, ip.HANDLERS, lookups.HANDLERS


def _files():
    from espat.commands import fs, http_config, http_presets, transfers

    return (
        fs.HANDLERS,
        http_config.HANDLERS,
        http_presets.HANDLERS,
        transfers.HANDLERS,
    )


def _update():
    from espat.commands import update, user_update

    return update.HANDLERS, user_update.HANDLERS


# In the order of AT+CMD?, which is that of registration, as in ESP-AT (wire.md 1.6); behind each
# name the letter of its family. One text, because a row for each command would take a chip 5 KB.
TABLE = (
    b" :b E0:b E1:b +RST:b +GMR:s +CMD:b +TRANSINTVL:s +SYSTIMESTAMP:s +GSLP:s +SLEEP:s "
    b"+SLEEPWKCFG:s +RESTORE:s +SYSRAM:s +SYSFLASH:m +SYSMFG:m +SYSMSGFILTER:f "
    b"+SYSMSGFILTERCFG:f +RFPOWER:s +RFCAL:s +SYSMSG:s +SYSROLLBACK:m +SYSLOG:s +SYSSTORE:s "
    b"+SYSREG:s +CWINIT:c +CWMODE:w +CWSTATE:j +CWCONFIG:c +CWJAP:j +CWRECONNCFG:c +CWLAP:j "
    b"+CWLAPOPT:j +CWQAP:j +CWSAP:a +CWLIF:a +CWQIF:a +CWDHCP:i +CWDHCPS:a +CWSTAPROTO:c "
    b"+CWAPPROTO:a +CWAUTOCONN:c +CWHOSTNAME:c +CWCOUNTRY:c +CIFSR:i +CIPSTAMAC:i +CIPAPMAC:a "
    b"+CIPSTA:i +CIPAP:a +CIPV6:i +CIPDNS:i +CIPDOMAIN:i +CIPSNTPCFG:s +CIPSNTPINTV:s "
    b"+CIPSNTPTIME:s +PING:i +HTTPCLIENT:h +HTTPGETSIZE:h +HTTPURLCFG:d +HTTPCHEAD:d "
    b"+HTTPCGET:h +HTTPCPOST:h +HTTPCPUT:h +HTTPCFG:d +FS:d +FSMOUNT:d +CIUPDATE:u "
    b"+CIPFWVER:u +UART:c +UART_CUR:c +UART_DEF:c +USERRAM:m +USEROTA:u +HTTPGET_TO_FS:d "
    b"+FS_TO_HTTP_SERVER:d "
)
FAMILIES = {
    b"b": _basic,
    b"s": _system,
    b"m": _store,
    b"c": _settings,
    b"f": _filters,
    b"w": _mode,
    b"j": _station,
    b"a": _access_point,
    b"i": _addresses,
    b"h": _http,
    b"d": _files,
    b"u": _update,
}


def find(units, name, mark):
    """The handler of a command's form. `units`: the Units that bring the families. Raises
    AtError."""
    family = FAMILIES.get(_letter(name))
    if family is None:
        raise AtError(UNSUPPORTED)
    for handlers in _handlers(units, family):
        if name + mark in handlers:
            return handlers[name + mark]
    raise AtError(OP_ERROR)


def _letter(name):
    """The letter of the family that has this command, or b""."""
    start = TABLE.find(b" %s:" % name) + len(name) + 2
    return TABLE[start : start + 1] if start > len(name) + 1 and b":" not in name else b""


def _handlers(units, family):
    if family is _basic:
        return family()
    if family is _http:
        units.drop()  # its code is there, and wants the room for a request
        return family()
    return units.family(family)


async def _commands(device, reply, args):
    """AT+CMD?: all commands and their forms, which the families know: one after the other."""
    forms = bytearray(TABLE.count(b":"))
    for letter in FAMILIES:
        handlers = None  # the last family must go before the next one comes
        handlers = _handlers(device.units, FAMILIES[letter])
        for index, (name, its) in enumerate(_rows()):
            if its == letter:
                forms[index] = _forms(name, handlers)
    for index, (name, _) in enumerate(_rows()):
        slots = b",".join(b"%d" % (forms[index] >> bit & 1) for bit in (3, 2, 1, 0))
        await reply.line(b'+CMD:%d,"AT%s",%s' % (index, name, slots))


def _rows():
    """(name, letter of the family) of each command."""
    start = 1
    while start < len(TABLE):
        end = TABLE.find(b":", start)
        yield TABLE[start:end], TABLE[end + 1 : end + 2]
        start = end + 3


def _forms(name, handlers):
    """Which forms of a command there are, a bit for each of _MARKS."""
    bits = 0
    for mark in _MARKS:
        bits = bits << 1 | any(name + mark in family for family in handlers)
    return bits


_OWN = {b"+CMD?": _commands}
