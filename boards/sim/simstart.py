# Starts the simulated board: mounts its file system, then runs the program that the command line
# names, a module beside this file. Two folders are named there too: the modules of the chip's image
# and the firmware. They are at /sim and /lib, wherever the PC has them, because a module keeps the
# path it came from, and paths take memory.

import sys

import vfs

_, program, image, firmware = sys.argv
for folder, place in ((image, "/sim"), (firmware, "/lib")):
    vfs.mount(vfs.VfsPosix(folder), place)
    sys.path.insert(sys.path.index(".frozen"), place)

import simflash  # noqa: E402 - found where the line before says
import simticks  # noqa: E402, F401 - before all that imports asyncio

simflash.mount()

import simimage  # noqa: E402

simimage.begin()
__import__(program)
