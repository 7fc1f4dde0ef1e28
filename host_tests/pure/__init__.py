"""What the firmware takes apart and puts together: under CPython, and in MicroPython."""
