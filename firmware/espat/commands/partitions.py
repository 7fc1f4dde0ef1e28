# AT+SYSFLASH: the user's partitions. AT+SYSROLLBACK: the other program (wire.md 2.11, 2.13).

import asyncio

from espat.edges import partitions
from espat.pure.errors import PARA_INVALID, AtError
from espat.services.host_data import HostData

_LONGEST_NAME = 16
_PIECE = 512


async def query(device, reply, args):
    for kind, subtype, address, size, label in partitions.listing():
        row = (label.encode(), kind, subtype, address, size)
        await reply.line(b'+SYSFLASH:"%s",%d,%d,0x%x,0x%x' % row)


async def access(device, reply, args):
    await _OPERATIONS[args.number(0, 0, 2)](device, reply, args)


async def programs_query(device, reply, args):
    running, other = partitions.programs()
    reply.bare(b'+SYSROLLBACK:0x%x,"%s",0x%x,"%s"' % (running + other))


async def roll_back(device, reply, args):
    partitions.start_the_other()
    reply.after = device.restart


async def _erase(device, reply, args):
    args.count(2, 4)
    if len(args) == 3:
        args.count(4, 4)
    label, offset, count = _range(args)
    for index, value in ((2, offset), (3, count)):
        if value % partitions.BLOCK:
            raise AtError(PARA_INVALID | index)
    for block in range(offset // partitions.BLOCK, (offset + count) // partitions.BLOCK):
        partitions.erase(label, block)
        await asyncio.sleep_ms(0)


async def _write(device, reply, args):
    args.count(4, 4)
    label, offset, count = _range(args)
    data = HostData(device.port.counted, count)
    buf = memoryview(bytearray(_PIECE))
    data.begin()
    try:
        await reply.send(b">")
        count = await data.readinto(buf)
        while count:
            partitions.write(label, offset, buf[:count])
            offset += count
            count = await data.readinto(buf)
    finally:
        await data.swallow()


async def _read(device, reply, args):
    args.count(4, 4)
    label, offset, count = _range(args)
    reply.bare(b"+SYSFLASH:%d," % count)
    buf = memoryview(bytearray(_PIECE))
    while count:
        piece = buf[: min(count, _PIECE)]
        partitions.readinto(label, offset, piece)
        await reply.send(bytes(piece))
        offset += len(piece)
        count -= len(piece)


def _range(args):
    """(label, offset, count); all of the partition where they are left out."""
    name = args.string(1, _LONGEST_NAME)
    sizes = {row[4].encode(): row[3] for row in partitions.listing()}
    if name not in sizes:
        raise AtError(PARA_INVALID | 1)
    label, size = name.decode(), sizes[name]
    offset = args.number(2, 0, size - 1, 0)
    return label, offset, args.number(3, 1, size - offset, size - offset)


_OPERATIONS = (_erase, _write, _read)


HANDLERS = {
    b"+SYSFLASH?": query,
    b"+SYSFLASH=": access,
    b"+SYSROLLBACK?": programs_query,
    b"+SYSROLLBACK": roll_back,
}
