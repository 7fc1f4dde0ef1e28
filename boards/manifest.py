# What is frozen into the image of every board, beside what MicroPython itself brings there: all of
# firmware/. A board's own manifest adds its board.py.
#
# The syntax is MicroPython's (docs/reference/manifest.rst); `make firmware` builds with it.

include("$(PORT_DIR)/boards/manifest.py")
freeze("../firmware")
