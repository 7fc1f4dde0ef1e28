# The folders in which a firmware comes and goes; espat_versions.py has what they mean.

import asyncio
import errno
import os

from espat.edges import flash

LIB = "lib"
PART, NEW, GONE = LIB + "/espat-part", LIB + "/espat-new", LIB + "/espat-gone"
_FOLDER = 0x4000  # stat's S_IFDIR


async def clear(path):
    """Remove a folder with all that is in it, if it is there. Raises Failure."""
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
