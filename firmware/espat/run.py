# What the board's main.py runs. It is not replaced by an update, so this keeps its name, and run()
# its parameters.

import gc

from espat.edges.buffers import Buffers


def run(board, start):
    """Serve the host of `board`, the data module of a board folder, for ever. `start`: told, by
    on_purpose() and served(), what becomes of this start."""
    gc.collect()
    buffers = Buffers(board)
    # Loading code leaves garbage all over the heap and live objects between it. Collected early,
    # they stay together: measured on the unix port, the largest free block after it is 25 times as
    # large.
    gc.threshold(16 * 1024)
    session = _session(board, buffers, start)
    try:
        session.serve()
    finally:
        session.close()


def _session(board, buffers, start):
    # Not at the top: the code comes after the buffers, see Buffers. It is needed no more when it
    # has run.
    from espat.app import bring_up

    return bring_up(board, buffers, start)
