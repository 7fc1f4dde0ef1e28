# Starts the firmware on the board whose data lies beside it in board.py.

import board

from espat.edges.buffers import Buffers

buffers = Buffers(board)

from espat import app  # noqa: E402 - the code comes after the buffers, see Buffers

app.run(board, buffers)
