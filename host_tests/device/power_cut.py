# What AT+FS writes, over a file, behind it and as a new one, and a download that replaces a file,
# with the power cut at every single operation of the flash, the last one done by half: afterwards
# the file system mounts, and the file is the old one, or none, or the new one.

import asyncio
import os

import simflash
import vfs
from cut_flash import Cut, copy, mount, unmount

from espat.commands import fs
from espat.edges import files
from espat.pure.args import Args

BLOCKS = 16
OLD = b"old" * 2000
NEW = b"the new one" * 900
PIECE = 2048
GAP = 5000  # zeros before the data, where no file was


class Host:
    """The device, its port and its host in one: NEW is what it has to say."""

    def __init__(self):
        self.port = self.counted = self.chunks = self
        self._left = 0

    def memory(self):
        return memoryview(bytearray(PIECE))

    def expect(self, count, most):
        self._left = count

    async def end(self, prompt):
        pass

    async def readinto(self, buf):
        count = min(self._left, len(buf))
        at = len(NEW) - self._left
        buf[:count] = NEW[at : at + count]
        self._left -= count
        return count

    def over(self):
        return not self._left

    async def swallow(self):
        pass


def download():
    with files.new("f") as new:
        for start in range(0, len(NEW), PIECE):
            new.write(NEW[start : start + PIECE])
        new.keep()


def written(offset):
    """AT+FS at an offset."""

    def change():
        host = Host()
        args = Args(b'1,1,"f",%d,%d' % (offset, len(NEW)))
        asyncio.run(fs.access(host, host, args))

    return change


def read():
    size = files.size_or_none("f")
    if size is None:
        return None
    buf = bytearray(size)
    with files.File("f", "rb") as file:
        file.readinto(buf)
    return bytes(buf)


def one_cut(budget, change, old, new):
    """Whether the change came to its end before the power went."""
    copy(BEFORE, AFTER)
    flash = Cut(AFTER, BLOCKS, budget)
    mount(flash)
    files.prepare()
    complete = False
    try:
        change()
        complete = flash.budget > 0
    except files.Failure:
        pass  # the chip would not have lived to see it
    unmount()
    mount(simflash.Flash(AFTER, BLOCKS))
    files.prepare()
    found = read()
    length = found and len(found)
    assert found == new or (found == old and not complete), (budget, complete, length)
    assert list(files.names()) == ([] if found is None else ["f"]), budget
    assert "fs-unfinished" not in os.listdir(), budget
    change()
    assert read() == new, budget
    unmount()
    seen.add(found)
    return complete


def every_cut(change, old, new):
    blank = simflash.Flash(BEFORE, BLOCKS)
    vfs.VfsLfs2.mkfs(blank)
    mount(blank)
    files.prepare()
    if old is not None:
        with files.new("f") as file:
            file.write(old)
            file.keep()
    unmount()
    seen.clear()
    budget = 1
    while not one_cut(budget, change, old, new):
        budget += 1
    assert budget > 40, budget
    assert seen == {old, new}


BEFORE, AFTER = os.getcwd() + "/before.bin", os.getcwd() + "/after.bin"
seen = set()
every_cut(download, OLD, NEW)
every_cut(written(0), OLD, NEW)
every_cut(written(1), OLD, OLD[:1] + NEW)
every_cut(written(0), None, NEW)
every_cut(written(0), b"", NEW)
every_cut(written(GAP), None, bytes(GAP) + NEW)
print("done")
