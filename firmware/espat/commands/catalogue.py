# All commands, and where their handlers are.
#
# A family is loaded when one of its commands comes: its modules have HANDLERS, a dict of
# `async def handler(device, reply, args)` by the command's name, or by name and mark where its
# forms have a handler each; `args` is an Args for "=", else None. What is imported at the top here
# is always there (docs/memory.md).

from espat.commands import http
from espat.pure.args import parse
from espat.pure.command_table import TABLE
from espat.pure.errors import EXEC_FAIL, OP_ERROR, UNSUPPORTED, AtError

# By its letter the unit of a family: a module at the top of this package, whose HANDLERS are those
# of some modules here. One text, as above.
LETTERS = b"srfwjcaipdoutenlv"
FAMILIES = (
    "system flash filters mode station settings access_point addresses request files download "
    "update start socket config passthrough server"
)
# Bytes that must be free before each comes: what it takes of a chip's heap, and 900 for what it
# makes while it runs (host_tests/sim_only/test_units.py).
ROOMS = (
    7300,
    9100,
    9000,
    9400,
    9300,
    8800,
    7200,
    7900,
    5200,
    6800,
    6000,
    9600,
    5500,
    6200,
    8800,
    6100,
    3700,
)


def find(units, name, mark, data):
    """The handler of a command's form. `units`: the Units that bring the families; `data`: what
    stands behind "=", or None. Raises AtError."""
    at = TABLE.find(b" %s:" % name) + len(name) + 2
    if at < len(name) + 2 or b":" in name:
        raise AtError(UNSUPPORTED)
    forms = TABLE[at + 1 : TABLE.find(b" ", at)] or b"?="
    form = forms.find(mark or b"!")
    if form < 0:
        raise AtError(OP_ERROR)
    if b"0" in forms and data and parse(data) == [0]:
        return give_back
    own = TABLE[at + form : at + form + 1]  # what stands before the form
    for handlers in _handlers(units, own if own >= b"a" else TABLE[at : at + 1]):
        handler = handlers.get(name + mark) or handlers.get(name)
        if handler is not None:
            return handler


def _handlers(units, letter):
    if letter == b"h":
        units.drop()  # what is always there wants the room for a request
    family = LETTERS.find(letter)
    if family < 0:
        return RESIDENT
    return units.bring(FAMILIES.split()[family], ROOMS[family]).HANDLERS


async def nothing(device, reply, args):
    pass


async def echo(device, reply, args):
    device.echo, reply.plain = reply.name == b"E1", True


async def abort(device, reply, args):
    device.exchange.let_go()  # a body that waits; a request that runs is the session's


async def restart(device, reply, args):
    reply.after = device.restart


async def give_back(device, reply, args):
    if reply.name == b"+HTTPURLCFG":
        device.http.url = b""
    elif reply.name == b"+HTTPCHEAD":
        device.http.headers = []
    elif reply.name == b"+USERRAM":
        device.system.ram = None
    else:
        device.message_filter.filters.clear()


async def close(device, reply, args):
    # What frees memory needs no family: there may be no room for one.
    if device.units.guest is None:
        raise AtError(EXEC_FAIL)
    await device.units.guest.close_for(reply, args)


HANDLERS = {
    b"": nothing,
    b"E0": echo,
    b"E1": echo,
    b"+RST": restart,
    b"+HTTPABORT": abort,
    b"+CIPCLOSE": close,
}
RESIDENT = (HANDLERS, http.HANDLERS)
