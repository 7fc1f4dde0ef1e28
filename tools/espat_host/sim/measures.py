"""What a simulated board has measured of itself: its two heaps and its flash, as a chip's."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

# As boards/sim/simstatus.py writes it.
_FORM = struct.Struct("<11Q")


@dataclass(frozen=True)
class Measures:
    """All since the board's last start, and in bytes of a chip but for the counts. It is written
    when the board waits for its host, so a moment after the last answer."""

    python_total: int  # MicroPython's heap: 56,000 at the start
    python_live: int  # what lived after the last collection
    python_most: int  # the most that ever lived after one
    system_free: int
    system_largest: int
    system_least: int  # the least that was ever free
    largest_least: int  # the smallest that the largest block ever was
    growths: int  # how often MicroPython's heap has grown
    flash_reads: int  # of at most 64 bytes, as the chip's SPI controller reads
    flash_bytes: int
    flash_writes: int


def read(state: Path) -> Measures | None:
    """What the board with this state has written last; None before it has."""
    try:
        return Measures(*_FORM.unpack_from((state / "measures").read_bytes()))
    except (OSError, struct.error):
        return None


def ask_anew(state: Path) -> None:
    """Let what was most and least begin anew, when the board waits after its next command."""
    with (state / "measures").open("r+b") as file:
        file.seek(_FORM.size)
        file.write(b"\1")


def is_anew(state: Path) -> bool:
    """Whether it has."""
    return (state / "measures").read_bytes()[_FORM.size :] == b"\0"
