# The system itself: memory, registers, which messages there are (wire.md 2.9, 2.13).

from espat.edges import chip
from espat.edges.memory import system_heap
from espat.pure.errors import PARA_INVALID, AtError
from espat.services import settings
from espat.services.settings import ALL_MESSAGES

_LAST = 0x7FFFFFFF
_READ, _WRITE = 0, 1
_WORD = 4  # registers lie at multiples of it
_LONGEST_GATHERING = 1000


async def memory_query(device, reply, args):
    free = device.memory.free()
    reply.bare(b"+SYSRAM:%d,%d" % (free, device.memory.fewest))


async def memory_set(device, reply, args):
    args.count(1, 1)
    reply.bare(b"+SYSRAM:%d,%d,%d,%d" % system_heap(args.number(0, 0, _LAST)))


async def messages_query(device, reply, args):
    reply.bare(b"+SYSMSG:%d" % device.system.messages)


async def messages_set(device, reply, args):
    args.count(1, 1)
    bits = args.number(0, 0, ALL_MESSAGES)
    if device.store:
        settings.save_messages(bits)
    device.system.messages = bits


async def gathering_query(device, reply, args):
    await reply.line(b"+TRANSINTVL:%d" % device.system.gather_ms)


async def gathering_set(device, reply, args):
    args.count(1, 1)
    device.system.gather_ms = args.number(0, 0, _LONGEST_GATHERING)


async def register(device, reply, args):
    # As in ESP-AT, nobody checks what lies there: the chip stops at an address it does not have.
    if args.number(0, _READ, _WRITE) == _READ:
        args.count(2, 2)
        await reply.line(b"+SYSREG:0x%x" % chip.read_register(_address(args)))
    else:
        args.count(3, 3)
        chip.write_register(_address(args), args.number(2, -_LAST - 1, _LAST))


def _address(args):
    address = args.number(1, 0, _LAST)
    if address % _WORD:
        raise AtError(PARA_INVALID | 1)
    return address


HANDLERS = {
    b"+TRANSINTVL?": gathering_query,
    b"+TRANSINTVL=": gathering_set,
    b"+SYSRAM?": memory_query,
    b"+SYSRAM=": memory_set,
    b"+SYSMSG?": messages_query,
    b"+SYSMSG=": messages_set,
    b"+SYSREG=": register,
}
