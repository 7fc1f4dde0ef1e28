# What the board's main.py runs. It is not replaced by an update, so this keeps its name, and run()
# its parameters.

from espat.edges.buffers import Buffers
from espat.edges.memory import Memory


def run(board, start):
    """Serve the host of `board`, the data module of a board folder, for ever. `start`: told, by
    on_purpose() and served(), what becomes of this start."""
    memory = Memory()
    buffers = Buffers(board, memory)
    Memory.grow = None  # type: ignore[method-assign] # its code runs once
    session = _session(board, buffers, memory, start)
    try:
        session.serve()
    finally:
        session.close()


def _session(board, buffers, memory, start):
    # Not at the top: the code is larger than the heap that MicroPython starts with, see Memory. In
    # two parts: what was loaded with a function, and is garbage, leaves a hole of a block or two,
    # and what comes with the second part goes into the holes of the first.
    from espat.session import Session

    memory.free()
    from espat.app import bring_up

    return Session(bring_up(board, buffers, memory, start))
