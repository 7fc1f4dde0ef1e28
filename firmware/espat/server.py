# The server for links, and which links there are.

from espat.commands import socket_server, socket_state

HANDLERS = socket_server.HANDLERS, socket_state.HANDLERS
