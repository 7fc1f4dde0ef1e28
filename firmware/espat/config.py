# How links behave; the clock.

from espat.commands import clock, socket_modes

HANDLERS = clock.HANDLERS, socket_modes.HANDLERS
