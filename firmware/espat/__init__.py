# espat: the ESP-AT HTTP command set in MicroPython.
#
# Floors, each importing only from those below it (host_tests/test_floors.py holds them to it):
#   6 run        what main.py starts
#   5 app        builds everything for one board
#   4 session    lines in, exactly one result code out
#     system ... the units: each becomes a file that comes and goes, with a family of commands
#   3 commands   the handlers
#   2 services   what commands share: state, HTTP exchange, station
#   1 edges      one resource each: UART, network, TLS, Wi-Fi, storage, files, clock
#   0 pure       parsing and formatting, no I/O; runs under CPython too

__version__ = "0.1.0"
