# The links that are open, as commands find them.

from espat.pure.errors import EXEC_FAIL, AtError


def open_links(device):
    links = device.units.guest
    return [] if links is None else [link for link in links.table if link and link.conn]


def open_link(device, number):
    """The open link of this number. Raises AtError."""
    for link in open_links(device):
        if link.number == number:
            return link
    raise AtError(EXEC_FAIL)
