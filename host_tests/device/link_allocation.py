# To receive on links makes no garbage, and passes through no heap: full frames, of one link after
# the other, to a port that is busy now and then; and to look at links that have nothing.

import micropython

from espat.edges.memory import Memory
from espat.services.links import Links
from espat.services.message_filter import MessageFilter


class Port:
    taken = tries = 0

    def try_write(self, buf, start, count):
        self.tries += 1
        if self.tries % 3 == 0:
            return False
        self.taken += count
        return True

    def pause(self, count):
        return 0


class Connection:
    """Always has as much as is wanted; `quiet`: never anything."""

    tls = quiet = False

    def reader(self, end_matters):
        return self._read

    def _read(self, buf, count):
        return None if self.quiet else count

    def is_ready(self):
        return not self.quiet


class Device:
    def __init__(self):
        self.sockets = {b"+CIPMUX": 1}
        self.port = Port()
        self.memory = Memory()
        self.message_filter = MessageFilter(self.port)


device = Device()
links = Links(device)
open_ones = []
for number in (1, 3):
    link = links.claim(number, b"TCP")
    link.conn = Connection()
    link.read = link.conn.reader(True)
    open_ones.append(link)


def look(times):
    for _ in range(times):
        assert links.look() is not None


def steady(times):
    look(10)
    micropython.heap_lock()
    try:
        look(times)
    finally:
        micropython.heap_unlock()
    before = micropython.mem_total()
    look(times)
    assert micropython.mem_total() - before < 500, micropython.mem_total() - before


open_ones[1].conn.quiet = True
steady(1000)
frame = len(b"\r\n+IPD,1,1472:\r\n") + 1472
assert device.port.taken > 1000 * frame
for link in open_ones:
    link.conn.quiet = True
steady(1000)
print("done")
