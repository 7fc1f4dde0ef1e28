# A package on its way from an HTTP exchange into the file system: checked while it comes, and whole
# or worth nothing in the end.

import asyncio
import hashlib
import sys

from espat.pure import package
from espat.pure.errors import Failure
from espat.pure.reasons import CHECKSUM, NO_PACKAGE, WRONG_PACKAGE
from espat.services.streaming import Collector

_ENTRY = "espat/run.mpy"  # what espat_start.py starts
_LF = 10


class Unpacker(Collector):
    """A sink for the bytes of a package, collected in `buf`, a memoryview; they go into `tree`, a
    NewTree. `board`: whose packages are taken. Raises Failure."""

    def __init__(self, tree, buf, board):
        super().__init__(buf)
        self._tree = tree
        self._board = board
        self._rest = buf[:0]  # of the bytes that have come, those that are not unpacked yet
        self._before = hashlib.sha256()  # of all before the last line
        self._all = hashlib.sha256()
        self._whole = False
        self._unpacking = self._unpack()

    async def flush(self):
        self._rest = self._data[: self.take()]
        self._all.update(self._rest)
        while self._rest:
            next(self._unpacking)
            await asyncio.sleep_ms(0)  # the flash may have stopped everything

    async def finish(self, digest=None):
        """After the last byte. `digest`: the SHA-256 that the file must have, if one is known."""
        await self.flush()
        if digest is not None and self._all.digest() != digest:
            raise Failure(CHECKSUM, "not the file that the server's list means")
        if not self._whole:
            raise Failure(NO_PACKAGE, "it has no end")
        self._tree.keep()

    def _unpack(self):
        """Take the package apart. Yields when it wants more bytes, and after each file."""
        line = yield from self._line()
        board, mpy, files, blocks = package.header(line)
        if mpy != sys.implementation._mpy & 0xFF:  # py/persistentcode.h: the version
            raise Failure(WRONG_PACKAGE, "it is for .mpy version %d" % mpy)
        if board not in (b"*", self._board):
            raise Failure(WRONG_PACKAGE, "it is for the board %s" % board.decode())
        self._before.update(line + b"\n")
        self._tree.reserve(blocks)
        starts = False
        for _ in range(files):
            line = yield from self._line()
            size, digest, path = package.entry(line)
            self._before.update(line + b"\n")
            self._tree.open(path)
            while size:
                if not self._rest:
                    yield
                data = self._rest[:size]
                self._rest = self._rest[len(data) :]
                self._before.update(data)
                self._tree.write(data)
                size -= len(data)
            self._tree.finish(digest)
            starts = starts or path == _ENTRY
            yield
        line = yield from self._line()
        if package.end(line) != self._before.digest():
            raise Failure(CHECKSUM)
        if not starts:
            raise Failure(NO_PACKAGE, "nothing in it starts")
        self._whole = True
        yield
        raise Failure(NO_PACKAGE, "something behind its end")

    def _line(self):
        """The next line without its end, of what has come and what will come."""
        line = bytearray()
        while len(line) < package.LONGEST_LINE:
            if not self._rest:
                yield
            byte, self._rest = self._rest[0], self._rest[1:]
            if byte == _LF:
                return bytes(line)
            line.append(byte)
        raise Failure(NO_PACKAGE, line)
