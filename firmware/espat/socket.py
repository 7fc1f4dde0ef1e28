# The data of links.

from espat.commands import sockets

HANDLERS = (sockets.HANDLERS,)
