# What TCP/IP commands have set: values in Device.sockets, by the command's name, which stay when
# the code goes. What is not there is ESP-AT's default. And which link a command means.

LINKS = 5  # 0..4
ALL = 5  # all of them
MUX = b"+CIPMUX"
INFO = b"+CIPDINFO"
PASSIVE = b"+CIPRECVTYPE"  # a byte for each link
REPORTS = b"+CIPRECVTYPE,"  # the same for its second number
OPTIONS = b"+CIPTCPOPT"  # linger, TCP_NODELAY, send timeout in ms, keep-alive; of each link
NO_OPTIONS = (-1, 0, 0, 0)


def switch(device, name):
    """0 or 1."""
    return device.sockets.get(name, 0)


def of_links(device, name):
    """What is kept for each link, a bytearray."""
    return device.sockets.setdefault(name, bytearray(LINKS))


def options(device, number):
    """AT+CIPTCPOPT's four numbers of a link."""
    return device.sockets.get((OPTIONS, number), NO_OPTIONS)


def link_number(device, args, most):
    """(number, index of the parameter behind it): the first one with AT+CIPMUX=1, else none, and
    link 0. Raises AtError."""
    if switch(device, MUX):
        return args.number(0, 0, most), 1
    return 0, 0
