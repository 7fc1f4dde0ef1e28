# Starts the simulated board: mounts its file system, then runs the program that the command line
# names, a module beside this file.

import sys

import simflash
import simticks  # noqa: F401 - before all that imports asyncio

simflash.mount()
__import__(sys.argv[1])
