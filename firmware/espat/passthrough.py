# A passthrough.

from espat.commands import passthrough

HANDLERS = (passthrough.HANDLERS,)
