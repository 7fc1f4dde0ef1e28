# The HTTP commands that a host seldom uses, and the states.

from espat.commands import http_read, http_request, http_size, states

HANDLERS = http_read.HANDLERS, http_request.HANDLERS, http_size.HANDLERS, states.HANDLERS
