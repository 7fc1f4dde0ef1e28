# How links behave; the clock.

from espat.commands import clock, socket_modes, socket_saved

HANDLERS = clock.HANDLERS, socket_modes.HANDLERS, socket_saved.HANDLERS
