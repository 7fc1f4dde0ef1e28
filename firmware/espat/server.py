# The server for links.

from espat.commands import socket_server

HANDLERS = (socket_server.HANDLERS,)
