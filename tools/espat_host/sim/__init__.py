"""The simulated board: the firmware in MicroPython's unix port, behind a pseudo-terminal."""

from espat_host.sim.board import SimBoard
from espat_host.sim.process import SimError

__all__ = ["SimBoard", "SimError"]
