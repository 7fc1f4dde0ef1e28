# An update with the power cut at every single operation of the flash, the last one done by half:
# when it comes, when it takes its place, when it is proven, and when the old firmware comes back.
# Afterwards the file system mounts, and the firmware in place is the old or the new one, whole.

import asyncio
import hashlib
import io
import os
import sys

import vfs
from cut_flash import Cut, copy, mount, unmount

import espat_versions
from espat.edges.package_tree import NewTree
from espat.pure.errors import Failure
from espat.services.unpacker import Unpacker

BLOCKS = 64
OLD = {"espat/run.mpy": b"old" * 700, "espat/app.mpy": b"older", "espat/pure/url.mpy": b"u" * 5000}
NEW = {"espat/run.mpy": b"new" * 1000, "espat/pure/b.mpy": b"newer" * 900, "espat/c.mpy": b"c"}
HERE = os.getcwd()


def _path(name):
    return HERE + "/" + name


def on(name, budget=1000000):
    flash = Cut(_path(name), BLOCKS, budget)
    mount(flash)
    return flash


def package(files):
    text = b"espat-package 1 x * %d %d 9\n" % (sys.implementation._mpy & 0xFF, len(files))
    for path, data in files.items():
        text += b"%d %s %s\n" % (len(data), hex_of(data), path.encode()) + data
    return text + b"end %s\n" % hex_of(text)


def hex_of(data):
    return hashlib.sha256(data).digest().hex().encode()


async def unpack(data):
    tree = NewTree()
    try:
        await tree.begin()
        sink = Unpacker(tree, memoryview(bytearray(2048)), b"sim")
        source = io.BytesIO(data)
        while sink.fill(source.readinto, len(data)):
            await sink.flush()
        await sink.finish()
    finally:
        await tree.end()


def install():
    asyncio.run(unpack(package(NEW)))


def present():
    """The firmware in place as {path: content}; None where the image's is used."""
    return dict(files("espat")) if "espat" in os.listdir("lib") else None


def files(folder):
    for name, kind, *_ in os.ilistdir("lib/" + folder):
        path = folder + "/" + name
        if kind == 0x4000:
            yield from files(path)
        else:
            with open("lib/" + path, "rb") as file:
                yield path, file.read()


def one_cut(before, step, budget, outcomes):
    """Whether the step came to its end before the power went."""
    copy(_path(before), _path("after.bin"))
    flash = on("after.bin", budget)
    try:
        step()
    except (OSError, Failure):
        if flash.budget > 0:
            raise
        # the chip would not have lived to see it
    complete = flash.budget > 0
    unmount()
    on("after.bin")
    espat_versions.settle()
    found = present()
    names = [name for name in outcomes if outcomes[name] == found]
    assert len(names) == 1, (step, budget, found)
    left = set(os.listdir("lib")) - {"espat", "espat-old", "espat-gone"}
    assert not left, left
    # And whatever is there can be updated, as the command does it.
    espat_versions.prove()
    install()
    assert espat_versions.settle()
    assert present() == NEW, budget
    espat_versions.prove()
    assert not espat_versions.on_trial()
    unmount()
    seen.add(names[0])
    return complete


def every_cut(before, step, outcomes):
    seen.clear()
    budget = 1
    while not one_cut(before, step, budget, outcomes):
        budget += 1
    assert seen == set(outcomes), (step, seen)
    return budget


def blank(name):
    flash = Cut(_path(name), BLOCKS, 1000000)
    vfs.VfsLfs2.mkfs(flash)
    mount(flash)
    os.mkdir("lib")


def made_of(name, files):
    """A flash with a firmware that has proved itself."""
    blank(name)
    for path, data in files.items():
        for end in range(len(path)):
            if path[end] == "/" and path[:end] not in made:
                os.mkdir("lib/" + path[:end])
                made.add(path[:end])
        with open("lib/" + path, "wb") as file:
            file.write(data)
    unmount()


made = set()
seen = set()
made_of("old.bin", OLD)
blank("image.bin")
unmount()
for start, old in (("old.bin", OLD), ("image.bin", None)):
    outcomes = {"old": old, "new": NEW}
    cuts = every_cut(start, install, outcomes)
    assert cuts > 50, cuts

    copy(_path(start), _path("unpacked.bin"))
    on("unpacked.bin")
    install()
    unmount()
    every_cut("unpacked.bin", espat_versions.settle, {"new": NEW})

    copy(_path("unpacked.bin"), _path("trial.bin"))
    on("trial.bin")
    assert espat_versions.settle()
    assert espat_versions.on_trial()
    assert not espat_versions.settle()
    unmount()
    every_cut("trial.bin", espat_versions.prove, {"new": NEW})
    every_cut("trial.bin", espat_versions.go_back, outcomes)
print("done")
