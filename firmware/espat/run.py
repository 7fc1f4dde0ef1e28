# What the board's main.py runs. It is not replaced by an update, so this keeps its name, and run()
# its parameters.

from espat.edges.buffers import Buffers
from espat.edges.memory import Memory


def run(board, start):
    """Serve the host of `board`, the data module of a board folder, for ever. `start`: told, by
    on_purpose() and served(), what becomes of this start."""
    memory = Memory()
    buffers = Buffers(board, memory)
    session = _session(board, buffers, memory, start)
    try:
        session.serve()
    finally:
        session.close()


def _session(board, buffers, memory, start):
    # Not at the top: the code is larger than the heap that MicroPython starts with, see Memory.
    from espat.app import bring_up

    return bring_up(board, buffers, memory, start)
