# The module `socket` of an ESP32: lwIP's results and failures over the PC's sockets. Bytes pass
# only while the station has its link; a connection survives a short loss, it just stands still.
# Reading and writing is one look at the link and one native call, and does not allocate.
#
# A lookup blocks, as on the chip, and may run in a worker thread: it changes nothing.

import errno
import io
import select
import time

import micropython
import simchip
import usocket
from simaccount import Account
from simap import access_point
from simsystem import is_room, meter
from simwifi import station
from simworld import in_main_thread, world

AF_INET, AF_INET6 = usocket.AF_INET, usocket.AF_INET6
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW = usocket.SOCK_STREAM, usocket.SOCK_DGRAM, usocket.SOCK_RAW
SOL_SOCKET, SO_REUSEADDR = usocket.SOL_SOCKET, usocket.SO_REUSEADDR
SO_BROADCAST, IP_ADD_MEMBERSHIP = usocket.SO_BROADCAST, usocket.IP_ADD_MEMBERSHIP
MSG_PEEK, MSG_DONTWAIT = usocket.MSG_PEEK, usocket.MSG_DONTWAIT
IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP = 0, 6, 17
TCP_NODELAY = 1

_POLL, _CLOSE, _FILENO = 3, 4, 10
_ENFILE = 23
# Bytes of a socket and its account here, which a chip has not: see docs/simulated_memory.md.
_OURS = 1144
_MAX_SOCKETS = 10  # CONFIG_LWIP_MAX_SOCKETS; one that was forgotten is never closed here
_NAME_UNKNOWN = -2
_SILENCE_MS = 500  # 7 s on the chip: lwIP asks four times
_NO_NETWORK = -202  # EAI_FAIL: what lwip_getaddrinfo() says without a DNS server


def _is_literal(host):
    parts = host.split(".")
    return len(parts) == 4 and all(p.isdigit() and int(p) < 256 for p in parts)


def _real(host, port):
    try:
        found = usocket.getaddrinfo(host, port, AF_INET, SOCK_STREAM)
    except OSError as error:
        raise OSError(_NAME_UNKNOWN) from error
    address = usocket.sockaddr(found[0][-1])
    return usocket.inet_ntop(AF_INET, address[1]), address[2]


def _in_world(entry, port):
    if isinstance(entry, str):
        entry = {"address": entry}
    time.sleep_ms(int(entry.get("delay", 0) * 1000))
    if entry.get("lookup") == "fail":
        raise OSError(_NAME_UNKNOWN)
    return entry["address"], entry.get("ports", {}).get(str(port), port)


def _lookup(host, port):
    """(address, port) that a name leads to."""
    hosts = world.data["hosts"]
    if not host or _is_literal(host):
        # An address may be another one in this world, as a name is.
        return _in_world(hosts[host], port) if host in (hosts or ()) else (host or "0.0.0.0", port)
    if host == "localhost":
        return "127.0.0.1", port
    if in_main_thread():
        station.advance()
    if not is_room(simchip.LOOKUP):
        raise OSError(simchip.NO_LOOKUP)
    if not station.has_ip:
        raise OSError(_NO_NETWORK)
    if station.dns in world.data.get("silent_name_servers", ()):
        time.sleep_ms(_SILENCE_MS)
        raise OSError(_NO_NETWORK)
    if hosts is None:
        return _real(host, port)
    if host.lower() not in hosts:
        raise OSError(_NAME_UNKNOWN)
    return _in_world(hosts[host.lower()], port)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """One result, as lwIP gives it: (family, type, proto, name, (address, port)).

    The address of an IPv6 literal is None: esp_socket_getaddrinfo() fills in IPv4 only."""
    type = type or SOCK_STREAM
    if ":" in host:
        return [(AF_INET6, type, proto, host, None)]
    return [(AF_INET, type, proto, host, _lookup(host, int(port)))]


def _native(address):
    host, port = address
    if ":" in host:
        raise OSError(errno.EHOSTUNREACH)  # the port never gives the station an IPv6 address
    host, port = _lookup(host, port)
    return usocket.getaddrinfo(host, port)[0][-1]


def _readable(native):
    address = usocket.sockaddr(native)
    return usocket.inet_ntop(AF_INET, address[1]), address[2]


def _look():
    """A PC sends and takes a whole body without a wait, in which the board would look."""
    if micropython.mem_total() > meter.limit:
        meter.look()


def _anywhere():
    return station.up() or access_point.up()


