# A flash whose power goes in the middle of things, and its file system at /flash.

import os

import simflash
import vfs

_PLACE = "/flash"
_BLOCK = 4096


class Cut(simflash.Flash):
    """A flash of `blocks` in the file `path`, whose power goes after `budget` operations, the last
    one done by half."""

    def __init__(self, path, blocks, budget):
        super().__init__(path, blocks)
        self.budget = budget

    def erase(self, block):
        self.budget -= 1
        if self.budget > 0:
            super().erase(block)
        elif self.budget == 0:
            self._file.seek(block * _BLOCK)
            self._file.write(b"\xff" * (_BLOCK // 2))

    def program(self, address, buf):
        self.budget -= 1
        if self.budget > 0:
            super().program(address, buf)
        elif self.budget == 0:
            super().program(address, buf[: len(buf) // 2])


def copy(source, target):
    with open(source, "rb") as old, open(target, "wb") as new:
        new.write(old.read())


def mount(flash):
    vfs.mount(vfs.VfsLfs2(flash), _PLACE)
    os.chdir(_PLACE)


def unmount():
    os.chdir("/")
    vfs.umount(_PLACE)
