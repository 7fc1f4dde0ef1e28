# AT+CWMODE's numbers, and what is to be done when the mode changes.

from espat.edges.memory import ACCESS_POINT as NEEDED
from espat.edges.memory import reserve
from espat.edges.radio import ACCESS_POINT, STATION
from espat.services import access_point, addresses, settings


def set_mode(device, mode):
    """Switch the interfaces on or off, each with its own settings."""
    changed = mode ^ device.mode
    device.station.pause()  # the driver takes no settings while it tries to join
    if changed & mode & ACCESS_POINT:
        device.connections.drop()  # its memory may be wanted
        reserve(*NEEDED)
        if device.guests is None:
            device.guests = device.watch(device)
        prepared = access_point.prepare(device.ap)
    device.radio.set_mode(mode)
    device.mode = mode
    if changed & mode & STATION:
        addresses.restore_station(device.ip)
    if changed & mode & ACCESS_POINT:
        access_point.switched_on(device.ap, prepared)
    device.ap.on = bool(mode & ACCESS_POINT)


def resume(device):
    """Join what was joined last, in the background."""
    config = device.station.config or settings.station()
    if config is not None:
        device.station.resume(config)
