# All commands, and where their handlers are.
#
# A family is imported when one of its commands comes: its module has HANDLERS, a dict of
# `async def handler(device, reply, args)` by the command's key, which is its name with "=" or "?"
# for the forms that have one; `args` is an Args for "=", else None. What is imported at the top
# here is always there (docs/memory.md).

from espat.commands import basic, http, http_config, http_presets
from espat.pure.errors import OP_ERROR, UNSUPPORTED, AtError

_MARKS = (b"=?", b"?", b"=", b"")  # test, query, set, execute


def _basic():
    return (basic.HANDLERS,)


def _http():
    return http.HANDLERS, http_presets.HANDLERS, http_config.HANDLERS


def _system():
    from espat.commands import about, clock, power, system

    return about.HANDLERS, clock.HANDLERS, power.HANDLERS, system.HANDLERS


def _store():
    from espat.commands import mfg, partitions, uart, user_ram

    return mfg.HANDLERS, partitions.HANDLERS, uart.HANDLERS, user_ram.HANDLERS


def _filters():
    from espat.commands import message_filter

    return (message_filter.HANDLERS,)


def _station():
    from espat.commands import wifi

    return (wifi.HANDLERS,)


def _wifi():
    from espat.commands import scan, station_settings

    return scan.HANDLERS, station_settings.HANDLERS


def _access_point():
    from espat.commands import access_point, access_point_ip

    return access_point.HANDLERS, access_point_ip.HANDLERS


def _addresses():
    from espat.commands import addresses, ip, lookups

    return addresses.HANDLERS, ip.HANDLERS, lookups.HANDLERS


def _files():
    from espat.commands import fs, transfers

    return fs.HANDLERS, transfers.HANDLERS


def _update():
    from espat.commands import update, user_update

    return update.HANDLERS, user_update.HANDLERS


# (family, the keys of its commands between blanks; that of AT itself is empty), in the order of
# AT+CMD?, which is that of registration, as in ESP-AT (wire.md 1.6).
TABLE = (
    (_basic, b"  E0 E1 +RST "),
    (
        _system,
        b" +GMR +CMD? +TRANSINTVL? +TRANSINTVL= +SYSTIMESTAMP? +SYSTIMESTAMP= +GSLP= +SLEEP? "
        b"+SLEEP= +SLEEPWKCFG= +RESTORE +SYSRAM? +SYSRAM= ",
    ),
    (_store, b" +SYSFLASH? +SYSFLASH= +SYSMFG? +SYSMFG= "),
    (_filters, b" +SYSMSGFILTER? +SYSMSGFILTER= +SYSMSGFILTERCFG? +SYSMSGFILTERCFG= "),
    (_system, b" +RFPOWER? +RFPOWER= +RFCAL +SYSMSG? +SYSMSG= "),
    (_store, b" +SYSROLLBACK? +SYSROLLBACK "),
    (_system, b" +SYSLOG? +SYSLOG= +SYSSTORE? +SYSSTORE= +SYSREG= "),
    (_wifi, b" +CWINIT? +CWINIT= "),
    (_station, b" +CWMODE? +CWMODE= +CWSTATE? "),
    (_wifi, b" +CWCONFIG? +CWCONFIG= "),
    (_station, b" +CWJAP? +CWJAP= +CWJAP "),
    (_wifi, b" +CWRECONNCFG? +CWRECONNCFG= +CWLAP= +CWLAP +CWLAPOPT= "),
    (_station, b" +CWQAP "),
    (_access_point, b" +CWSAP? +CWSAP= +CWLIF +CWQIF= +CWQIF "),
    (_addresses, b" +CWDHCP? +CWDHCP= "),
    (_access_point, b" +CWDHCPS? +CWDHCPS= "),
    (_wifi, b" +CWSTAPROTO? +CWSTAPROTO= "),
    (_access_point, b" +CWAPPROTO? +CWAPPROTO= "),
    (_wifi, b" +CWAUTOCONN? +CWAUTOCONN= +CWHOSTNAME? +CWHOSTNAME= +CWCOUNTRY? +CWCOUNTRY= "),
    (_addresses, b" +CIFSR +CIPSTAMAC? +CIPSTAMAC= "),
    (_access_point, b" +CIPAPMAC? +CIPAPMAC= "),
    (_addresses, b" +CIPSTA? +CIPSTA= "),
    (_access_point, b" +CIPAP? +CIPAP= "),
    (_addresses, b" +CIPV6? +CIPV6= +CIPDNS? +CIPDNS= +CIPDOMAIN= "),
    (_system, b" +CIPSNTPCFG? +CIPSNTPCFG= +CIPSNTPINTV? +CIPSNTPINTV= +CIPSNTPTIME? "),
    (_addresses, b" +PING= "),
    (
        _http,
        b" +HTTPCLIENT= +HTTPGETSIZE= +HTTPURLCFG? +HTTPURLCFG= +HTTPCHEAD? +HTTPCHEAD= "
        b"+HTTPCGET= +HTTPCPOST= +HTTPCPUT= +HTTPCFG= ",
    ),
    (_files, b" +FS= +FSMOUNT= "),
    (_update, b" +CIUPDATE? +CIUPDATE= +CIUPDATE +CIPFWVER? "),
    (
        _store,
        b" +UART? +UART= +UART_CUR? +UART_CUR= +UART_DEF? +UART_DEF= +USERRAM? +USERRAM= ",
    ),
    (_update, b" +USEROTA= "),
    (_files, b" +HTTPGET_TO_FS= +FS_TO_HTTP_SERVER= "),
)


def find(units, name, mark):
    """The handler of a command's form. `units`: the Units that bring the families. Raises
    AtError."""
    key = name + mark
    for family, keys in TABLE:
        if _has(keys, key):
            for handlers in family() if family is _basic else units.family(family):
                if key in handlers:
                    return handlers[key]
    known = any(_has(keys, name + other) for _, keys in TABLE for other in _MARKS)
    raise AtError(OP_ERROR if known else UNSUPPORTED)


def commands():
    """(name, forms) of all commands, in the order of AT+CMD?; the forms are numbers 0 or 1 for
    test, query, set and execute."""
    for _, keys in TABLE:
        last = None
        for key in keys[1:-1].split(b" "):
            name = key.rstrip(b"=?")
            if name != last:
                yield name, tuple(int(_has(keys, name + mark)) for mark in _MARKS)
            last = name


def _has(keys, key):
    return b" " not in key and b" %s " % key in keys
