# The module `esp32`, as far as a modem needs it: NVS and a look at ESP-IDF's heap.

from simnvs import NVS  # noqa: F401 - part of the module
from simpartition import Partition  # noqa: F401 - part of the module
from simwifi import IDLE, station

HEAP_DATA = 4  # MALLOC_CAP_8BIT
HEAP_EXEC = 1
# MALLOC_CAP_32BIT, _8BIT, _DMA, _INTERNAL and _DEFAULT (esp_heap_caps.h): a heap must have all that
# are asked for.
_DATA_CAPABILITIES = 0x2 | 0x4 | 0x8 | 0x800 | 0x1000
WAKEUP_ALL_LOW = False
WAKEUP_ANY_HIGH = True

# (total, free, largest free block, least free ever) of the regions of an ESP32 without PSRAM,
# MicroPython 1.26.1 at the REPL; a joined station takes 17,300 bytes of the large one.
_SMALL = ((15072, 4, 0, 4), (23456, 1500, 1472, 1236))
_TOTAL, _FREE, _BLOCK, _STATION = 153600, 111400, 110600, 17300


def idf_heap_info(capabilities):
    """The regions as the chip has them; TLS sessions are not counted."""
    if capabilities & ~_DATA_CAPABILITIES:
        return []
    taken = 0 if station.phase == IDLE else _STATION
    regions = list(_SMALL)
    regions.append((_TOTAL, _FREE - taken, _BLOCK - taken, _FREE - _STATION))
    return regions
