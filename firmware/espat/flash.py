# Partitions, AT+USERRAM, certificates and keys.

from espat.commands import mfg, partitions, user_ram

HANDLERS = mfg.HANDLERS, partitions.HANDLERS, user_ram.HANDLERS
