# The HTTP commands that a host seldom uses; the server for links, and which there are.

from espat.commands import http_read, http_request, http_size, socket_server, socket_state

HANDLERS = (
    http_read.HANDLERS,
    http_request.HANDLERS,
    http_size.HANDLERS,
    socket_server.HANDLERS,
    socket_state.HANDLERS,
)
