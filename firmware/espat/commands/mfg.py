# AT+SYSMFG: the user's own values and certificates, by namespace and key (wire.md 2.12).

from espat.edges import vault
from espat.pure.errors import PARA_INVALID, AtError
from espat.pure.results import CRLF
from espat.services.file_transfer import pour
from espat.services.host_data import HostData

# Types 1 to 6: u8, i8, u16, i16, u32, i32. A parameter is a signed 32-bit number, so the upper half
# of u32 is written as negative number and read as what it is.
_RANGES = {
    1: (0, 0xFF),
    2: (-0x80, 0x7F),
    3: (0, 0xFFFF),
    4: (-0x8000, 0x7FFF),
    5: (-0x80000000, 0x7FFFFFFF),
    6: (-0x80000000, 0x7FFFFFFF),
}
_U32 = 5
_STRING, _BINARY = 7, 8
_LARGEST = 8192  # bytes of one value: a chain of certificates in PEM
_PIECE = 512
_LONGEST_NAME = 255  # longer than is allowed: the vault decides


async def query(device, reply, args):
    for namespace in vault.namespaces():
        await reply.line(b'+SYSMFG:"%s"' % namespace)


async def access(device, reply, args):
    await _OPERATIONS[args.number(0, 0, 2)](device, reply, args)


async def _erase(device, reply, args):
    args.count(2, 3)
    vault.erase(_name(args, 1), _name(args, 2) if len(args) == 3 else None)


async def _read(device, reply, args):
    args.count(1, 5)
    if len(args) == 1:
        await query(device, reply, args)
    elif len(args) == 2:
        await _list_keys(reply, _name(args, 1))
    else:
        await _read_value(device, args)


async def _list_keys(reply, namespace):
    for key in vault.keys(namespace):
        kind, _ = vault.describe(namespace, key)
        await reply.line(b'+SYSMFG:"%s","%s",%d' % (namespace, key, kind))


async def _read_value(device, args):
    namespace, key = _name(args, 1), _name(args, 2)
    if len(args) == 4:
        args.count(5, 5)
    kind, size = vault.describe(namespace, key)
    offset = args.number(3, 0, size, 0)
    count = min(size - offset, args.number(4, 0, _LARGEST, size))
    left = [offset, count]

    def fill(buf):
        piece = vault.load(namespace, key, left[0], min(left[1], len(buf)))
        buf[: len(piece)] = piece
        left[0] += len(piece)
        left[1] -= len(piece)
        return len(piece)

    head = b'+SYSMFG:"%s","%s",%d,%d,' % (namespace, key, kind, count)
    await device.message_filter.write_long(head, bytearray(_PIECE), fill, CRLF)


async def _write(device, reply, args):
    args.count(5, 5)
    namespace, key = _name(args, 1), _name(args, 2)
    kind = args.number(3, 1, _BINARY)
    if kind in (_STRING, _BINARY):
        await _write_bytes(device, reply, args, (namespace, key, kind))
        return
    value = args.number(4, *_RANGES[kind])
    with vault.NewValue(namespace, key, kind) as new:
        new.write(b"%d" % (value & 0xFFFFFFFF if kind == _U32 else value))
        new.keep()


async def _write_bytes(device, reply, args, item):
    data = HostData(device.port.counted, args.number(4, 1, _LARGEST))
    buf = memoryview(bytearray(_PIECE))
    data.begin()
    try:
        with vault.NewValue(*item) as new:
            await reply.prompt()
            await pour(data.readinto, buf, new.write)
            new.keep()
    finally:
        await data.swallow()


def _name(args, index):
    name = args.string(index, _LONGEST_NAME)
    if not vault.is_name(name):
        raise AtError(PARA_INVALID | index)
    return name.decode()


_OPERATIONS = (_erase, _read, _write)


HANDLERS = {
    b"+SYSMFG?": query,
    b"+SYSMFG=": access,
}
