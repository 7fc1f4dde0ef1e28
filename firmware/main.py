# Starts the firmware on the board whose data lies beside it in board.py.

import gc

import board
from espat.edges.buffers import Buffers

buffers = Buffers(board)
# Loading code leaves garbage all over the heap and live objects between it. Collected early, they
# stay together: measured on the unix port, the largest free block after it is 25 times as large.
gc.threshold(16 * 1024)

from espat import app  # noqa: E402 - the code comes after the buffers, see Buffers

app.run(board, buffers)
