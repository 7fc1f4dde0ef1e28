# Starts the firmware; espat_start.py tells how. What an update has put into lib goes before what is
# frozen into the image, so lib is looked into first.

import sys

sys.path.insert(0, "lib")

import espat_start

espat_start.run()
