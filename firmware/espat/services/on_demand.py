# Services that are loaded when they are first wanted, and stay while they are at work. Each is a
# function, and how many bytes must be free before: what its code takes while it is loaded, and
# room for the code of other commands (Memory.spare).


def _guests(device):
    """The Watch over the access point's stations."""
    from espat.services.guests import watched

    return watched(device)


def _time_sync(device):
    """A TimeSync with the device's settings, at work."""
    from espat.services.time_sync import begun_for

    return begun_for(device)


def _message_filter(*parts):
    """A Filter of these parts."""
    from espat.services.filters import Filter

    return Filter(*parts)


def _identity(auth, pki, ca):
    """The Identity that AT+HTTPCFG chooses."""
    from espat.services.identity import Identity

    return Identity("https", auth, pki, ca)


GUESTS = (_guests, 7000)
TIME_SYNC = (_time_sync, 6000)
MESSAGE_FILTER = (_message_filter, 6000)
IDENTITY = (_identity, 6500)
