# AT+FS and AT+FSMOUNT: the host's files on the board (wire.md 3).

import asyncio
import binascii
import hashlib

from espat.edges import files
from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.file_name import argument
from espat.pure.reasons import FILES_FULL, NOT_SUPPORTED
from espat.services.file_transfer import FilePart, pour
from espat.services.host_data import HostData

_LITTLEFS = 1  # FATFS, type 0, is not what this firmware's boards have
_NAME = 255  # longer than is allowed: the check of names decides
_MOST = 0x7FFFFFFF
_ROOT = (b".", b"/")
_BLOCK = 4096  # LittleFS copies on write: a write needs a block or two more than its bytes


async def access(device, reply, args):
    if args.number(0, 0, _LITTLEFS) != _LITTLEFS:
        raise AtError(PARA_INVALID | 0)
    handler, count = _OPERATIONS[args.number(1, 0, len(_OPERATIONS) - 1)]
    args.count(count, count)
    files.prepare()
    await handler(device, reply, args)


async def mount(device, reply, args):
    args.count(1, 1)
    # Unmounting has nothing to do: the file system holds the firmware's own files, too.
    if args.number(0, 0, 1):
        files.prepare()


async def _delete(device, reply, args):
    files.remove(argument(args, 2))


async def _write(device, reply, args):
    name, offset = argument(args, 2), args.number(3, 0, _MOST)
    data = HostData(device.port.counted, args.number(4, 1, _MOST))
    size = files.size_or_none(name) or 0
    # LittleFS keeps the old blocks from the first change on until the file is closed.
    needed = max(size, offset + data.length) - min(size, offset)
    if needed + _BLOCK > files.space()[0]:
        raise Failure(FILES_FULL)
    # Opened before the prompt: a flash that refuses is an ERROR without one.
    with files.File(name, "r+b", min(size, offset)) if size else files.new(name) as file:
        data.begin()
        try:
            await reply.end(b">")
            buf = device.chunks.memory()
            await _fill_gap(file, offset - size, buf)
            await pour(data.readinto, buf, file.write)
            end = offset + data.length
            if end < size:
                with FilePart(name, end, size - end) as rest:
                    await pour(rest.readinto, buf, file.write)
            file.keep()
        finally:
            await data.swallow()


async def _fill_gap(file, missing, buf):
    """Write so many zeros, in pieces: LittleFS would fill the gap in one go, for seconds. The same
    holds for what follows the data."""
    zeros = bytes(min(max(0, missing), len(buf)))
    while missing > 0:
        file.write(zeros[:missing])
        missing -= len(zeros)
        await asyncio.sleep_ms(0)


async def _read(device, reply, args):
    name = argument(args, 2)
    size = files.size(name)
    offset = args.number(3, 0, size)
    with FilePart(name, offset, min(args.number(4, 1, _MOST), size - offset)) as part:
        await _stream(device, b"+FS:%d," % part.length, part.fill)


async def _size(device, reply, args):
    await reply.line(b"+FS:%d" % files.size(argument(args, 2)))


async def _list(device, reply, args):
    if args.string(2, _NAME) not in _ROOT:
        raise AtError(PARA_INVALID | 2)
    await _stream(device, b"+FS:", Names(files.names()).fill)


async def _md5(device, reply, args):
    name = argument(args, 2)
    make = getattr(hashlib, "md5", None)  # a port may be built without
    if make is None:
        raise Failure(NOT_SUPPORTED)
    digest = make()
    with FilePart(name, 0, files.size(name)) as part:
        await pour(part.readinto, device.chunks.memory(), digest.update)
    await reply.line(b"+FS:" + binascii.hexlify(digest.digest()))


async def _space(device, reply, args):
    await reply.line(b"+FS:%d,%d" % files.space())


class Names:
    """File names with a blank behind each, as pieces of one message."""

    def __init__(self, names):
        self._names = names
        self._waiting = b""

    def fill(self, buf):
        """As many as fit into buf."""
        text = self._waiting
        self._waiting = b""
        for name in self._names:
            name = name.encode() + b" "
            if len(text) + len(name) > len(buf):
                self._waiting = name
                break
            text += name
        buf[: len(text)] = text
        return len(text)


async def _stream(device, head, fill):
    await device.message_filter.write_long(head, device.chunks.memory(), fill)


# By operation: the handler, and how many parameters it has.
_OPERATIONS = (
    (_delete, 3),
    (_write, 5),
    (_read, 5),
    (_size, 3),
    (_list, 3),
    (_md5, 3),
    (_space, 2),
)


HANDLERS = {
    b"+FS": access,
    b"+FSMOUNT": mount,
}
