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
_PIECE = 256  # for reading a file again
_LF = 10


class Unpacker(Collector):
    """A sink for the bytes of a package, collected in `buf`, a memoryview; they go into `tree`, a
    NewTree. `board`: whose packages are taken. Raises Failure."""

    def __init__(self, tree, buf, board):
        super().__init__(buf)
        self._tree = tree
        self._board = board
        self._again = memoryview(bytearray(_PIECE))
        self._line = bytearray()
        self._take = self._header  # what the next line is for
        self._missing = 0  # files that are still to come
        self._left = 0  # bytes of the present file
        self._file = None  # (SHA-256, path) of it
        self._before = hashlib.sha256()  # of all before the last line
        self._all = hashlib.sha256()
        self._starts = False  # it has what the board starts

    async def finish(self, digest=None):
        """After the last byte. `digest`: the SHA-256 that the file must have, if one is known."""
        await self.flush()
        if digest is not None and self._all.digest() != digest:
            raise Failure(CHECKSUM, "not the file that the server's list means")
        if self._take is not None:
            raise Failure(NO_PACKAGE, "it has no end")
        self._tree.keep()

    async def flush(self):
        data = self._data[: self.take()]
        self._all.update(data)
        try:
            while data:
                data = await (self._file_bytes if self._file else self._line_bytes)(data)
        except package.BadPackage as error:
            raise Failure(NO_PACKAGE, str(error))

    async def _file_bytes(self, data):
        """Take what belongs to the present file; the rest."""
        count = min(self._left, len(data))
        if count:
            self._before.update(data[:count])
            self._tree.write(data[:count])
            self._left -= count
        if not self._left:
            await self._end_file()
        return data[count:]

    async def _end_file(self):
        (digest, path), self._file = self._file, None
        self._tree.finish(digest, self._again)
        self._starts = self._starts or path == _ENTRY
        await asyncio.sleep_ms(0)  # the flash may have stopped everything

    async def _line_bytes(self, data):
        """Take one line, or what there is of it; the rest."""
        if self._take is None:
            raise package.BadPackage("something behind its end")
        most = package.LONGEST_LINE - len(self._line)
        for index in range(min(len(data), most)):
            if data[index] == _LF:
                self._line.extend(data[:index])
                line, self._line = bytes(self._line), bytearray()
                self._take(line)
                return data[index + 1 :]
        if len(data) >= most:
            raise package.BadPackage("a line without an end")
        self._line.extend(data)
        return data[:0]

    def _header(self, line):
        _, board, mpy, files, blocks = package.header(line)
        if mpy != sys.implementation._mpy & 0xFF:  # py/persistentcode.h: the version
            raise Failure(WRONG_PACKAGE, "it is for .mpy version %d" % mpy)
        if board not in (b"*", self._board):
            raise Failure(WRONG_PACKAGE, "it is for the board %s" % board.decode())
        self._tree.reserve(blocks)
        self._missing = files
        self._seen(line)
        self._take = self._next_file

    def _next_file(self, line):
        digest = package.end(line)
        if digest is not None:
            if digest != self._before.digest():
                raise Failure(CHECKSUM)
            if self._missing or not self._starts:
                raise package.BadPackage("files are missing")
            self._take = None
            return
        size, digest, path = package.entry(line)
        if not self._missing:
            raise package.BadPackage("more files than announced")
        self._missing -= 1
        self._seen(line)
        self._tree.open(path)
        self._left, self._file = size, (digest, path)

    def _seen(self, line):
        self._before.update(line)
        self._before.update(b"\n")
