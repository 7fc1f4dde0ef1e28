# machine.UART on a line that is as slow as its baud rate. Times are compared with what the line
# allows; "too slow" has room for a busy PC, "too fast" has none. What is sent takes two seconds, so
# that a moment in which this process stands still is none of them.

import select
import time

import bench
import micropython
from machine import UART

host = bench.Host()


def at_port(**settings):
    values = {"baudrate": 9600, "flow": UART.RTS, "rxbuf": 2048, "txbuf": 8192}
    values.update(settings)
    return UART(1, **values)


def elapsed_ms(start):
    return time.ticks_diff(time.ticks_us(), start) / 1000


def test_sending_takes_its_time():
    uart = at_port()
    start = time.ticks_us()
    uart.write(b"x" * 1920)
    assert elapsed_ms(start) < 1500, "write() has waited for the line"
    host.expect(1920, uart.txdone)
    assert 2000 <= elapsed_ms(start) < 8000, elapsed_ms(start)


def test_parity_and_stop_bits_count():
    uart = at_port(bits=8, parity=0, stop=2)
    start = time.ticks_us()
    uart.write(b"x" * 1600)
    host.expect(1600, uart.txdone)
    assert 2000 <= elapsed_ms(start) < 8000, elapsed_ms(start)


def test_receiving_takes_its_time():
    start = time.ticks_us()
    uart = at_port()
    host.write(b"x" * 1920)
    bench.wait_until(lambda: uart.any() == 1920, "1920 bytes")
    assert 2000 <= elapsed_ms(start) < 8000, elapsed_ms(start)


def test_idle_time_is_not_banked():
    uart = at_port()
    uart.any()
    time.sleep_ms(30)
    start = time.ticks_us()
    uart.any()
    host.write(b"x" * 40)
    count = uart.any()
    assert count <= 1 + elapsed_ms(start), count


def test_time_while_nobody_looked_counts():
    uart = at_port()
    uart.any()
    host.write(b"x" * 20)
    time.sleep_ms(30)
    assert uart.any() == 20


def test_without_rts_the_buffer_overruns():
    uart = at_port(rxbuf=256, flow=0, baudrate=115200)
    uart.any()
    host.write(b"x" * 600)
    time.sleep_ms(80)
    assert uart.any() == 256
    time.sleep_ms(10)
    assert len(uart.read()) == 256
    time.sleep_ms(10)
    assert uart.read() is None


def test_rts_holds_the_host_back():
    uart = at_port(rxbuf=256, baudrate=115200)
    uart.any()
    host.write(b"x" * 600)
    time.sleep_ms(80)
    assert uart.any() == 256
    got = bytearray()

    def more():
        got.extend(uart.read() or b"")
        return len(got) == 600

    bench.wait_until(more, "600 bytes")


def test_a_full_driver_blocks_at_line_speed():
    uart = at_port(txbuf=256, baudrate=2400)
    start = time.ticks_us()
    uart.write(b"x" * 1000)  # 256 and the FIFO's 128 fit, 616 must have left
    assert 2560 <= elapsed_ms(start) < 9000, elapsed_ms(start)


def test_it_is_polled_by_its_own_ioctl():
    uart = at_port(baudrate=115200)
    assert uart.ioctl(10, 0) < 0
    poll = select.poll()
    poll.register(uart, select.POLLIN)
    assert poll.poll(0) == []
    host.write(b"x")
    assert poll.poll(bench.LIMIT_MS)[0][1] == select.POLLIN


def test_steady_work_does_not_allocate():
    uart = at_port(baudrate=3000000)
    buf = bytearray(64)
    message = b"0123456789"

    def steady():
        uart.readinto(buf)
        uart.write(message, 2, 5)
        uart.txdone()
        uart.ioctl(3, 5)

    steady()
    host.write(b"x" * 20)
    micropython.heap_lock()
    try:
        for _ in range(100):
            steady()
    finally:
        micropython.heap_unlock()


bench.run(globals())
