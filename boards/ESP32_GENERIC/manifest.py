# The image for this board: see ../manifest.py.

include("../manifest.py")
module("board.py")
