# All commands, and where their handlers are.
#
# A family is imported when one of its commands comes: its modules have HANDLERS, a dict of
# `async def handler(device, reply, args)` by the command's name, or by name and mark where its
# forms have a handler each; `args` is an Args for "=", else None. What is imported at the top here
# is always there (docs/memory.md).

from espat.commands import http
from espat.pure.args import parse
from espat.pure.errors import EXEC_FAIL, OP_ERROR, UNSUPPORTED, AtError

# In the order of AT+CMD?, which is that of registration, as in ESP-AT (wire.md 1.6); behind each
# name the letter of its family, and its forms: "!" to execute, "?" to query, "=" to set, none for
# "?="; a letter before a form is the family of that one; "0": to set 0 takes back what the host has
# left there, and needs no family, for which there may be no room. One text, because a row for each
# command would take a chip 5 KB.
TABLE = (
    b" :b! E0:b! E1:b! +RST:b! +GMR:s! +CMD:s? +SAVETRANSLINK:c= +TRANSINTVL:s "
    b"+SYSTIMESTAMP:r +GSLP:s= +SLEEP:s +SLEEPWKCFG:s= +RESTORE:s! +SYSRAM:s "
    b"+SYSFLASH:r +SYSMFG:m +SYSMSGFILTER:f +SYSMSGFILTERCFG:f?=0 "
    b"+RFPOWER:s +RFCAL:s! +SYSMSG:s +SYSROLLBACK:r!? +SYSLOG:s +SYSSTORE:s +SYSREG:s= "
    b"+CWINIT:c +CWMODE:w +CWSTATE:j? +CWCONFIG:c +CWJAP:j!?= +CWRECONNCFG:c +CWLAP:j!= "
    b"+CWLAPOPT:j= +CWQAP:j! +CWSAP:a +CWLIF:a! +CWQIF:a!= "
    b"+CWDHCP:i +CWDHCPS:a +CWSTAPROTO:c +CWAPPROTO:a +CWAUTOCONN:c +CWHOSTNAME:c "
    b"+CWCOUNTRY:c +CIFSR:i! +CIPSTAMAC:i +CIPAPMAC:a +CIPSTA:i +CIPAP:a +CIPV6:i +CIPDNS:i "
    b"+CIPDOMAIN:i= +CIPSTATUS:q! +CIPSTATE:q? +CIPSTART:t= +CIPSTARTEX:t= +CIPTCPOPT:p "
    b"+CIPCLOSE:b!= +CIPCONNPERSIST:p +CIPSEND:e=l! +CIPSENDL:e= +CIPSENDLCFG:p +CIPSENDEX:e= "
    b"+CIPDINFO:p +CIPMUX:p +CIPRECVMODE:p +CIPRECVTYPE:p +CIPRECVDATA:e= +CIPRECVLEN:q? "
    b"+CIPSERVER:q +CIPSERVERMAXCONN:q "
    b"+CIPSSLCCONF:m +CIPSSLCCN:m +CIPSSLCSNI:m +CIPSSLCALPN:m= +CIPSSLCPSK:m= "
    b"+CIPSSLCPSKHEX:m= +CIPSSLCCIPHER:m= +CIPMODE:e +CIPSTO:q +CIPSNTPCFG:r +CIPSNTPINTV:r "
    b"+CIPSNTPTIME:r? +CIPRECONNINTV:p +PING:i= +HTTPCLIENT:h= +HTTPGETSIZE:q= "
    b"+HTTPURLCFG:p?=0 +HTTPCHEAD:p?=0 +HTTPCGET:h= +HTTPCPOST:h= +HTTPCPUT:h= +HTTPCFG:p= "
    b"+FS:d= +FSMOUNT:d= +CIUPDATE:u!?= +CIPFWVER:u? +UART:c +UART_CUR:c +UART_DEF:c "
    b"+USERRAM:r?=0 +USEROTA:u= +HTTPGET_TO_FS:o= +FS_TO_HTTP_SERVER:d= "
    # What ESP-AT does not have stands behind: the numbers of the others stay.
    b"+HTTPREQ:q= +HTTPREPORT:p +HTTPREDIRECT:p +HTTPTIMEOUT:p +HTTPABORT:b! +HTTPPULL:p "
    b"+HTTPREAD:q "
)


def _system():
    from espat.commands import listing, power, system

    return listing.handlers(TABLE), power.HANDLERS, system.HANDLERS


def _store():
    from espat.commands import mfg, socket_tls

    return mfg.HANDLERS, socket_tls.HANDLERS


def _flash():
    # What is small comes with something else: each file costs a chip two names, for ever.
    from espat.commands import clock, partitions, user_ram

    return clock.HANDLERS, partitions.HANDLERS, user_ram.HANDLERS


