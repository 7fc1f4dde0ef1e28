# The partitions of the flash chip that belong to the user, and the two programs of an image that
# updates itself.

import esp32

from espat.pure.errors import EXEC_FAIL, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED

BLOCK = 4096
_ERASE_BLOCK = 6
# What MicroPython, ESP-IDF and this firmware live in (ports/esp32/partitions-*.csv).
_TAKEN = ("nvs", "nvs_keys", "otadata", "phy_init", "vfs", "ffat", "romfs", "coredump", "uf2")
_VERSION = 0x30  # where esp_app_desc_t of an image has its version (esp_app_desc.h)
_VERSION_SIZE = 32


def listing():
    """(type, subtype, address, size, label) of the user's partitions."""
    found = esp32.Partition.find(esp32.Partition.TYPE_DATA)
    return [part.info()[:5] for part in found if part.info()[4] not in _TAKEN]


def erase(label, block):
    _call(esp32.Partition(label).ioctl, _ERASE_BLOCK, block)


def write(label, offset, data):
    _call(esp32.Partition(label).writeblocks, offset // BLOCK, data, offset % BLOCK)


def readinto(label, offset, buf):
    _call(esp32.Partition(label).readblocks, offset // BLOCK, buf, offset % BLOCK)


def programs():
    """(address, version) of the running program and of the other one."""
    return _program(_running()), _program(_other())


def start_the_other():
    """From the next start on; the chip verifies it first."""
    _call(_other().set_boot)


def _running():
    # The stubs know labels only.
    return esp32.Partition(esp32.Partition.RUNNING)  # type: ignore[arg-type]


def _other():
    try:
        return _running().get_next_update()
    except OSError:
        raise Failure(NOT_SUPPORTED, "the image has one program only")


def _program(part):
    text = bytearray(_VERSION_SIZE)
    _call(part.readblocks, 0, text, _VERSION)
    version = bytes(text).split(b"\0")[0]
    known = version and all(0x20 < byte < 0x7F for byte in version)
    return part.info()[2], version if known else b"unknown"


def _call(function, *args):
    try:
        return function(*args)
    except OSError as error:
        raise AtError(EXEC_FAIL, str(error))
