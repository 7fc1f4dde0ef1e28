# The two heaps: how the Python heap grows, who takes of the system heap, and how a refusal looks.

import errno
import sys
import time

import bench
import simimage
from bench import refused, set_world

sys.modules["time"] = time
simimage.begin()

import _thread  # noqa: E402 - from here on the modules of a chip
import gc  # noqa: E402
import socket  # noqa: E402
import ssl  # noqa: E402

import esp32  # noqa: E402
import machine  # noqa: E402
import micropython  # noqa: E402
import network  # noqa: E402
import simchip  # noqa: E402
import usocket  # noqa: E402
from simboard import RESET_EXIT  # noqa: E402
from simmeter import BASE, meter  # noqa: E402
from simsystem import Part  # noqa: E402

SOME = 1500  # bytes that the script's own objects may take
heaps = meter.heaps
_others = []


def system_free():
    return sum(region[1] for region in esp32.idf_heap_info(esp32.HEAP_DATA))


def join():
    set_world()
    station = network.WLAN()
    station.active(True)
    station.connect("home", "12345678")
    bench.wait_until(station.isconnected, "an address")
    return station


def leave_free(size):
    """Somebody else takes all of the system heap but for so much."""
    _others.append(Part(system_free() - size))
    assert system_free() == size, system_free()


def took(function, *args):
    before = system_free()
    result = function(*args)
    return before - system_free(), result


def test_it_begins_as_the_chip_does():
    assert heaps.total == 56000
    assert abs(gc.mem_alloc() - BASE) < 2 * SOME, gc.mem_alloc()
    assert system_free() == simchip.SYSTEM
    # What is free includes the block by which the heap can grow.
    assert heaps.largest == 110592
    assert abs(gc.mem_free() + gc.mem_alloc() - heaps.total - heaps.largest) < SOME


def test_a_buffer_takes_what_it_holds():
    before = gc.mem_alloc()
    kept = bytearray(16384)
    assert 16384 <= gc.mem_alloc() - before < 16384 + SOME
    ring = micropython.RingIO(8192)
    assert 24576 <= gc.mem_alloc() - before < 24576 + 2 * SOME
    assert ring.write(b"x" * 9000) == 8192
    assert len(kept) == 16384
    kept.extend(b"x")
    assert kept[-1] == 120


def test_small_objects_are_half_a_64_bit_objects():
    before = gc.mem_alloc()
    kept = [[index] for index in range(1000)]
    per_object = (gc.mem_alloc() - before) / 1000
    assert 32 <= per_object < 80, per_object  # a list and its four cells: 48 on 32 bits
    assert len(kept) == 1000


def test_garbage_does_not_let_the_heap_grow():
    for _ in range(400):
        bytearray(2000)
    meter.look()
    assert heaps.total == 56000


def test_what_lives_does_and_it_doubles():
    kept = [bytearray(2000) for _ in range(26)]
    meter.look()
    assert heaps.total == 112000
    assert system_free() == simchip.SYSTEM - 57344
    assert len(kept) == 26


def test_the_growth_after_that_takes_what_is_left():
    leave_free(90000)
    kept = [bytearray(2000) for _ in range(26)]
    kept.append([bytearray(2000) for _ in range(30)])
    meter.look()
    assert system_free() < 2048 + 400, system_free()
    leave_free(300)
    assert refused(OSError, socket.socket).errno == 105
    assert refused(OSError, network.WLAN).args == ("WiFi Out of Memory",)


def test_an_area_is_given_back_when_it_must_be_empty():
    kept = [[index] for index in range(1200)]
    meter.look()
    assert heaps.total == 112000
    kept = None
    gc.collect()
    assert heaps.total == 112000  # it was never as quiet before
    heaps.areas[-1].low = gc.mem_alloc() + SOME
    gc.collect()
    assert heaps.total == 56000
    assert system_free() == simchip.SYSTEM
    assert kept is None


def test_a_large_buffer_grows_the_heap_by_what_it_needs():
    leave_free(55000)
    kept = bytearray(51050)
    assert heaps.raw - simchip.GC_FIRST == 52 * 1024  # the size below 55,000 that ESP-IDF knows
    assert len(kept) == 51050


def test_a_buffer_that_fits_nowhere_is_refused():
    leave_free(20000)
    refused(MemoryError, bytearray, 53000)
    assert heaps.total == 56000
    assert system_free() > 19000


def test_memory_ends_where_the_chips_does():
    leave_free(20000)
    kept = []
    failure = None
    try:
        while True:
            kept.append(bytearray(500))
    except MemoryError as error:
        failure = error
    count = len(kept)
    kept = None
    assert failure
    assert 100 < count <= (56000 - BASE + 20000) // 512, count
    meter.look()
    assert heaps.grown
    assert heaps.least < 2 * SOME


