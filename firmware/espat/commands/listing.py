# AT+CMD?: the commands that there are (wire.md 1.6).

from espat.pure.command_table import TABLE


async def commands(device, reply, args):
    at = index = 0
    while at + 1 < len(TABLE):
        end = TABLE.find(b" ", at + 1)
        name, rest = TABLE[at + 1 : end].split(b":")
        forms = rest[1:] or b"?="
        slots = b",".join(b"%d" % (mark in forms) for mark in (b"=?", b"?", b"=", b"!"))
        await reply.line(b'+CMD:%d,"AT%s",%s' % (index, name, slots))
        at, index = end, index + 1


HANDLERS = {b"+CMD": commands}
