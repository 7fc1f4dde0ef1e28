"""Who runs where. A chip has a processor for itself, so the boards get one of the PC's, and the
server and the reader what is left: where the PC's scheduler decides, the same run takes twice as
long now and then. With one processor, or where processes cannot be bound, nothing is done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOWED = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
BOARDS = {max(_ALLOWED)} if len(_ALLOWED) > 1 else set()
REST = _ALLOWED - BOARDS if BOARDS else set()


@contextmanager
def on(processors: set[int]) -> Iterator[None]:
    """What is started meanwhile runs there; anywhere, if the set is empty."""
    if not processors:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
