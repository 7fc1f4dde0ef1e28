# Starts a simulated board as it comes from flashing MicroPython: an empty file system at the root,
# and a REPL. What lies on the PC is below /pc: the modules that the chip has in its image, which
# the command line names, and the state.

import sys

import vfs

# With a root of its own, VfsPosix("/"), a rename would take the new name for the old one too.
vfs.mount(vfs.VfsPosix(), "/pc")
sys.path[:] = ["", ".frozen", "/lib"] + sys.argv[1:]

import simflash  # noqa: E402 - found where the line before says
import simticks  # noqa: E402, F401 - before all that imports asyncio

vfs.umount("/")
simflash.mount("/")

import simrepl  # noqa: E402

simrepl.run()
