# The HTTP commands that a host seldom uses.

from espat.commands import http_read, http_request, http_size

HANDLERS = http_read.HANDLERS, http_request.HANDLERS, http_size.HANDLERS
