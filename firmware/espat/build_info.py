# What was built, for AT+GMR. tools/espat_host/build/firmware.py writes it anew for every board.

HASH = "source"
DATE = "Nov 23 2026"
TIME = "00:00:00"
