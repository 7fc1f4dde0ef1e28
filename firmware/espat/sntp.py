# Beside the families with AT+CIPSNTPCFG=1.

from espat.services import time_sync

TimeSync = time_sync.TimeSync
