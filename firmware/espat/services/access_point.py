# The access point: what AT+CWSAP, AT+CIPAP, AT+CIPAPMAC and AT+CWAPPROTO have set, as it was stored
# and as the driver gets it. A stored value that makes no sense, or that the driver refuses, is
# passed over.
#
# `own`: the device's ApSettings. The stations are services/guests.py's.

from espat.edges import addressing, soft_ap
from espat.edges.addressing import accepted
from espat.edges.radio import ACCESS_POINT
from espat.pure import ap_config, dhcp_pool
from espat.services import settings
from espat.services.addresses import MOST_PROTOCOLS, are_addresses, stored_mac
from espat.services.settings import AP_ADDRESS, AP_CONFIG, AP_MAC, AP_PROTOCOL


def restore(own):
    """At boot, before it is on."""
    own.config = ap_config.load(settings.text(AP_CONFIG))
    own.mac, own.protocol = stored_mac(AP_MAC), settings.number(AP_PROTOCOL, MOST_PROTOCOLS, 0)
    address = settings.text(AP_ADDRESS).split(b",")
    if are_addresses(address) and dhcp_pool.is_usable(*address[:2]):
        accepted(addressing.set_addresses, ACCESS_POINT, *address)


def prepare(own):
    """Before it is switched on: it must not be on the air as the driver's open network. False if
    the driver does not take its configuration yet."""
    return own.config is None or accepted(soft_ap.configure, *own.config)


def switched_on(own, prepared):
    """After that; `prepared`: what prepare() gave."""
    # ESP-IDF says that it takes a configuration only now, the port has seen it before.
    if not prepared and not prepare(own):
        own.config = None
    if own.mac:
        accepted(addressing.set_mac, ACCESS_POINT, own.mac)
    if own.protocol:
        accepted(addressing.set_protocol, ACCESS_POINT, own.protocol)
    choose_pool(own)


def choose_pool(own):
    """As the DHCP server has chosen its addresses for the present one of the access point."""
    address, mask, _ = addressing.addresses(ACCESS_POINT)
    own.pool = dhcp_pool.choose(own.pool, address, mask)
