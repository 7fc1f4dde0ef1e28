# AT+USERRAM: a buffer in the module's memory for what the host wants to put there (wire.md 2.13).

from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError
from espat.pure.results import CRLF
from espat.services.host_data import HostData
from espat.services.unit_care import spare

_LARGEST = 16384  # more would be missing where TLS needs it
_PIECE = 1024
_WRITTEN = CRLF + b"WRITE OK" + CRLF


async def access(device, reply, args):
    if args is None:
        await reply.line(b"+USERRAM:%d" % len(device.system.ram or b""))
        return
    operation = args.number(0, 0, 4)
    if not operation:
        args.count(1, 1)  # which is the catalogue's
    await _OPERATIONS[operation - 1](device, reply, args)


async def _make(device, reply, args):
    args.count(2, 2)
    size = args.number(1, 1, _LARGEST)
    if device.system.ram is not None:
        raise AtError(EXEC_FAIL)
    ram = device.memory.buffer(size)
    spare(device.units)
    device.system.ram = ram


async def _clear(device, reply, args):
    args.count(1, 1)
    buf = _buffer(device)
    for index in range(len(buf)):
        buf[index] = 0


async def _write(device, reply, args):
    room = _part(device, args)
    data = HostData(device.port.counted, len(room))
    data.begin()
    try:
        await reply.prompt()
        count = await data.readinto(room)
        while count:
            room = room[count:]
            count = await data.readinto(room) if room else 0
    finally:
        await data.swallow()
    reply.ok = _WRITTEN


async def _read(device, reply, args):
    part = _part(device, args)
    for start in range(0, len(part), _PIECE):
        piece = part[start : start + _PIECE]
        await reply.send(b"+USERRAM:%d,%s" % (len(piece), bytes(piece)))


def _part(device, args):
    """The part of the buffer that the parameters name."""
    args.count(2, 3)
    buf = _buffer(device)
    count, offset = args.number(1, 1, len(buf)), args.number(2, 0, len(buf) - 1, 0)
    if offset + count > len(buf):
        raise AtError(PARA_INVALID | 2)
    return buf[offset : offset + count]


def _buffer(device):
    if device.system.ram is None:
        raise AtError(EXEC_FAIL)
    return memoryview(device.system.ram)


_OPERATIONS = (_make, _write, _read, _clear)  # 1 to 4


HANDLERS = {
    b"+USERRAM": access,
}
