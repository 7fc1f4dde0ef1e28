# What only the chip itself can do: sleep, its registers, the radio's power.

import esp32
import machine

from espat.edges.addressing import call, wlan
from espat.edges.radio import STATION

_QUARTERS = 4  # transmit power is counted in quarters of a dBm
# Where ESP-IDF keeps the radio's calibration (esp_phy, phy_init.c).
_CALIBRATION = "phy"
_CALIBRATION_KEYS = ("cal_version", "cal_mac", "cal_data")


def deep_sleep(ms):
    """Sleep, and start again after that time; does not return."""
    machine.deepsleep(ms)


def read_register(address):
    return machine.mem32[address]


def write_register(address, value):
    machine.mem32[address] = value


def power_saving():
    """The station's modem sleep: 0 none, 1 by DTIM, 2 by listen interval."""
    return _config("pm")


def save_power(how):
    _config(pm=how)


def transmit_power():
    """In quarters of a dBm."""
    return int(_config("txpower") * _QUARTERS)


def set_transmit_power(quarters):
    _config(txpower=quarters / _QUARTERS)


def forget_calibration():
    """The radio is measured anew at the next start."""
    storage = esp32.NVS(_CALIBRATION)
    for key in _CALIBRATION_KEYS:
        try:
            storage.erase_key(key)
        except OSError:
            continue  # no calibration was kept
    storage.commit()


def _config(*args, **kwargs):
    """Refused while the radio is off, or joining just now."""
    return call(wlan(STATION).config, *args, **kwargs)
