# The module `gc` of a chip. As there, what is free includes the block by which MicroPython's heap
# can grow (py/modgc.c, gc_mem_free; MICROPY_GC_SPLIT_HEAP_AUTO).

import gc

from simmeter import NEVER, interpreters, meter

enable, disable, isenabled = gc.enable, gc.disable, gc.isenabled
_set = [-1]


def collect():
    meter.collect()


def mem_alloc():
    return meter.look()


def mem_free():
    used = meter.look()
    return max(0, meter.heaps.total - used) + meter.heaps.largest


def threshold(amount=None):
    if amount is None:
        return _set[0]
    _set[0] = amount
    meter.step = interpreters(amount) if amount > 0 else NEVER
    meter.look()
