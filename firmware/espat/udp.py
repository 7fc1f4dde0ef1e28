# Beside the families with a link over UDP, or with SNTP: two that have little to do with each
# other, but a file of its own costs a chip more.

from espat.edges import datagrams
from espat.services import time_sync

Datagrams, TimeSync = datagrams.Datagrams, time_sync.TimeSync
