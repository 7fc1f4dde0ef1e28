# Starts the simulated board: mounts its file system, then runs the program that the command line
# names, a module beside this file. The firmware's folder, named there too, is at /lib, where a chip
# has it: each module keeps the path it came from, and paths take memory.

import sys

import simflash
import simticks  # noqa: F401 - before all that imports asyncio
import vfs

vfs.mount(vfs.VfsPosix(sys.argv[2]), "/lib")
sys.path.insert(sys.path.index(".frozen"), "/lib")
simflash.mount()
__import__(sys.argv[1])
