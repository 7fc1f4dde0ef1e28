# AT+CMD?: the commands that there are (wire.md 1.6).


def handlers(table):
    """HANDLERS for the table of commands, as commands/catalogue.py has it."""

    async def commands(device, reply, args):
        at = index = 0
        while at + 1 < len(table):
            end = table.find(b" ", at + 1)
            name, forms = table[at + 1 : end].split(b":")
            forms = forms[1:] or b"?="
            slots = b",".join(b"%d" % (mark in forms) for mark in (b"=?", b"?", b"=", b"!"))
            await reply.line(b'+CMD:%d,"AT%s",%s' % (index, name, slots))
            at, index = end, index + 1

    return {b"+CMD": commands}
