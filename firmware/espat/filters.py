# Message filters.

from espat.commands import message_filter

HANDLERS = (message_filter.HANDLERS,)
