# The access point.

from espat.commands import access_point

HANDLERS = (access_point.HANDLERS,)
