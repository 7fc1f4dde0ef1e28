# What imports cost of the flash beside the loading of what is found there: a module that is C on
# the chip, or frozen into its image, is looked for on the file system too. Here those modules are
# loaded before the file system is there, so the looks are taken by hand, and until then sys.modules
# has them as little as a chip's.
#
# py/builtinimport.c: an extensible built-in comes after every place of sys.path, whenever it is
# imported, unless somebody has put it into sys.modules; a frozen module where sys.path has
# ".frozen", once. Each place is asked for a folder, for .py and for .mpy.

import os
import sys

# MP_REGISTER_EXTENSIBLE_MODULE, as far as the ESP32 port has them.
_EXTENSIBLE = frozenset(
    (
        "array",
        "binascii",
        "collections",
        "cryptolib",
        "deflate",
        "errno",
        "hashlib",
        "heapq",
        "io",
        "json",
        "machine",
        "math",
        "network",
        "os",
        "platform",
        "random",
        "re",
        "select",
        "socket",
        "struct",
        "time",
        "tls",
        "uctypes",
        "vfs",
    )
)
# Frozen modules, and the extensible ones that they import.
_FROZEN = {"asyncio": ("time", "select"), "ssl": ("tls", "tls")}
_IMAGE = ".frozen"
_PC = "/pc"
_loaded = set()
_built_in = {}


def hide():
    """Take out of sys.modules what a chip does not have there at the start."""
    for name in _EXTENSIBLE.union(_FROZEN):
        if name in sys.modules:
            _built_in[name] = sys.modules.pop(name)


def look(name):
    """A module of that name is about to be imported; returns it if it is one of the hidden."""
    if name in _EXTENSIBLE and name not in sys.modules:
        _everywhere(name)
        return _built_in.get(name)
    elif name in _FROZEN and name not in _loaded:
        _loaded.add(name)
        for place in sys.path[: sys.path.index(_IMAGE)]:
            _at(place, name)
        sys.modules[name] = _built_in[name]
        for other in _FROZEN[name]:
            if other not in sys.modules:
                _everywhere(other)


def _everywhere(name):
    for place in sys.path:
        if place != _IMAGE and not place.startswith(_PC):
            _at(place, name)


def _at(place, name):
    path = place + "/" + name if place else name
    for end in ("", ".py", ".mpy"):
        try:
            os.stat(path + end)
        except OSError:
            continue  # as it should be
