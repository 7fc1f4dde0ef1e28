# A download that replaces a file, with the power cut at every single operation of the flash, the
# last one done by half: afterwards the file system mounts, and the file is the old or the new one.

import os

import simflash
import vfs
from cut_flash import Cut, copy, mount, unmount

from espat.edges import files

BLOCKS = 16
OLD = b"old" * 2000
NEW = b"the new one" * 900
PIECE = 2048


def replace(content):
    with files.new("f") as new:
        for start in range(0, len(content), PIECE):
            new.write(content[start : start + PIECE])
        new.keep()


def read():
    buf = bytearray(files.size("f"))
    file = files.File("f", "rb")
    file.readinto(buf)
    file.close()
    return bytes(buf)


def one_cut(budget):
    """Whether the replacement came to its end before the power went."""
    copy(BEFORE, AFTER)
    flash = Cut(AFTER, BLOCKS, budget)
    mount(flash)
    files.prepare()
    complete = False
    try:
        replace(NEW)
        complete = flash.budget > 0
    except files.Failure:
        pass  # the chip would not have lived to see it
    unmount()
    mount(simflash.Flash(AFTER, BLOCKS))
    files.prepare()
    found = read()
    assert found == NEW or (found == OLD and not complete), (budget, complete, len(found))
    assert list(files.names()) == ["f"], budget
    assert "fs-unfinished" not in os.listdir(), budget
    replace(NEW)
    assert read() == NEW, budget
    unmount()
    seen.add(found)
    return complete


BEFORE, AFTER = os.getcwd() + "/before.bin", os.getcwd() + "/after.bin"
seen = set()
blank = simflash.Flash(BEFORE, BLOCKS)
vfs.VfsLfs2.mkfs(blank)
mount(blank)
files.prepare()
replace(OLD)
unmount()
budget = 1
while not one_cut(budget):
    budget += 1
assert budget > 50, budget
assert seen == {OLD, NEW}
print("done")
