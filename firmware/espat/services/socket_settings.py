# What TCP/IP commands have set: values in Device.sockets, by the command's name, which stay when
# the code goes. What is not there is ESP-AT's default. And which link a command means.

from espat.services import settings

LINKS = 5  # 0..4
ALL = 5  # all of them
MUX = b"+CIPMUX"
MODE = b"+CIPMODE"  # 1: what a link says goes to the host as it is
INFO = b"+CIPDINFO"
PASSIVE = b"+CIPRECVTYPE"  # a byte for each link
REPORTS = b"+CIPRECVTYPE,"  # the same for its second number
OPTIONS = b"+CIPTCPOPT"  # linger, TCP_NODELAY, send timeout in ms, keep-alive; of each link
# AT+CIPSENDL: after how many bytes its progress is told; how many go out at a time.
REPORT = b"+CIPSENDLCFG"
NO_REPORT = (1024, 2920)
MOST = b"+CIPSERVERMAXCONN"
IDLE = b"+CIPSTO"  # seconds
PERSIST = b"+CIPCONNPERSIST"  # a byte for each link
INTERVAL = b"+CIPRECONNINTV"
NO_OPTIONS = (-1, 0, 0, 0)
# TLS: AT+CIPSSLCCONF's three numbers of each link, one behind the other; a name of each link.
IDENTITIES = b"+CIPSSLCCONF"
COMMON_NAME, SERVER_NAME = b"+CIPSSLCCN", b"+CIPSSLCSNI"
_FAMILY = "client_"  # of their items in the vault


def switch(device, name):
    """0 or 1."""
    return device.sockets.get(name, 0)


def of_links(device, name):
    """What is kept for each link, a bytearray."""
    return device.sockets.setdefault(name, bytearray(LINKS))


def options(device, number):
    """AT+CIPTCPOPT's four numbers of a link."""
    return device.sockets.get((OPTIONS, number), NO_OPTIONS)


def set_options(device, number, values):
    device.sockets[OPTIONS, number] = tuple(values)


def save_options(device):
    """Raises Failure."""
    every = [b"%d" % one for number in range(LINKS) for one in options(device, number)]
    settings.save(settings.TCP_OPTIONS, b",".join(every), device.store)


def restore_options(device):
    """As they were saved, if that makes sense."""
    every = settings.text(settings.TCP_OPTIONS).split(b",")
    size = len(NO_OPTIONS)
    if len(every) == LINKS * size and all(one.isdigit() or one == b"-1" for one in every):
        for number in range(LINKS):
            set_options(device, number, map(int, every[number * size : (number + 1) * size]))


def identities(device):
    """The numbers of AT+CIPSSLCCONF, a bytearray."""
    kept = device.sockets.get(IDENTITIES)
    if kept is None:
        stored = settings.text(settings.LINK_IDENTITIES)
        kept = bytearray(stored if len(stored) == 3 * LINKS else 3 * LINKS)
        device.sockets[IDENTITIES] = kept
    return kept


def link_identity(device, number):
    """What TLS proves and checks on a link, see edges/identity.py."""
    auth, pki, ca = identities(device)[3 * number : 3 * number + 3]
    return auth, pki, ca, _FAMILY


def server_name(device, number):
    """What the server of a link is to be called, or None: there is one name for both, which is
    told to the server and compared with its certificate."""
    kept = device.sockets
    return kept.get((COMMON_NAME, number)) or kept.get((SERVER_NAME, number))


def link_number(device, args, most):
    """(number, index of the parameter behind it): the first one with AT+CIPMUX=1, else none, and
    link 0. Raises AtError."""
    if switch(device, MUX):
        return args.number(0, 0, most), 1
    return 0, 0


def links_meant(device, args):
    """The same for a setting: (numbers, index), where ALL means each of them. Raises AtError."""
    number, first = link_number(device, args, ALL)
    return range(LINKS) if number == ALL else (number,), first


def links_told(device):
    """The numbers of which a question tells."""
    return range(LINKS if switch(device, MUX) else 1)
