# What AT+CWSAP, AT+CIPAP, AT+CIPAPMAC and AT+CWAPPROTO set, as the driver has it and as it is
# stored.
#
# `access_point`: the AccessPoint, which must be on but for its address. `store`: whether the value
# is to be saved.

from espat.edges.storage import Storage
from espat.pure import ap_config, dhcp_pool
from espat.services.settings import ACCESS_POINT

_CONFIG, _ADDRESS, _MAC, _PROTOCOL = ACCESS_POINT


def configure(access_point, config, store):
    access_point.radio.configure(*config)
    access_point.config = config
    if store:
        _nvs().put_bytes(_CONFIG, ap_config.dump(config))


def set_address(access_point, address, mask, gateway, store):
    access_point.radio.set_address(address, mask, gateway)
    if access_point.on:
        pool(access_point)
    if store:
        _nvs().put_bytes(_ADDRESS, b",".join((address, mask, gateway)))


def set_mac(access_point, value, store):
    access_point.radio.set_mac(value)
    access_point.mac = value
    if store:
        _nvs().put_bytes(_MAC, value)


def set_protocol(access_point, bits, store):
    access_point.radio.set_protocol(bits)
    access_point.protocol = bits
    if store:
        _nvs().put_int(_PROTOCOL, bits)


def restart(access_point):
    """Send all stations away; they may come again at once."""
    access_point.radio.restart()
    access_point.dismissed()


def pool(access_point):
    """(first, last) address of the DHCP server that runs."""
    address, mask, _ = access_point.radio.address()
    access_point.pool = dhcp_pool.choose(access_point.pool, address, mask)
    return access_point.pool


def _nvs():
    return Storage("espat")
