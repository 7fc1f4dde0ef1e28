# machine.mem32: the registers of an ESP32, which here keep what they were given. An address that
# leads to nothing stops the chip: it starts again.

from simboard import launcher

_HARD_RESET = 2
# The data bus from the peripherals to the end of the RAM, the program's RAM, the slow RTC memory
# (ESP32 Technical Reference Manual, "System and Memory", address mapping).
_MAPPED = ((0x3FF00000, 0x40000000), (0x40070000, 0x400C2000), (0x50000000, 0x50002000))


class Memory32:
    def __init__(self):
        self._words = {}

    def __getitem__(self, address):
        return self._words.get(_check(address), 0)

    def __setitem__(self, address, value):
        self._words[_check(address)] = value & 0xFFFFFFFF


def _check(address):
    if address % 4:
        raise ValueError("address %08x is not aligned to 4 bytes" % address)
    if not any(first <= address < end for first, end in _MAPPED):
        launcher.restart(_HARD_RESET)
    return address
