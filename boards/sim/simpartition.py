# esp32.Partition: the table of an ESP32_GENERIC image, and what partitions.csv in the state adds to
# it (label,type,subtype,address,size), as a user's own table would. Follows esp32_partition.c.

import errno

from simboard import state_path
from simflash import Flash

_APP, _DATA = 0, 1
_BOOT, _RUNNING = 0, 1
_BLOCK = 4096
_OTA_SUBTYPES = (0x10, 0x20)
_IMAGE = b"\xe9"  # the first byte of a program
# label: (type, subtype, address, size)
_TABLE = {
    "nvs": (_DATA, 2, 0x9000, 0x6000),
    "phy_init": (_DATA, 1, 0xF000, 0x1000),
    "factory": (_APP, 0, 0x10000, 0x1F0000),
    "vfs": (_DATA, 0x81, 0x200000, 0x100000),
}


def _table():
    rows = dict(_TABLE)
    try:
        with open(state_path("partitions.csv")) as file:
            for line in file:
                label, *numbers = line.strip().split(",")
                rows[label] = tuple(int(number, 0) for number in numbers)
    except OSError:
        return rows
    return rows


class Partition:
    """One partition, by its label or as BOOT or RUNNING."""

    BOOT, RUNNING = _BOOT, _RUNNING
    TYPE_APP, TYPE_DATA = _APP, _DATA

    def __init__(self, which):
        self._label = "factory" if which in (_BOOT, _RUNNING) else which
        if self._label not in _table():
            raise OSError(errno.ENOENT)
        self._type, self._subtype, self._address, self._size = _table()[self._label]

    @staticmethod
    def find(type=_APP, subtype=0xFF, label=None):
        return [
            Partition(name)
            for name, row in sorted(_table().items(), key=lambda item: item[1][2])
            if row[0] == type and subtype in (0xFF, row[1]) and label in (None, name)
        ]

    def info(self):
        return (self._type, self._subtype, self._address, self._size, self._label, False)

    def readblocks(self, block, buf, offset=0):
        self._check(block * _BLOCK + offset, len(buf))
        self._flash().readblocks(block, buf, offset)

    def writeblocks(self, block, buf, offset=None):
        self._check(block * _BLOCK + (offset or 0), len(buf))
        self._flash().writeblocks(block, buf, offset)

    def ioctl(self, operation, argument):
        return self._flash().ioctl(operation, argument)

    def get_next_update(self):
        for row in Partition.find(_APP):
            if _OTA_SUBTYPES[0] <= row.info()[1] < _OTA_SUBTYPES[1]:
                return row
        raise OSError(errno.ENOENT)

    def set_boot(self):
        """Verifies the image first. Which one starts makes no difference here."""
        first = bytearray(1)
        self.readblocks(0, first)
        if first != _IMAGE:
            raise OSError(-0x1503, "ESP_ERR_OTA_VALIDATE_FAILED")

    def _check(self, start, count):
        if start + count > self._size:
            raise OSError(-0x104, "ESP_ERR_INVALID_SIZE")

    def _flash(self):
        return Flash(state_path("partition-" + self._label), self._size // _BLOCK)
