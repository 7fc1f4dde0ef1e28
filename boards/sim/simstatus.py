# What the board has measured, for the launcher: one record in the state's file "measures", written
# over again and again (tools/espat_host/sim/measures.py reads it). Writing it allocates nothing.
# Behind it is one byte of the launcher's: 1 asks that the extremes begin anew.

import io
import struct

import micropython
import utime
from simboard import state_path
from simflash import reads
from simmeter import meter

_FORM = "<11Q"
_EVERY_MS = 50  # between two looks at the heap, which take some 40 us
_IDLE_MS = 10
_ZERO = b"\0"


class Status:
    """`due(ms)` for every turn of the event loop, `reads_changed()` for every byte to the host."""

    def __init__(self):
        self._file = io.open(state_path("measures"), "w+b")
        self._buf = bytearray(struct.calcsize(_FORM))
        self._asked = bytearray(1)
        self._allocated = 0
        self._looked = utime.ticks_ms()
        self._reads = -1

    def due(self, ms):
        """The loop is about to wait so long."""
        if ms < _IDLE_MS or micropython.mem_total() == self._allocated:
            return
        if utime.ticks_diff(utime.ticks_ms(), self._looked) >= _EVERY_MS:
            self._looked = utime.ticks_ms()
            meter.look()
        asked = self._is_asked()
        if asked:
            meter.collect()
            meter.heaps.forget()
        self.write()
        if asked:
            self._file.write(_ZERO)

    def reads_changed(self):
        if self._reads != reads.count:
            self.write()

    def _is_asked(self):
        self._file.seek(len(self._buf))
        return self._file.readinto(self._asked) and self._asked[0]

    def write(self):
        self._allocated = micropython.mem_total()
        self._reads = reads.count
        heaps = meter.heaps
        struct.pack_into(
            _FORM,
            self._buf,
            0,
            heaps.total,
            heaps.live,
            heaps.most,
            heaps.free,
            heaps.largest,
            heaps.least,
            heaps.largest_least,
            heaps.grown,
            reads.count,
            reads.size,
            reads.written,
        )
        self._file.seek(0)
        self._file.write(self._buf)


status = Status()
