# Puts a folder of the PC onto the flash, as `espat deploy` does it on an empty one: the folders
# first, then every file under its own name. To rename makes the log of a folder longer, and all of
# that is read whenever something is looked for there. The command line: the folder with the
# simulation's modules, the list of the files, the folder that has them.

import os
import sys

import vfs

vfs.mount(vfs.VfsPosix(), "/pc")
sys.path[:] = [sys.argv[1]]

import simflash  # noqa: E402

_CHUNK = 512

vfs.umount("/")
simflash.mount("/")
with open("/pc" + sys.argv[2]) as _list:
    _names = [name for name in _list.read().split("\n") if name]


def _folder(path):
    try:
        os.stat(path)
    except OSError:
        _parent(path)
        os.mkdir(path)


def _parent(path):
    if "/" in path:
        _folder(path.rsplit("/", 1)[0])


def _copy(source, path):
    with open(source, "rb") as file, open(path, "wb") as copy:
        data = file.read(_CHUNK)
        while data:
            copy.write(data)
            data = file.read(_CHUNK)


for _name in sorted(_names):
    _parent(_name)
for _name in _names:
    _copy("/pc" + sys.argv[3] + "/" + _name, _name)
