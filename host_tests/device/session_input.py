# Input at odd moments: data in the same write as their command, however late that gets its turn;
# and a host that takes no output for so long that the port gives up.

import asyncio

from scripted_device import Device, family

from espat.commands import catalogue
from espat.session import Session

_LATE_MS = 20
_LEAST = 5


got = []
fine = []


async def data(device, reply, args):
    counted, found = device.port.counted, bytearray(_LEAST)
    counted.expect(_LEAST, _LEAST)
    await reply.prompt()
    count = 0
    while count < _LEAST:
        count += await counted.readinto(memoryview(found)[count:])
    got.append(bytes(found))


async def count(device, reply, args):
    fine.append(1)


async def slow(device, reply, args):
    await asyncio.sleep_ms(_LATE_MS)


catalogue.TABLE = b" +DATA:x! +FINE:x! +SLOW:x! "
family("x", {b"+DATA": data, b"+FINE": count, b"+SLOW": slow})


async def feed(device):
    await Session(device)._feed(len(device.port.staging))
    await asyncio.sleep_ms(3 * _LATE_MS)
    return device.port.out


async def late(coroutine):
    """What else there was to do came first."""
    await asyncio.sleep_ms(_LATE_MS)
    await coroutine


at_once = asyncio.create_task
asyncio.create_task = lambda coroutine: at_once(late(coroutine))
OK = b"\r\nOK\r\n"
out = asyncio.run(feed(Device(b"AT+DATA\r\nAT\r\nh\r\n")))
assert got == [b"AT\r\nh"], got
assert out == OK + b"\r\n>" + OK, out

asyncio.create_task = at_once
out = asyncio.run(feed(Device(b"AT+SLOW\r\nAT+FINE\r\n")))
assert out == b"\r\nbusy p...\r\n" + OK, out
device = Device(b"AT+SLOW\r\nAT+RST\r\n")
device.port.deaf = True
asyncio.run(feed(device))
assert device.restarted

fine.clear()
device = Device(b"AT+FINE\r\n" * 5)
device.echo = device.port.deaf = True
asyncio.run(feed(device))
assert len(fine) == 5, fine
print("done")
