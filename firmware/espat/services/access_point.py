# The access point: what AT+CWSAP, AT+CIPAP, AT+CIPAPMAC and AT+CWAPPROTO have set, as it was stored
# and as the driver gets it. A stored value that makes no sense, or that the driver refuses, is
# passed over.
#
# `own`: the device's ApSettings. The stations are services/guests.py's.

from espat.edges import soft_ap
from espat.edges.addressing import accepted
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
        accepted(soft_ap.set_address, *address)


def prepare(own):
    """Before it is switched on: it must not be on the air as the driver's open network. False if
    the driver does not take its configuration yet."""
    return own.config is None or accepted(soft_ap.configure, *own.config)


def switched_on(device, prepared):
    """After that; `prepared`: what prepare() gave."""
    own = device.ap
    own.on = True
    # ESP-IDF says that it takes a configuration only now, the port has seen it before.
    if not prepared and not prepare(own):
        own.config = None
    if own.mac:
        accepted(soft_ap.set_mac, own.mac)
    if own.protocol:
        accepted(soft_ap.set_protocol, own.protocol)
    choose_pool(own)
    if device.guests is None:
        device.guests = device.watched()


def choose_pool(own):
    """As the DHCP server has chosen its addresses for the present one of the access point."""
    address, mask, _ = soft_ap.address()
    own.pool = dhcp_pool.choose(own.pool, address, mask)
