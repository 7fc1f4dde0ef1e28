# The commands that are always loaded: the dialogue itself, and the way out.


async def nothing(device, reply, args):
    pass


async def echo_off(device, reply, args):
    device.echo = False


async def echo_on(device, reply, args):
    device.echo = True


async def restart(device, reply, args):
    reply.after = device.restart


HANDLERS = {
    b"": nothing,
    b"E0": echo_off,
    b"E1": echo_on,
    b"+RST": restart,
}
