# The access point: what AT+CWSAP, AT+CIPAP, AT+CIPAPMAC and AT+CWAPPROTO have set, as the driver
# has it and as it is stored. A stored value that makes no sense, or that the driver refuses, is
# passed over.
#
# `store` says whether a value is to be saved. The stations are services/guests.py's.

from espat.edges import addressing, soft_ap, storage
from espat.edges.addressing import accepted
from espat.edges.radio import ACCESS_POINT as INTERFACE
from espat.pure import ap_config, dhcp_pool, ipv4
from espat.services.addresses import MOST_PROTOCOLS, is_interface_mac
from espat.services.settings import ACCESS_POINT

_CONFIG, _ADDRESS, _MAC, _PROTOCOL = ACCESS_POINT


def settings(device):
    """The device's ApSettings, read from storage when they are first wanted."""
    own = device.ap
    if not own.known:
        own.known = True
        own.config = ap_config.load(storage.get_bytes(_CONFIG) or b"")
        own.mac, own.protocol = storage.get_bytes(_MAC), storage.get_int(_PROTOCOL)
        _restore_address((storage.get_bytes(_ADDRESS) or b"").split(b","))
    return own


def prepare(device):
    """Before it is switched on: it must not be on the air as the driver's open network. False if
    the driver does not take its configuration yet."""
    return _restore_config(settings(device))


def switched_on(device, prepared):
    """After that; `prepared`: what prepare() gave."""
    own = settings(device)
    # ESP-IDF says that it takes a configuration only now, the port has seen it before.
    if not prepared and not _restore_config(own):
        own.config = None
    if own.mac is not None and is_interface_mac(own.mac):
        accepted(addressing.set_mac, INTERFACE, own.mac)
    if own.protocol is not None and 0 < own.protocol <= MOST_PROTOCOLS:
        accepted(addressing.set_protocol, INTERFACE, own.protocol)
    own.on = True
    _server_started(own)


def configure(device, config, store):
    soft_ap.configure(*config)
    settings(device).config = config
    if store:
        storage.put_bytes(_CONFIG, ap_config.dump(config))


def set_address(device, address, mask, gateway, store):
    addressing.set_addresses(INTERFACE, address, mask, gateway)
    if settings(device).on:  # else a new address does not start the server
        _server_started(device.ap)
    if store:
        storage.put_bytes(_ADDRESS, b",".join((address, mask, gateway)))


def set_mac(device, value, store):
    addressing.set_mac(INTERFACE, value)
    settings(device).mac = value
    if store:
        storage.put_bytes(_MAC, value)


def set_protocol(device, bits, store):
    addressing.set_protocol(INTERFACE, bits)
    settings(device).protocol = bits
    if store:
        storage.put_int(_PROTOCOL, bits)


def restart(device):
    """Send all stations away; they may come again at once."""
    soft_ap.restart()
    _server_started(settings(device))
    device.guests.dismissed()


def _server_started(own):
    """The DHCP server has chosen its addresses for the present address of the access point."""
    address, mask, _ = addressing.addresses(INTERFACE)
    own.pool = dhcp_pool.choose(own.pool, address, mask)


def _restore_config(own):
    return own.config is None or accepted(soft_ap.configure, *own.config)


def _restore_address(parts):
    if len(parts) == 3 and all(ipv4.is_address(part) for part in parts):
        address, mask, _ = parts
        if ipv4.is_mask(mask) and dhcp_pool.is_usable(address, mask):
            accepted(addressing.set_addresses, INTERFACE, *parts)