class socket(io.IOBase):
    """A socket that the station's link carries."""

    _count = 0
    _ports = set()  # for datagrams
    _port = None

    def __init__(self, family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None):
        if socket._count == _MAX_SOCKETS:
            raise OSError(_ENFILE)
        self._datagrams = type == SOCK_DGRAM
        self.account = Account(type != SOCK_STREAM)
        self._native = fileno or usocket.socket(family, type, proto)
        socket._count += 1
        meter.excuse(_OURS)
        self._open = True
        self._timeout = None
        self._poller = None
        self._up = station.up

    def connect(self, address):
        station.advance()
        native = self._route(address)
        self.account.connect()
        self._native.connect(native)

    def _route(self, address):
        """A station at the board's access point is this PC."""
        if access_point.has(address[0]):
            self._up = access_point.up
            return _native(("127.0.0.1", address[1]))
        native = _native(address)
        if not station.has_ip:
            raise OSError(errno.EHOSTUNREACH)
        return native

    def bind(self, address):
        if self._datagrams and address[1]:
            self._bind_own(address)
        else:
            self._native.bind(_native(address))

    def _bind_own(self, address):
        """Boards on one PC share its ports, and a board has all of its own: where another one has
        this port, any will do. Who gets datagrams from it sees which."""
        if address[1] in socket._ports:
            raise OSError(errno.EADDRINUSE)
        try:
            self._native.bind(_native(address))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            self._native.bind(_native((address[0], 0)))
        self._port = address[1]
        socket._ports.add(self._port)

    def listen(self, backlog=5):
        self._up = _anywhere
        self._native.listen(backlog)

    def accept(self):
        self._need_link()
        native, address = self._native.accept()
        accepted = None
        try:
            accepted = socket(fileno=native)
            accepted.account.connect()
            accepted._up = station.up if station.up() else access_point.up
        except OSError:
            (accepted or native).close()
            raise
        return accepted, _readable(address)

    def close(self):
        self._native.close()
        if self._open:
            self._open = False
            socket._count -= 1
            socket._ports.discard(self._port)
            meter.excuse(-_OURS)
            self.account.close()

    def fileno(self):
        return self._native.fileno()

    def setblocking(self, flag):
        self.settimeout(None if flag else 0)

    def settimeout(self, seconds):
        self._timeout = seconds
        self._native.settimeout(seconds)

    def setsockopt(self, level, option, value):
        self._native.setsockopt(level, option, value)

    def readinto(self, buf, n=-1):
        if not self._up() and not self._link():
            return None
        _look()
        return self._native.readinto(buf, n)

    def read(self, n=-1):
        if not self._up() and not self._link():
            return None
        return self._native.read(n)

    def readline(self):
        if not self._up() and not self._link():
            return None
        return self._native.readline()

    def write(self, buf, off=None, n=None):
        if not self._up() and not self._link():
            return None
        _look()
        if n is None:
            n, off = off, 0
        if self.account.tls:
            self.account.written(buf, off)
        return self._native.write(buf, off, len(buf) if n is None else n)

    def recv(self, n, flags=0):
        self._need_link()
        return self._native.recv(n, flags)

    def recvfrom(self, n, flags=0):
        self._need_link()
        data, address = self._native.recvfrom(n, flags)
        return data, _readable(address)

    def send(self, data, flags=0):
        self._need_link()
        return self._native.send(data, flags)

    def sendall(self, data, flags=0):
        """In one go or with EAGAIN in the middle, as lwIP's."""
        data = memoryview(data)
        while len(data):
            data = data[self.send(data, flags) :]

    def sendto(self, data, address):
        station.advance()
        native = _native(address)
        if not station.has_ip:
            raise OSError(errno.EHOSTUNREACH)
        return self._native.sendto(data, native) if station.up() else len(data)

    def makefile(self, mode="rb", buffering=0):
        return self

    def ioctl(self, request, arg):
        if request == _POLL:
            return self._poll(arg) if self._up() else 0
        if request == _FILENO and self._up():
            return self._native.fileno()
        if request == _CLOSE:
            self.close()
            return 0
        return -errno.EINVAL

    def _poll(self, flags):
        if not self._poller:
            self._poller = select.poll()
            self._poller.register(self._native, flags)
        self._poller.modify(self._native, flags)
        for _, ready in self._poller.ipoll(0):
            return ready
        return 0

    def _link(self):
        """The link is away: wait for it as long as this socket may block. True: it is back."""
        if self._timeout == 0:
            # Who polls has the descriptor and is told "ready" for bytes that the lost link holds
            # (poll() of an object without one takes a millisecond at least, modselect.c). On the
            # chip it would wait for them: here it is kept from spinning.
            time.sleep_ms(1)
            return False
        start = time.ticks_ms()
        while not self._up():
            if self._timeout and time.ticks_diff(time.ticks_ms(), start) > self._timeout * 1000:
                raise OSError(errno.ETIMEDOUT)
            time.sleep_ms(1)
        return True

    def _need_link(self):
        if not self._up() and not self._link():
            raise OSError(errno.EAGAIN)

    def __repr__(self):
        return "<socket>"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()
