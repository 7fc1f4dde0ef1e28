# Floor 0: bytes in, values out. No I/O, no asyncio, no MicroPython-only modules.
