# The commands that are always loaded: the dialogue itself, and the way out.

from espat.pure.table import Command


async def nothing(device, reply, args):
    pass


async def echo_off(device, reply, args):
    device.echo = False


async def echo_on(device, reply, args):
    device.echo = True


async def restart(device, reply, args):
    reply.after = device.restart


ROWS = (
    Command(b"", exec=nothing),
    Command(b"E0", exec=echo_off),
    Command(b"E1", exec=echo_on),
    Command(b"+RST", exec=restart),
)
