# Starts the firmware; espat_start.py tells how. What an update has put into lib goes before what is
# frozen into the image, so lib is looked into first.

import sys

# For each of its own modules, too, MicroPython looks into every folder first, at each import, and
# that takes 200 to 600 reads of the flash. What is known already is looked for nowhere.
folders = sys.path[:]
sys.path[:] = (".frozen",)
OWN = (
    "asyncio",
    "binascii",
    "collections",
    "errno",
    "esp32",
    "hashlib",
    "io",
    "machine",
    "network",
    "os",
    "select",
    "socket",
    "ssl",
    "struct",
    "time",
    "vfs",
)
for name in OWN:
    if name not in sys.modules:
        sys.modules[name] = __import__(name)
sys.path[:] = ["lib"] + folders
del OWN, folders, name

import espat_start  # noqa: E402

espat_start.run()
