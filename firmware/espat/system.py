# Versions, the list of commands, sleep, memory.

from espat.commands import listing, power, system

HANDLERS = listing.HANDLERS, power.HANDLERS, system.HANDLERS
