# AT+CIUPDATE and AT+CIPFWVER: what the update server of the board's data has (wire.md 5.6).
# AT+USEROTA: a new firmware from a URL (wire.md 2.13).

import asyncio
import sys

from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import UPDATING
from espat.services.host_data import ask
from espat.services.supervisor import run_once
from espat.services.unit_care import hold, let_go
from espat.services.update import FAILED, LIST, Update, in_time, server_url

_LONGEST = 64
_PARTITION = b"ota"  # the firmware's files: nothing else is updated
_TLS = 1
_MOST_URL = 8192


async def query(device, reply, args):
    await reply.line(b"+CIUPDATE:%d" % device.system.update_state)


async def choose(device, reply, args):
    args.count(1, 4)
    mode = args.number(0, 0, _TLS)
    version = args.string(1, _LONGEST, None) or None
    if (args.string(2, _LONGEST, None) or _PARTITION) != _PARTITION:
        raise AtError(PARA_INVALID | 2)
    beside = args.number(3, 0, 1, 0)
    if mode == _TLS and not server_url(device, LIST).tls:
        raise AtError(PARA_INVALID | 0)
    if not beside:
        await install(device, reply, None, version)
        return
    server_url(device, LIST)  # without a server it is an error right now
    if device.system.updating:
        raise Failure(UPDATING)

    async def start():
        device.exchange.prepare()  # or the next command would take that code away
        hold(device.units)
        asyncio.create_task(run_once([_in_background(device, version)]))

    reply.after = start


async def install(device, reply, args, version=None):
    """Without a version the newest."""
    with Update(device) as update:
        await in_time(device, update.install_version(version))
    reply.after = device.restart


async def _in_background(device, version):
    try:
        with Update(device, True) as update:
            await in_time(device, update.install_version(version))
        return
    except Failure as failure:
        print("update failed: 0x%04x" % failure.reason, failure.detail)
    except Exception as error:  # noqa: BLE001 - a bug: shown, and the host is told
        sys.print_exception(error)
    finally:
        let_go(device.units)
    device.system.update_state = FAILED
    await device.message_filter.report(b"+CIPUPDATE:%d\r\n" % FAILED)


async def versions(device, reply, args):
    with Update(device) as update:
        found = await in_time(device, update.releases())
    for name, _, _ in found:
        await reply.line(b'+CIPFWVER:"%s"' % name)


async def from_url(device, reply, args):
    args.count(1, 1)
    length = args.number(0, 1, _MOST_URL)
    with Update(device) as update:
        text = await ask(device, reply, length)
        reply.bare(b"\r\nRecv %d bytes\r\n" % length)
        await reply.send(b"")
        try:
            url = urls.parse(text)
        except urls.BadUrl:
            raise AtError(PARA_INVALID | 0)
        await in_time(device, update.install(url))
    reply.after = device.restart


HANDLERS = {
    b"+CIUPDATE?": query,
    b"+CIUPDATE=": choose,
    b"+CIUPDATE": install,
    b"+CIPFWVER": versions,
    b"+USEROTA": from_url,
}
