# AT+SYSMSGFILTER and AT+SYSMSGFILTERCFG: parts of messages that the host does not want (wire.md
# 2.10). Nothing of it is saved.

from espat.pure.errors import EXEC_FAIL, PARA_INVALID, PARA_PARSE, AtError
from espat.pure.reasons import NO_MEMORY
from espat.pure.regex_program import BadRegex
from espat.pure.regex_syntax import compiled
from espat.services.host_data import ask
from espat.services.unit_care import FILTER, keep, spare

_ADD, _DELETE = 1, 2
_LONGEST = 64  # bytes of an expression
_ALL_FLAGS = 7
_MOST = 8  # filters; each may take 3 KB


async def switch(device, reply, args):
    if args is None:
        await reply.line(b"+SYSMSGFILTER:%d" % device.message_filter.on)
    else:
        args.count(1, 1)
        device.message_filter.on = args.number(0, 0, 1) == 1
        reply.plain = True


async def filters_query(device, reply, args):
    filters = device.message_filter.filters
    for index in range(len(filters)):
        one = filters[index]
        row = (index, one.head, one.tail, one.flags)
        await reply.line(b'+SYSMSGFILTERCFG:%d,"%s","%s",%d' % row)


async def filters_set(device, reply, args):
    filters = device.message_filter.filters
    operation = args.number(0, 0, _DELETE)
    if not operation:
        args.count(1, 1)  # which is the catalogue's
    if operation == _ADD and len(filters) == _MOST:
        raise AtError(EXEC_FAIL | NO_MEMORY)
    wanted = await _ask(device, reply, args)
    if operation == _ADD:
        head, tail, flags = wanted
        programs = _compiled(head, flags, 1), _compiled(tail, flags, 2)
        unit = device.units.beside("filter", FILTER)  # before: it stays beside the next family
        spare(device.units)
        filters.append(unit.Filter(*wanted, programs))
        keep(device.units, "filter", device.message_filter)
    else:
        _delete(filters, wanted)


async def _ask(device, reply, args):
    """(head, tail, flags)"""
    args.count(3, 4)
    head, tail = args.number(1, 0, _LONGEST), args.number(2, 0, _LONGEST)
    flags = args.number(3, 0, _ALL_FLAGS, 0)
    if not head + tail:
        raise AtError(PARA_INVALID | 1)
    both = bytes(await ask(device, reply, head + tail))
    return both[:head], both[head:], flags


def _compiled(pattern, flags, index):
    if not pattern:
        return None
    try:
        return compiled(pattern, flags)
    except BadRegex as error:
        raise AtError(PARA_PARSE | index, "in pattern %s: %s" % (pattern, error))


def _delete(filters, wanted):
    for one in filters:
        if (one.head, one.tail, one.flags) == wanted:
            filters.remove(one)
            return
    raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+SYSMSGFILTER": switch,
    b"+SYSMSGFILTERCFG?": filters_query,
    b"+SYSMSGFILTERCFG=": filters_set,
}
