# socket: lookups and connections that only the station's link carries.

import bench  # noqa: I001 - before asyncio, see there
import asyncio
import errno
import select
import socket

import micropython
import network
import usocket
from bench import refused, set_world, wait_until

station = network.WLAN(network.WLAN.IF_STA)


def join(**world):
    set_world(**world)
    station.active(True)
    station.connect("home", "12345678")
    wait_until(station.isconnected, "an address")


def listen():
    """A listening socket on a free port: (socket, port). The unix port cannot ask for the port."""
    for port in range(20000 + bench.time.ticks_us() % 20000, 60000):
        listener = usocket.socket()
        try:
            listener.bind(usocket.getaddrinfo("127.0.0.1", port)[0][-1])
        except OSError:
            listener.close()
            continue
        listener.listen(1)
        return listener, port


def connected():
    """(our socket, the peer's native one), both without waiting."""
    listener, port = listen()
    ours = socket.socket()
    ours.connect(("127.0.0.1", port))
    ours.setblocking(False)
    theirs = listener.accept()[0]
    theirs.setblocking(False)
    listener.close()
    return ours, theirs


def readable(sock, ms=0):
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(ms))


def test_without_a_network_nothing_is_found():
    set_world()
    assert refused(OSError, socket.getaddrinfo, "example.com", 80).errno == -202
    assert socket.getaddrinfo("10.1.2.3", 80)[0][-1] == ("10.1.2.3", 80)
    error = refused(OSError, socket.socket().connect, ("10.1.2.3", 80))
    assert error.errno == errno.EHOSTUNREACH


def test_names_lead_where_the_world_says():
    there = {"address": "127.0.0.2", "ports": {"80": 18080}, "delay": 0, "lookup": "ok"}
    join(hosts={"httpbin.org": there, "plain.test": "127.0.0.3"})
    expected = [(2, 1, 0, "httpbin.org", ("127.0.0.2", 18080))]
    assert socket.getaddrinfo("httpbin.org", 80) == expected
    assert socket.getaddrinfo("HTTPBIN.org", 443)[0][-1] == ("127.0.0.2", 443)
    assert socket.getaddrinfo("plain.test", 80, 0, socket.SOCK_DGRAM)[0][1] == socket.SOCK_DGRAM
    assert socket.getaddrinfo("plain.test", 80)[0][-1] == ("127.0.0.3", 80)


def test_an_address_may_be_another_one():
    there = {"address": "127.0.0.2", "ports": {"80": 18080}, "delay": 0, "lookup": "ok"}
    join(hosts={"192.168.3.102": there})
    assert socket.getaddrinfo("192.168.3.102", 80)[0][-1] == ("127.0.0.2", 18080)
    assert socket.getaddrinfo("192.168.3.103", 80)[0][-1] == ("192.168.3.103", 80)


def test_other_names_are_unknown():
    broken = {"address": "0.0.0.0", "ports": {}, "delay": 0.02, "lookup": "fail"}
    join(hosts={"broken.test": broken})
    assert refused(OSError, socket.getaddrinfo, "example.com", 80).errno == -2
    start = bench.time.ticks_ms()
    assert refused(OSError, socket.getaddrinfo, "broken.test", 80).errno == -2
    assert bench.time.ticks_diff(bench.time.ticks_ms(), start) >= 20
    assert socket.getaddrinfo("localhost", 80)[0][-1] == ("127.0.0.1", 80)


def test_bytes_go_both_ways():
    join()
    ours, theirs = connected()
    assert ours.write(b"abcdef", 1, 3) == 3
    assert ours.send(b"xy") == 2
    got = bytearray()
    wait_until(lambda: got.extend(theirs.read(10) or b"") or len(got) >= 5, "five bytes")
    assert got == b"bcdxy"
    theirs.write(b"answer\nrest")
    assert readable(ours, bench.LIMIT_MS)
    assert ours.readline() == b"answer\n"
    buf = bytearray(10)
    assert ours.readinto(buf, 2) == 2
    assert ours.recv(10) == b"st"
    assert ours.readinto(buf) is None
    theirs.close()
    assert readable(ours, bench.LIMIT_MS)
    assert ours.readinto(buf) == 0


def test_steady_work_does_not_allocate():
    join()
    ours, theirs = connected()
    buf = bytearray(16)

    def steady():
        ours.write(buf, 0, 16)
        ours.readinto(buf)
        ours.ioctl(3, 5)

    steady()
    theirs.write(b"y" * 32)
    micropython.heap_lock()
    try:
        for _ in range(100):
            steady()
    finally:
        micropython.heap_unlock()
    assert bytes(buf) == b"y" * 16


