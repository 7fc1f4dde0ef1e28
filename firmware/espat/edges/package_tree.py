# A new firmware on its way into the file system: file by file into a folder of its own, which gets
# its name when it is whole. At the next start it takes its place (espat_versions.py, which has what
# the folders mean).

import asyncio
import errno
import hashlib
import os

from espat.edges import flash
from espat.pure.errors import Failure
from espat.pure.reasons import CHECKSUM, FILES_FULL

LIB = "lib"
PART = "lib/espat-part"
NEW = "lib/espat-new"
GONE = "lib/espat-gone"
_FOLDER = 0x4000  # stat's S_IFDIR
_BLOCK = 4096
_FOLDERS = 16  # blocks for the folders themselves, with room to spare
_PIECE = 256  # for reading a file again


class NewTree:
    """The folder of one new firmware, from begin() to end(), which has to come on every path."""

    def __init__(self):
        self._file = None
        self._path = None

    async def begin(self):
        """An empty folder; what an earlier update has left is removed."""
        flash.make_folder(LIB)
        for path in (NEW, PART, GONE):
            await clear(path)
        flash.make_folder(PART)

    def reserve(self, blocks):
        """Raise Failure if so many blocks of 4 KB are not free."""
        system = flash.call(os.statvfs, LIB)
        if (blocks + _FOLDERS) * _BLOCK > system[0] * system[3]:
            raise Failure(FILES_FULL)

    def open(self, path):
        """Begin the file `path`, as "espat/pure/url.mpy"."""
        *folders, name = path.split("/")[1:]
        here = PART
        for folder in folders:
            here += "/" + folder
            flash.make_folder(here)
        self._path = here + "/" + name
        self._file = flash.call(open, self._path, "xb")

    def write(self, data):
        flash.call(self._file.write, data)

    def finish(self, digest):
        """End the file and read it again: what the flash holds counts."""
        flash.call(self._file.close)
        self._file = flash.call(open, self._path, "rb")
        checksum, buf = hashlib.sha256(), memoryview(bytearray(_PIECE))
        count = flash.call(self._file.readinto, buf)
        while count:
            checksum.update(buf[:count])
            count = flash.call(self._file.readinto, buf)
        self._close()
        if checksum.digest() != digest:
            raise Failure(CHECKSUM, self._path)

    def keep(self):
        """From now on it is the firmware of the next start, also if the power goes."""
        flash.call(os.rename, PART, NEW)

    async def end(self):
        """Leave nothing behind but what keep() has named."""
        self._close()
        await clear(PART)

    def _close(self):
        file, self._file = self._file, None
        if file is not None:
            flash.call(file.close)


async def clear(path=GONE):
    """Remove a folder with all that is in it, if it is there; by default the firmware that an
    update has replaced. Raises Failure."""
    try:
        entries = list(os.ilistdir(path))
    except OSError:
        return
    for name, kind, *_ in entries:
        inner = path + "/" + name
        if kind == _FOLDER:
            await clear(inner)
        else:
            _unless_gone(os.remove, inner)
        await asyncio.sleep_ms(0)  # the flash may have stopped everything
    _unless_gone(os.rmdir, path)


def _unless_gone(function, path):
    """Two may clear the same folder: an update, and the start before it."""
    try:
        function(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise flash.failure(error)