def _filters():
    from espat.commands import message_filter

    return (message_filter.HANDLERS,)


def _station():
    from espat.commands import scan, wifi

    return wifi.HANDLERS, scan.HANDLERS


def _settings():
    from espat.commands import socket_saved, station_settings, uart

    return station_settings.HANDLERS, uart.HANDLERS, socket_saved.HANDLERS


def _mode():
    from espat.commands import mode

    return (mode.HANDLERS,)


def _access_point():
    from espat.commands import access_point

    return (access_point.HANDLERS,)


def _addresses():
    from espat.commands import addresses, lookups

    return addresses.HANDLERS, lookups.HANDLERS


def _config():
    from espat.commands import http_options, http_presets, socket_modes

    return http_presets.HANDLERS, http_options.HANDLERS, socket_modes.HANDLERS


def _request():
    from espat.commands import http_read, http_request, http_size, socket_server, socket_state

    requests = http_request.HANDLERS, http_read.HANDLERS, http_size.HANDLERS
    return requests + (socket_server.HANDLERS, socket_state.HANDLERS)


def _start():
    from espat.commands import socket_start

    return (socket_start.HANDLERS,)


def _socket():
    from espat.commands import sockets

    return (sockets.HANDLERS,)


def _passthrough():
    from espat.commands import passthrough

    return (passthrough.HANDLERS,)


def _files():
    from espat.commands import fs, fs_upload

    return fs.HANDLERS, fs_upload.HANDLERS


def _download():
    from espat.commands import fs_download

    return (fs_download.HANDLERS,)


def _update():
    from espat.commands import update

    return (update.HANDLERS,)


# No dict: the letters as its keys would each be a name on a chip, for ever.
_HTTP = 0x68  # "h"
LETTERS = b"smrfjcwaipqteldou"
_FIRST_LETTER = 0x61
FAMILIES = (
    _system,
    _store,
    _flash,
    _filters,
    _station,
    _settings,
    _mode,
    _access_point,
    _addresses,
    _config,
    _request,
    _start,
    _socket,
    _passthrough,
    _files,
    _download,
    _update,
)
# Bytes that must be free before each comes: what it takes of a chip's heap, and 900 for what it
# makes while it runs (host_tests/sim_only/test_units.py).
ROOMS = (
    7100,
    7700,
    7800,
    8800,
    7100,
    8800,
    8900,
    7100,
    8000,
    7700,
    7100,
    5300,
    5900,
    6300,
    6700,
    5900,
    9700,
)


def find(units, name, mark, data):
    """The handler of a command's form. `units`: the Units that bring the families; `data`: what
    stands behind "=", or None. Raises AtError."""
    at = TABLE.find(b" %s:" % name) + len(name) + 2
    if at < len(name) + 2 or b":" in name:
        raise AtError(UNSUPPORTED)
    forms = TABLE[at + 1 : TABLE.find(b" ", at)] or b"?="
    form = forms.find(mark or b"!")
    if form < 0:
        raise AtError(OP_ERROR)
    if b"0" in forms and data and parse(data) == [0]:
        return give_back
    own = TABLE[at + form]  # what stands before the form
    for handlers in _handlers(units, own if own >= _FIRST_LETTER else TABLE[at]):
        handler = handlers.get(name + mark) or handlers.get(name)
        if handler is not None:
            return handler


def _handlers(units, letter):
    if letter == _HTTP:
        units.drop()  # what is always there wants the room for a request
    at = LETTERS.find(letter)
    return RESIDENT if at < 0 else units.family(FAMILIES[at], ROOMS[at])


async def nothing(device, reply, args):
    pass


async def echo(device, reply, args):
    device.echo, reply.plain = reply.name == b"E1", True


async def abort(device, reply, args):
    device.exchange.let_go()  # a body that waits; a request that runs is the session's


async def restart(device, reply, args):
    reply.after = device.restart


async def give_back(device, reply, args):
    if reply.name == b"+HTTPURLCFG":
        device.http.url = b""
    elif reply.name == b"+HTTPCHEAD":
        device.http.headers = []
    elif reply.name == b"+USERRAM":
        device.system.ram = None
    else:
        device.message_filter.filters.clear()


async def close(device, reply, args):
    # What frees memory needs no family: there may be no room for one.
    if device.units.guest is None:
        raise AtError(EXEC_FAIL)
    await device.units.guest.close_for(reply, args)


HANDLERS = {
    b"": nothing,
    b"E0": echo,
    b"E1": echo,
    b"+RST": restart,
    b"+HTTPABORT": abort,
    b"+CIPCLOSE": close,
}
RESIDENT = (HANDLERS, http.HANDLERS)
