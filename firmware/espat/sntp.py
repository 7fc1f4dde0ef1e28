# Beside the families while the clock is kept right.

from espat.services import time_sync

TimeSync = time_sync.TimeSync
