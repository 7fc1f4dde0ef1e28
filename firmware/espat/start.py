# AT+CIPSTART.

from espat.commands import socket_start

HANDLERS = (socket_start.HANDLERS,)