def test_a_connection_stands_still_while_the_link_is_away():
    join()
    ours, theirs = connected()
    set_world(access_points=[])
    theirs.write(b"while away")
    buf = bytearray(20)
    assert ours.readinto(buf) is None
    assert ours.write(b"never") is None
    assert refused(OSError, ours.send, b"never").errno == errno.EAGAIN
    assert not readable(ours, 5)
    wait_until(lambda: not station.isconnected(), "the loss")
    assert not readable(ours, 5)
    set_world()
    wait_until(station.isconnected, "an address")
    assert readable(ours, bench.LIMIT_MS)
    assert ours.readinto(buf) == 10
    assert theirs.read(10) is None


def test_a_waiting_task_does_not_spin_while_the_link_is_away():
    join()
    ours, theirs = connected()
    turns = 0

    async def read():
        nonlocal turns
        buf = bytearray(20)
        stream = asyncio.StreamReader(ours)
        while True:
            turns += 1
            if await stream.readinto(buf):
                return bytes(buf[:10])

    async def main():
        reader = asyncio.create_task(read())
        await asyncio.sleep_ms(1)
        set_world(access_points=[])
        theirs.write(b"while away")
        await asyncio.sleep_ms(100)
        assert turns < 5, turns
        set_world()
        assert await asyncio.wait_for(reader, 20) == b"while away"

    asyncio.run(main())


def test_a_blocking_socket_times_out_without_the_link():
    join()
    ours, _ = connected()
    ours.settimeout(0.02)
    set_world(access_points=[])
    assert refused(OSError, ours.recv, 1).errno == errno.ETIMEDOUT


def test_there_is_no_ipv6():
    join()
    assert socket.getaddrinfo("::1", 80) == [(socket.AF_INET6, 1, 0, "::1", None)]
    error = refused(OSError, socket.socket(socket.AF_INET6).connect, ("::1", 80))
    assert error.errno == errno.EHOSTUNREACH


def test_sockets_are_few():
    sockets = [socket.socket() for _ in range(10)]
    assert refused(OSError, socket.socket).errno == 23
    sockets[0].close()
    sockets[0].close()
    socket.socket()
    refused(OSError, socket.socket)


def test_a_refused_connection_is_told():
    join()
    listener, port = listen()
    listener.close()
    error = refused(OSError, socket.socket().connect, ("127.0.0.1", port))
    assert error.errno == errno.ECONNREFUSED


def test_datagrams():
    join()
    one, two = socket.socket(2, socket.SOCK_DGRAM), socket.socket(2, socket.SOCK_DGRAM)
    for port in range(20000 + bench.time.ticks_us() % 20000, 60000):
        try:
            two.bind(("127.0.0.1", port))
            break
        except OSError:
            continue
    one.sendto(b"datagram", ("127.0.0.1", port))
    data, sender = two.recvfrom(100)
    assert data == b"datagram"
    assert sender[0] == "127.0.0.1"


def test_ports_for_datagrams_are_the_boards_own():
    """Another board on this PC, here MicroPython's own socket, may have the same one."""
    join()
    port = next(
        port
        for port in range(20000 + bench.time.ticks_us() % 20000, 60000)
        if bound(usocket.socket(2, usocket.SOCK_DGRAM), port)
    )
    one, two = socket.socket(2, socket.SOCK_DGRAM), socket.socket(2, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", port))
    assert refused(OSError, two.bind, ("127.0.0.1", port)).errno == errno.EADDRINUSE
    one.close()
    two.bind(("127.0.0.1", port))
    two.close()


kept = []


def bound(sock, port):
    try:
        sock.bind(usocket.getaddrinfo("127.0.0.1", port)[0][-1])
    except OSError:
        return False
    kept.append(sock)
    return True


def test_accepting():
    join()
    for port in range(20000 + bench.time.ticks_us() % 20000, 60000):
        server = socket.socket()
        try:
            server.bind(("127.0.0.1", port))
            break
        except OSError:
            server.close()
    server.listen(1)
    client = socket.socket()
    client.connect(("127.0.0.1", port))
    accepted, address = server.accept()
    accepted.write(b"hello")
    assert client.recv(5) == b"hello"
    assert address[0] == "127.0.0.1"


bench.run(globals())
