# The flash chip's partition "vfs" and what an ESP32's image does with it before main.py runs
# (ports/esp32/modules/_boot.py, inisetup.py): LittleFS, formatted when it is blank.
#
# It is one file of the state. Every write to it goes to the PC at once, so that a power cut leaves
# what has been programmed so far. As on a NOR flash, programming clears bits and only the erasure
# of a block sets them.
#
# On the chip it is the root. The unix port needs its root for its own modules, so with a program
# from the PC this file system is at /flash and the program starts there: relative paths lead to the
# same files. On a bare board (simbare) it is the root here too.

import io
import os
import time

import vfs
from simboard import setting, state_path

MOUNT_POINT = "/flash"
_BLOCK = 4096
_BLOCKS = 512  # 2 MB, what MicroPython leaves for files on a chip with 4 MB of flash
_BLANK = b"\xff" * _BLOCK
_SYNC, _COUNT, _SIZE, _ERASE = 3, 4, 5, 6
_ERASE_MS = 25  # typical for 4 KB; the VM stands still meanwhile, as on the chip


class Reads:
    """How often the flash has been read since power came, how many bytes, and how often it was
    written to. littlefs asks for at most 128 bytes, the SPI controller reads at most 64 at once,
    and a chip takes some 100 us for each. What comes before the file system, the partition table
    and the like, was counted in an emulated chip."""

    count, size, written = 426, 26688, 0


reads = Reads


class Flash:
    """A block device as esp32.Partition is one; `slow`: erasing takes its time."""

    def __init__(self, path, blocks=_BLOCKS, slow=False):
        self._file = _open(path, blocks)
        self._blocks = blocks
        self._slow = slow
        self._page = bytearray(_BLOCK)

    def readblocks(self, block, buf, offset=0):
        reads.count += (len(buf) + 63) // 64
        reads.size += len(buf)
        self._file.seek(block * _BLOCK + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset=None):
        if offset is None:
            for number in range(len(buf) // _BLOCK):
                self.erase(block + number)
            offset = 0
        self.program(block * _BLOCK + offset, buf)

    def ioctl(self, operation, argument):
        if operation == _ERASE:
            self.erase(argument)
        return {_SYNC: 0, _COUNT: self._blocks, _SIZE: _BLOCK, _ERASE: 0}.get(operation)

    def erase(self, block):
        if self._slow:
            time.sleep_ms(_ERASE_MS)
        self._file.seek(block * _BLOCK)
        self._file.write(_BLANK)

    def program(self, address, buf):
        reads.written += 1
        size = len(buf)
        old = memoryview(self._page)[:size]
        self._file.seek(address)
        self._file.readinto(old)
        if old != _BLANK[:size]:
            buf = bytes(old[i] & buf[i] for i in range(size))
        self._file.seek(address)
        self._file.write(buf)


def mount(place=MOUNT_POINT):
    """Make the file system the place that relative paths start from."""
    flash = Flash(state_path("flash.bin"), slow=setting("PACED") == "1")
    try:
        system = vfs.VfsLfs2(flash)
    except OSError:
        first = bytearray(_BLOCK)
        flash.readblocks(0, first)
        if first != _BLANK:
            raise
        vfs.VfsLfs2.mkfs(flash)
        system = vfs.VfsLfs2(flash)
    vfs.mount(system, place)
    os.chdir(place)


def _open(path, blocks):
    try:
        os.stat(path)
    except OSError:
        with io.open(path + "-unfinished", "wb") as file:
            for _ in range(blocks):
                file.write(_BLANK)
        os.rename(path + "-unfinished", path)
    return io.open(path, "r+b")
