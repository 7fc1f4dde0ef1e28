# Which firmware lib/espat is: finishes what an update has begun, and goes back from one that does
# not work. In lib there are
#
#   espat       the firmware; absent where the one in the image is used
#   espat-part  being unpacked: worth nothing yet
#   espat-new   unpacked and verified: becomes espat at the next start
#   espat-old   what espat has replaced, while that is on trial; empty for the one in the image
#   espat-gone  on its way out: worth nothing any more
#
# From one state to the next it is one rename or mkdir, which LittleFS does whole or not at all, so
# that the power may go at any time (host_tests/device/update_power_cut.py).

import os

import esp32

_LIB = "lib/"
_PACKAGE, _PART, _NEW = "espat", "espat-part", "espat-new"
_OLD, _GONE = "espat-old", "espat-gone"
_KEY = "update_failed"  # failed starts of the firmware on trial, kept over power cuts
_FOLDER = 0x4000  # stat's S_IFDIR


def settle():
    """Finish what was going on when the board stopped. True: a new firmware is in place."""
    there = _folders()
    if _PART in there:
        _discard(_PART)
    if _NEW in there:
        _replace(there)
        return True
    if _OLD in there and _PACKAGE not in there:
        _restore()
    return False


def on_trial():
    """Whether the firmware in place is new and has not proved itself."""
    return _OLD in _folders()


def count_failure():
    """How often the firmware on trial has failed, with this time."""
    try:
        count = esp32.NVS("espat").get_i32(_KEY) + 1
    except OSError:
        count = 1
    _count(count)
    return count


def go_back():
    """Put the old firmware back into its place."""
    _discard(_PACKAGE)
    _restore()


def prove():
    """The firmware in place stays. True: something is left to be removed."""
    if on_trial():
        _discard(_OLD)
    return _GONE in _folders()


def _replace(there):
    if _PACKAGE in there:
        if _OLD in there:
            _discard(_OLD)
        os.rename(_LIB + _PACKAGE, _LIB + _OLD)
    elif _OLD not in there:
        os.mkdir(_LIB + _OLD)
    _count(0)
    os.rename(_LIB + _NEW, _LIB + _PACKAGE)


def _restore():
    if os.listdir(_LIB + _OLD):
        os.rename(_LIB + _OLD, _LIB + _PACKAGE)
    else:
        os.rmdir(_LIB + _OLD)


def _discard(name):
    if _GONE in _folders():
        _remove(_LIB + _GONE)
    os.rename(_LIB + name, _LIB + _GONE)


def _remove(path):
    for name, kind, *_ in list(os.ilistdir(path)):
        if kind == _FOLDER:
            _remove(path + "/" + name)
        else:
            os.remove(path + "/" + name)
    os.rmdir(path)


def _count(failures):
    try:
        nvs = esp32.NVS("espat")
        nvs.set_i32(_KEY, failures)
        nvs.commit()
    except OSError as error:
        print("espat: not counted:", error)  # the RTC's count is there as well


def _folders():
    try:
        return os.listdir(_LIB[:-1])
    except OSError:
        return []
