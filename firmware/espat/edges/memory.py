# The Python heap. What Wi-Fi, lwIP and mbedTLS take lies in the IDF heap and does not show here.

import gc

_PLENTY = 1024 * 1024  # no chip has so much without PSRAM
_STEP = 16 * 1024  # as in run.py


class Memory:
    """Free bytes now, and the fewest that were ever seen."""

    def __init__(self):
        gc.collect()
        self.fewest = gc.mem_free()

    def free(self):
        """Collect garbage and return the free bytes."""
        gc.collect()
        free = gc.mem_free()
        self.fewest = min(self.fewest, free)
        return free

    def is_plenty(self):
        """Whether all of the firmware's code may stay loaded."""
        return self.free() > _PLENTY

    def collect_early(self, on):
        """Off while a body streams: a call of a function with many locals takes its frame from the
        heap and gives it back (py/objfun.c), and the threshold counts what was taken."""
        gc.threshold(_STEP if on else -1)
