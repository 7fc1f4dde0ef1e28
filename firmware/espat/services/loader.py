# Commands and the code behind them, which is in memory only while it is wanted: a chip without
# PSRAM has no room for all of it (docs/memory.md).
#
# One family of commands is loaded at a time. It stays for the next command of its kind, and goes
# when another command comes, or when the host has left it alone for a while. Families that need
# the same parts are relatives: one leaves the parts to the other. Code goes by being forgotten: its
# modules leave sys.modules and their packages, and what nobody holds any more is garbage. On a
# board with memory enough nothing goes.

import asyncio
import gc
import sys

from espat.edges.deadline import after, expired
from espat.pure.errors import UNSUPPORTED, AtError
from espat.pure.table import by_name, form, split

_PACKAGE = "espat."
_CATALOGUE = "espat.commands.catalogue"
_LINGER_MS = 60000  # a host that asks once a minute does not wait for its code
_WATCH_MS = 250


class Loader:
    """`rows`: those that are always there. `release(modules)` ends what the device has made of
    other modules than these, `look()` is called now and then. What is loaded when the Loader is
    made stays, but for the modules in `boot`. `keep`: whether the families stay as well."""

    def __init__(self, rows, release, look, boot, keep):
        self._rows = by_name(rows)
        self._release = release
        self._look = look
        self._keep = keep
        self._stay = {name for name in sys.modules if name not in boot}
        self._family = {}  # the rows of what is loaded and of its relatives, by name
        self._parts = []  # the modules they share
        self._modules = []  # the same with that of the family itself
        self._busy = False
        self._until = after(0)

    async def find(self, line):
        """(handler, argument bytes or None) of a command line; raises AtError. The handler's code
        stays until done()."""
        self._busy = True
        name, mark, rest = split(line)
        row = self._rows.get(name) or self._family.get(name)
        if row is None:
            row = await self._fetch(name)
        slot, data = form(row, mark, rest)
        if row.module is None:
            return slot, data
        if row.module not in self._modules:
            self._modules = self._parts + [row.module] + (self._modules if self._keep else [])
            self._forget()
        for module in self._modules:
            if module not in sys.modules:
                # One at a time: loading takes a chip some milliseconds for each.
                _load(module)
                await asyncio.sleep_ms(0)
        return getattr(_load(row.module), slot), data

    def done(self):
        """The command has ended."""
        self._busy = False
        self._until = after(_LINGER_MS)

    def once(self, name):
        """A module that nobody wants a second time."""
        module = _load(name)
        self._forget()
        return module

    def rows(self):
        """All rows, in the order of AT+CMD?."""
        return self.once(_CATALOGUE).ROWS

    def drop(self):
        """Forget all code but what stays."""
        self._family, self._parts, self._modules = {}, [], []
        self._release(())
        self._forget()

    async def watch(self):
        """For ever: look, and drop what nobody has wanted for a while. The one task for all of
        it: asyncio holds on to one that was cancelled, and so to the code of a family."""
        while True:
            await asyncio.sleep_ms(_WATCH_MS)
            self._look()
            if self._modules and not (self._busy or self._keep) and expired(self._until):
                self.drop()

    async def _fetch(self, name):
        """The row of a command whose family is not loaded."""
        if not self._keep:
            self.drop()
        catalogue = _load(_CATALOGUE)
        row = _find(catalogue.ROWS, name)
        if row is not None:
            parts = catalogue.PARTS.get(row.module, ())
            self._parts = list(parts)
            self._family.update(
                by_name(
                    one
                    for one in catalogue.ROWS
                    if one.module == row.module
                    or (parts and catalogue.PARTS.get(one.module) is parts)
                )
            )
        catalogue = None
        self._forget()
        if row is None:
            raise AtError(UNSUPPORTED)
        await asyncio.sleep_ms(0)
        return row

    def _forget(self):
        for name in list(sys.modules):
            if name.startswith(_PACKAGE) and name not in self._stay and name not in self._modules:
                package, _, leaf = name.rpartition(".")
                # A dict keeps the value of what is deleted until its place is taken (py/map.c).
                sys.modules[name] = None
                setattr(sys.modules[package], leaf, None)
                del sys.modules[name]
                delattr(sys.modules[package], leaf)
        gc.collect()


def _load(module):
    __import__(module)
    return sys.modules[module]


def _find(rows, name):
    for row in rows:
        if row.name == name:
            return row
    return None
