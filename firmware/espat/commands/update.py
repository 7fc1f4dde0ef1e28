# AT+CIUPDATE and AT+CIPFWVER: what the update server of the board's data has (wire.md 5.6).

import asyncio
import sys

from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import UPDATING
from espat.services.update import Update, in_time, is_encrypted

_LONGEST = 64
_PARTITION = b"ota"  # the firmware's files: nothing else is updated
_TLS = 1
_FAILED = -1
_ALL, _WITH_A_VERSION = (1, 2, 3, 4), (1, 4)  # the steps that are told


async def query(device, reply, args):
    await reply.line(b"+CIUPDATE:%d" % device.system.update_state)


async def newest(device, reply, args):
    await _now(device, reply, None)


async def choose(device, reply, args):
    args.count(1, 4)
    mode = args.number(0, 0, _TLS)
    version = args.string(1, _LONGEST, None) or None
    if (args.string(2, _LONGEST, None) or _PARTITION) != _PARTITION:
        raise AtError(PARA_INVALID | 2)
    beside = args.number(3, 0, 1, 0)
    if mode == _TLS and not is_encrypted(device):
        raise AtError(PARA_INVALID | 0)
    if beside:
        is_encrypted(device)  # without a server it is an error right now
        if device.system.updating:
            raise Failure(UPDATING)
        reply.after = _beside(device, version)
    else:
        await _now(device, reply, version)


async def versions(device, reply, args):
    with Update(device) as update:
        found = await in_time(device, update.releases())
    for name, _, _ in found:
        await reply.line(b'+CIPFWVER:"%s"' % name)


async def _now(device, reply, version):
    done = False
    try:
        await _install(device, version)
        done = True
    finally:
        if not done and not device.system.updating:
            device.system.update_state = _FAILED
    reply.after = device.restart


def _beside(device, version):
    async def start():
        device.units.hold()
        asyncio.create_task(_in_background(device, version))

    return start


async def _in_background(device, version):
    try:
        await _install(device, version, beside=True)
        return
    except Failure as failure:
        print("update failed: 0x%04x" % failure.reason, failure.detail)
    except Exception as error:  # noqa: BLE001 - a bug: shown, and the host is told
        sys.print_exception(error)
    finally:
        device.units.let_go()
    device.system.update_state = _FAILED
    await device.message_filter.report(b"+CIPUPDATE:%d\r\n" % _FAILED)


async def _install(device, version, beside=False):
    told = _WITH_A_VERSION if version else _ALL

    async def progress(step):
        device.system.update_state = step
        if step in told:
            await device.message_filter.report(b"+CIPUPDATE:%d\r\n" % step)

    with Update(device, progress, beside) as update:
        device.system.update_state = 0
        await in_time(device, update.install_version(version))


HANDLERS = {
    b"+CIUPDATE?": query,
    b"+CIUPDATE=": choose,
    b"+CIUPDATE": newest,
    b"+CIPFWVER?": versions,
}
