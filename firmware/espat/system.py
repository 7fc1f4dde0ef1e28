# Versions, the list of commands, the clock, sleep, memory.

from espat.commands import clock, listing, power, system

HANDLERS = clock.HANDLERS, listing.HANDLERS, power.HANDLERS, system.HANDLERS
