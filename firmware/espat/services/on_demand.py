# Services that are loaded when they are first wanted, and stay while they are at work.


def soft_ap(device):
    """The AccessPoint: it looks after the stations."""
    from espat.edges.soft_ap import SoftAp
    from espat.edges.storage import Storage
    from espat.services.access_point import AccessPoint

    return AccessPoint(SoftAp(), Storage("espat"), device.message_filter.report)


def time_sync(device):
    """A TimeSync with the device's settings, at work."""
    from espat.services.time_sync import begun_for

    return begun_for(device)


def message_filter(*parts):
    """A Filter of these parts."""
    from espat.services.filters import Filter

    return Filter(*parts)


def identity(auth, pki, ca):
    """The Identity that AT+HTTPCFG chooses."""
    from espat.services.identity import Identity

    return Identity("https", auth, pki, ca)
