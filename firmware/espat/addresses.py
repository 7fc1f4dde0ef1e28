# Addresses, DNS, AT+PING.

from espat.commands import addresses, lookups

HANDLERS = addresses.HANDLERS, lookups.HANDLERS
