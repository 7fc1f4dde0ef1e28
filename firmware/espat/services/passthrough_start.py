# The passthrough that begins when the board starts, AT+SAVETRANSLINK (docs/wire.md 2.13).

from espat.services import settings
from espat.services.link_code import links as links_of
from espat.services.socket_settings import MODE


def prepare(device):
    """Have the session begin it, if one is stored."""
    stored = settings.text(settings.PASSTHROUGH).split(b" ")
    if len(stored) != 4:
        return
    kind, port, local, host = stored
    link = links_of(device).claim(0, kind)
    link.host, link.port, link.local = host, int(port), int(local)
    device.sockets[MODE] = 1
    device.first_line = b"AT+CIPSEND"
