# Passthrough, as long as it lasts.

from espat.commands import passthrough

HANDLERS = (passthrough.HANDLERS,)
