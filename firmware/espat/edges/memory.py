# The Python heap. What Wi-Fi, lwIP and mbedTLS take lies in the IDF heap and does not show here.

import gc


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