def test_objects_end_there_too():
    leave_free(20000)
    kept = []
    failed = False
    try:
        while True:
            kept.append([None] * 20)
    except MemoryError:
        failed = True
    count = len(kept)
    kept = None
    assert failed
    # 20 pointers and a list, 32 bits: 96. Nobody looks meanwhile, so what the simulation keeps for
    # its own is filled, too.
    assert count < (56000 - BASE + 20000) // 85, count
    meter.look()
    assert heaps.grown
    assert heaps.least < 2 * SOME


def test_a_uart_has_its_buffers():
    taken, uart = took(lambda: machine.UART(1, txbuf=8192, rxbuf=2048))
    assert taken == 8192 + 2048 + simchip.UART + simchip.FIRST_UART
    taken, _ = took(lambda: uart.init(baudrate=9600))
    assert taken == 0
    taken, _ = took(lambda: uart.init(rxbuf=4096))
    assert taken == 2048
    taken, _ = took(uart.deinit)
    assert taken == -(8192 + 4096 + simchip.UART)
    leave_free(2000)
    assert refused(OSError, machine.UART, 1, txbuf=8192).args == (1, "ESP_FAIL")


def test_a_thread_has_its_stack():
    gate = _thread.allocate_lock()
    gate.acquire()
    _thread.stack_size(8192)
    taken, _ = took(_thread.start_new_thread, gate.acquire, ())
    assert taken == 8192 + simchip.THREAD
    gate.release()
    start = time.ticks_ms()
    while took(lambda: None) and system_free() != simchip.SYSTEM:
        assert time.ticks_ms() - start < bench.LIMIT_MS
    leave_free(4000)
    error = refused(OSError, _thread.start_new_thread, gate.acquire, ())
    assert error.args == ("can't create thread",)


def test_wifi_has_its_own():
    taken, _ = took(network.WLAN)
    assert taken == simchip.WLAN
    taken, _ = took(join)
    assert taken == simchip.WLAN_ACTIVE + simchip.JOINED
    assert abs(system_free() - 95500) < 300  # as measured
    point = network.WLAN(network.WLAN.IF_AP)
    taken, _ = took(point.active, True)
    assert taken == simchip.ACCESS_POINT
    taken, _ = took(point.active, False)
    assert taken == -simchip.ACCESS_POINT
    taken, _ = took(network.WLAN().disconnect)
    assert taken == -simchip.JOINED
    leave_free(1000)
    assert refused(OSError, point.active, True).args == ("WiFi Out of Memory",)
    assert refused(OSError, network.WLAN().scan).args == ("WiFi Out of Memory",)


def test_a_lookup_wants_some():
    join()
    leave_free(500)
    assert refused(OSError, socket.getaddrinfo, "example.com", 80).errno == -203


def connected():
    """(a socket of the board, the native one it is connected to)"""
    for port in range(20000 + time.ticks_us() % 20000, 60000):
        server = usocket.socket()
        try:
            server.bind(usocket.getaddrinfo("127.0.0.1", port)[0][-1])
        except OSError:
            server.close()
            continue
        server.listen(1)
        client = socket.socket()
        client.connect(("127.0.0.1", port))
        return client, server


def wrapped(client):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context.wrap_socket(client, server_hostname="x", do_handshake_on_connect=False)


def test_a_connection_has_its_window():
    join()
    free = system_free()
    client, server = connected()
    assert free - system_free() == simchip.SOCKET + simchip.CONNECTION
    client.close()
    client.close()
    server.close()
    assert system_free() == free
    leave_free(2000)
    assert refused(OSError, connected).errno == errno.ENOMEM


def test_tls_has_its_records_and_its_peak():
    join()
    free = system_free()
    client, server = connected()
    stream = wrapped(client)
    stream.setblocking(False)
    stream.write(b"x")
    assert abs(free - system_free() - 33060) < 300
    client.account.written(b"\x17", 0)
    assert abs(free - system_free() - 31600) < 100
    stream.close()
    server.close()
    assert system_free() == free


def test_tls_that_does_not_fit_is_refused():
    join()
    client, _ = connected()
    leave_free(14000)
    assert refused(OSError, wrapped, client).errno == 12


def test_the_first_handshake_that_does_not_fit_is_a_panic():
    join()
    client, _ = connected()
    leave_free(16500)
    stream = wrapped(client)
    stream.setblocking(False)
    assert refused(SystemExit, stream.write, b"x").args == (RESET_EXIT,)


def test_a_later_one_is_a_failure():
    join()
    client, _ = connected()
    leave_free(16500)
    client.account.__class__._shaken = True
    stream = wrapped(client)
    stream.setblocking(False)
    assert refused(OSError, stream.write, b"x").errno == -17040


bench.run(globals())
