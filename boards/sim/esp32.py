# The module `esp32`, as far as a modem needs it: NVS and a look at ESP-IDF's heap.

from simchip import LARGE_REGION, SMALL_REGIONS
from simnvs import NVS  # noqa: F401 - part of the module
from simpartition import Partition  # noqa: F401 - part of the module
from simsystem import meter, reap

HEAP_DATA = 4  # MALLOC_CAP_8BIT
HEAP_EXEC = 1
# MALLOC_CAP_32BIT, _8BIT, _DMA, _INTERNAL and _DEFAULT (esp_heap_caps.h): a heap must have all that
# are asked for.
_DATA_CAPABILITIES = 0x2 | 0x4 | 0x8 | 0x800 | 0x1000
WAKEUP_ALL_LOW = False
WAKEUP_ANY_HIGH = True


def idf_heap_info(capabilities):
    """The regions as the chip has them: (total, free, largest free block, least free ever)."""
    if capabilities & ~_DATA_CAPABILITIES:
        return []
    meter.look()
    reap()
    heaps = meter.heaps
    small = sum(region[1] for region in SMALL_REGIONS)
    least = sum(region[3] for region in SMALL_REGIONS)
    regions = list(SMALL_REGIONS)
    regions.append((LARGE_REGION, heaps.free - small, heaps.largest, heaps.least - least))
    return regions
