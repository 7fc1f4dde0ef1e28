# What one socket has of the system heap, from its making to its end. TLS shows by the first byte of
# its records (RFC 8446, 5.1): 22 a handshake's, 23 the data's, which ends the handshake.

import simchip
from simboard import launcher
from simheap import NoRoom
from simsystem import Part

_HANDSHAKE, _DATA = 22, 23
_PANIC = 2  # machine.HARD_RESET


class Account:
    """`tls`: whether the records that are written have to be shown to written()."""

    _shaken = False  # whether a handshake has ended since the start

    def __init__(self, datagram):
        self._parts = []
        self._connection = self._peak = None
        self.tls = False
        self._take(simchip.NO_SOCKET, simchip.SOCKET + (simchip.DATAGRAM if datagram else 0))

    def connect(self):
        """A connection over TCP; a second call is the same one."""
        if self._connection is None:
            size, holes = simchip.CONNECTION, simchip.HOLES
            self._connection = self._take(simchip.NO_CONNECTION, size, holes=holes)

    def begin_tls(self, certificates):
        """The connection waits, with an empty window, for a handshake."""
        if self._connection is not None:
            self._connection.free()
        self._take(simchip.NO_TLS, simchip.TLS_IDLE_CONNECTION)
        size = simchip.TLS_WRAP + certificates
        self._take(simchip.NO_TLS, size, whole=simchip.TLS_RECORD)
        self.tls = True

    def written(self, buf, start):
        """A record of TLS leaves."""
        kind = buf[start]
        if kind == _HANDSHAKE and self._peak is None:
            self._shake()
        elif kind == _DATA and self._peak is not None:
            self._peak.free()
            self._take(simchip.NO_TLS, simchip.TLS_SESSION)
            self.tls = False
            Account._shaken = True

    def close(self):
        for part in self._parts:
            part.free()
        self._parts.clear()

    def _shake(self):
        try:
            self._peak = self._take(simchip.HANDSHAKE_FAILURE, simchip.TLS_PEAK)
        except OSError:
            if simchip.FIRST_HANDSHAKE_PANICS and not Account._shaken:
                launcher.tell(b"note panic: no memory in the first TLS handshake")
                launcher.restart(_PANIC)
            raise

    def _take(self, number, size, whole=0, holes=0):
        try:
            part = Part(size, whole, holes)
        except NoRoom:
            raise OSError(number) from None
        self._parts.append(part)
        return part
