# Who takes of the system heap, and what they say when it has nothing left.

from simchip import WIFI_CALL
from simheap import NoRoom
from simmeter import meter


class Part:
    """What one driver, socket or thread has of the system heap, until free()."""

    def __init__(self, size, whole=0, holes=0):
        """Raises NoRoom. `whole`, `holes`: see simheap.Heaps.take."""
        meter.look()  # the Python heap may have grown by now, and taken it
        reap()
        self._share = meter.heaps.take(size, whole, holes)
        self._block = meter.block(size)
        self.ended = False

    def free(self):
        if self._share is not None:
            share, self._share = self._share, None
            meter.heaps.give(share)
            meter.unblock(self._block)


# Parts of threads: another thread must not touch the heaps, so it says when it has ended.
_of_threads = []


def of_thread(size):
    part = Part(size, whole=size)
    _of_threads.append(part)
    return part


def reap():
    """Free what threads had that have ended."""
    for part in _of_threads:
        if part.ended:
            _of_threads.remove(part)
            part.free()
            return reap()


def is_room(size):
    """Whether somebody could have so many bytes for a moment. Any thread may ask."""
    return meter.heaps.free >= size


def part_of_wifi(size):
    try:
        return Part(size)
    except NoRoom:
        raise _out_of_memory() from None


def need_for_wifi():
    """What a call of Wi-Fi's wants for its time."""
    if not is_room(WIFI_CALL):
        raise _out_of_memory()


def _out_of_memory():
    return OSError("WiFi Out of Memory")
