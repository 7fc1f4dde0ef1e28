# ipconfig() and ifconfig() of ports/esp32/network_common.c, on plain fields: ip, mask, gateway.
# DHCP belongs to the station only; "dhcp4" is true while the client runs, which it does not
# before the first join nor after a disconnect (esp_netif: started only with the link up).

from simwifi import DHCP_STARTED, DHCP_STOPPED

_KEYS = ("addr4", "gw4")
_STATION_KEYS = ("addr4", "gw4", "dhcp4")


def _checked(address):
    parts = address.split(".")
    if len(parts) != 4 or not all(p.isdigit() and int(p) < 256 for p in parts):
        raise ValueError("invalid arguments")
    return address


def _mask(bits):
    value = (0xFFFFFFFF << (32 - bits)) & 0xFFFFFFFF
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _has_dhcp(nic):
    return hasattr(nic, "dhcp")


def module(station, args, kwargs):
    """network.ipconfig(): only the DNS server."""
    if not kwargs:
        if len(args) != 1:
            raise TypeError("must query one param")
        if args[0] != "dns":
            raise ValueError("unexpected key")
        return station.dns
    if args:
        raise TypeError("can't specify pos and kw args")
    for key, value in kwargs.items():
        if key != "dns":
            raise ValueError("unexpected key")
        station.dns = _checked(value)


def interface(nic, args, kwargs):
    """WLAN.ipconfig(): addr4, gw4, dhcp4."""
    if not kwargs:
        if len(args) != 1:
            raise TypeError("must query one param")
        return _get(nic, args[0])
    if args:
        raise TypeError("can't specify pos and kw args")
    for key in kwargs:
        if key not in (_STATION_KEYS if _has_dhcp(nic) else _KEYS):
            raise ValueError("unexpected key")
    if "dhcp4" in kwargs:
        _set_dhcp(nic, kwargs["dhcp4"])
    if "addr4" in kwargs or "gw4" in kwargs:
        _set_addresses(nic, kwargs.get("addr4"), kwargs.get("gw4"))


def ifconfig(nic, config):
    """(ip, mask, gateway, dns): asked for, or set; "dhcp" starts the client again."""
    if config is None:
        return (nic.ip, nic.mask, nic.gateway, getattr(nic, "dns", "0.0.0.0"))
    if isinstance(config, str):
        if config != "dhcp" or not _has_dhcp(nic):
            raise ValueError("invalid arguments")
        return nic.start_dhcp()
    ip, mask, gateway, dns = config
    mask = _mask(mask) if isinstance(mask, int) else _checked(mask)
    nic.set_address(_checked(ip), mask, _checked(gateway))
    if _has_dhcp(nic):
        nic.dns = _checked(dns)


def _get(nic, key):
    if key == "addr4":
        return (nic.ip, nic.mask)
    if key == "gw4":
        return nic.gateway
    if key == "dhcp4" and _has_dhcp(nic):
        return nic.dhcp == DHCP_STARTED
    raise ValueError("unexpected key")


def _set_dhcp(nic, on):
    if on and nic.dhcp != DHCP_STARTED:
        nic.start_dhcp()
    elif not on and nic.dhcp == DHCP_STARTED:  # not started yet: nothing is stopped
        nic.dhcp = DHCP_STOPPED


def _set_addresses(nic, address, gateway):
    ip, mask = nic.ip, nic.mask
    if isinstance(address, str):
        ip, slash, bits = address.partition("/")
        mask = _mask(int(bits)) if slash else mask
    elif address is not None:
        ip, mask = address
    nic.set_address(_checked(ip), _checked(mask), _checked(gateway or nic.gateway))
