# Starts a simulated board as it comes from flashing MicroPython: an empty file system at the root,
# and a REPL. What lies on the PC is below /pc: the modules that the chip has in its image, which
# the command line names, and the state.

import sys

import vfs

# With a root of its own, VfsPosix("/"), a rename would take the new name for the old one too.
vfs.mount(vfs.VfsPosix(), "/pc")
sys.path[:] = ["", ".frozen", "/lib"] + sys.argv[1:]

import simticks  # noqa: E402, F401, I001 - before all that imports asyncio
import simflash  # noqa: E402 - found where the line above says
import simimage  # noqa: E402
import simlookup  # noqa: E402
import simrepl  # noqa: E402
import simstations  # noqa: E402, F401 - not from the flash's path later

vfs.umount("/")
simflash.mount("/")
simimage.begin(simlookup.look)
simlookup.hide()
simrepl.run()
