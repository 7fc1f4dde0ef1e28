# AT+CIPSEND alone begins a passthrough (docs/wire.md 6.9); the session sends it by itself at the
# start after AT+SAVETRANSLINK.

from espat.pure.errors import EXEC_FAIL, AtError
from espat.services.passthrough import Passthrough
from espat.services.socket_settings import MODE, switch

_GREETING = b"\r\n>"


async def begin(device, reply, args):
    links = device.units.guest
    found = [link for link in links.table if link] if links else ()
    if not switch(device, MODE) or len(found) != 1 or found[0].mode:
        raise AtError(EXEC_FAIL)
    link = found[0]
    links.keep_quiet(True)
    reply.ok = b""
    await Passthrough(device, link, _GREETING).run(reply.prompt if link.conn else _nothing)


async def _nothing():
    pass


HANDLERS = {b"+CIPSEND": begin}
