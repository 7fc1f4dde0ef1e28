# AT+CIPSTART, the server for links, and which links there are.

from espat.commands import socket_server, socket_start, socket_state

HANDLERS = socket_server.HANDLERS, socket_start.HANDLERS, socket_state.HANDLERS
