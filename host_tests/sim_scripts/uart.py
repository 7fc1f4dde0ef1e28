# machine.UART on a line that is not paced.

import bench  # noqa: I001 - before asyncio, see there
import asyncio
import select

import machine
import micropython
from machine import UART

host = bench.Host()


def at_port(**settings):
    values = {"baudrate": 115200, "flow": UART.RTS, "rxbuf": 2048, "txbuf": 8192}
    values.update(settings)
    return UART(1, **values)


def test_constants_are_the_drivers():
    assert (UART.RTS, UART.CTS) == (1, 2)
    assert (UART.INV_RX, UART.INV_CTS, UART.INV_TX, UART.INV_RTS) == (4, 8, 32, 64)
    assert (UART.IRQ_RX, UART.IRQ_BREAK, UART.IRQ_RXIDLE) == (1, 2, 0x1000)


def test_wrong_arguments_are_refused():
    refused = bench.refused
    assert str(refused(ValueError, UART, 3)) == "UART(3) does not exist"
    assert str(refused(ValueError, UART, 1, bits=9)) == "invalid data bits"
    assert str(refused(ValueError, UART, 1, stop=3)) == "invalid stop bits"
    assert str(refused(ValueError, UART, 1, flow=4)) == "invalid flow control mask"
    assert str(refused(ValueError, UART, 1, invert=1)) == "invalid inversion mask"
    assert str(refused(ValueError, UART, 0, rxbuf=1024)) == "REPL UART buffer size is fixed"
    assert refused(OSError, UART, 1, rxbuf=128).args == (1, "ESP_FAIL")
    assert refused(OSError, UART, 1, txbuf=1).args == (1, "ESP_FAIL")
    refused(TypeError, UART, 1, rxbuff=1024)


def test_defaults_and_what_stays_at_a_new_init():
    text = str(UART(1))
    assert "baudrate=115201, bits=8, parity=None, stop=1, tx=10, rx=9" in text, text
    assert "txbuf=256, rxbuf=256" in text, text
    UART(1).init(9600, 7, 1, 2, tx=17)
    text = str(UART(1, rx=16))
    assert "baudrate=9600, bits=7, parity=1, stop=2, tx=17, rx=16" in text, text


def test_the_same_uart_is_the_same_object():
    assert UART(1) is UART(1)
    assert UART(1) is not UART(2)


def test_bytes_go_both_ways():
    uart = at_port()
    assert uart.write(b"abcdef") == 6
    assert uart.write(b"abcdef", 2) == 2
    assert uart.write(b"abcdef", 1, 3) == 3
    assert host.expect(11) == b"abcdefabbcd"
    host.write(b"12345678\nrest")
    buf = bytearray(4)
    assert uart.any()
    assert uart.readinto(buf) == 4
    assert uart.readinto(buf, 2) == 2
    assert bytes(buf) == b"5634"
    assert uart.readline() == b"78\n"
    assert uart.read(2) == b"re"
    assert uart.read() == b"st"


def test_nothing_there_is_none():
    uart = at_port()
    assert uart.any() == 0
    assert uart.read() is None
    assert uart.read(5) is None
    assert uart.readline() is None
    assert uart.readinto(bytearray(5)) is None


def test_a_new_init_discards_input():
    uart = at_port()
    host.write(b"old")
    uart.init(9600)
    assert uart.read() is None


def test_unconnected_uarts_are_silent():
    uart = UART(2)
    assert uart.write(b"lost") == 4
    assert uart.read() is None
    assert uart.txdone()


def check_no_allocation(uart):
    buf = bytearray(64)
    message = bytearray(b"0123456789")

    def steady():
        uart.readinto(buf)
        uart.write(message, 2, 5)
        uart.txdone()

    steady()
    host.write(b"x" * 20)
    micropython.heap_lock()
    try:
        steady()
        steady()
    finally:
        micropython.heap_unlock()
    assert buf[:20] == b"x" * 20


def test_steady_work_does_not_allocate():
    check_no_allocation(at_port())


def test_steady_work_without_flow_control_does_not_allocate():
    check_no_allocation(at_port(flow=0))


def test_rts_holds_the_host_back():
    uart = at_port(rxbuf=256)
    host.write(b"a" * 1500)
    machine.lightsleep(5)
    assert len(uart.read()) == 1500


def test_without_rts_what_finds_the_buffer_full_is_lost():
    uart = at_port(rxbuf=256, flow=UART.CTS)
    host.write(b"a" * 200 + b"b" * 1300)
    assert uart.any() == 256
    host.write(b"c")
    assert uart.read() == b"a" * 200 + b"b" * 56
    assert uart.any() == 0
    host.write(b"d")
    assert uart.read() == b"d"


def fill(uart, piece=b"p" * 500):
    """Write until the pty takes no more; returns how much was written."""
    written = 0
    while uart.txdone():
        written += uart.write(piece)
    return written


def test_what_the_host_does_not_take_stays_in_the_driver():
    uart = at_port()
    written = fill(uart)
    written += uart.write(b"q" * 3000)
    assert not uart.txdone()
    data = host.expect(written, uart.txdone)
    assert data == b"p" * (written - 3000) + b"q" * 3000
    assert uart.txdone()


def test_writing_into_the_drivers_buffer_does_not_allocate():
    uart = at_port()
    piece = b"p" * 100
    uart.write(piece)  # the first one tells the launcher
    micropython.heap_lock()
    try:
        fill(uart, piece)
        uart.write(piece)
    finally:
        micropython.heap_unlock()


def test_what_is_left_goes_out_without_a_call():
    uart = at_port()

    async def main():
        written = fill(uart)
        got = 0
        for _ in range(bench.LIMIT_MS):
            got += len(host.read(4096))
            if got == written:
                return
            await asyncio.sleep_ms(1)
        raise AssertionError("%d of %d bytes" % (got, written))

    asyncio.run(main())


def test_flush_gives_up_when_the_host_does_not_read():
    uart = at_port(txbuf=0, baudrate=3000000)
    fill(uart, b"p" * 10)
    assert bench.refused(OSError, uart.flush).errno == 110


def test_the_kernel_polls_an_unpaced_port():
    uart = at_port()
    assert uart.ioctl(10, 0) >= 0
    poll = select.poll()
    poll.register(uart, select.POLLIN)
    assert poll.poll(0) == []
    host.write(b"x")
    assert poll.poll(1000)[0][0] is uart


def test_a_stream_reader_wakes_up():
    uart = at_port()

    async def main():
        buf = bytearray(10)
        reader = asyncio.create_task(asyncio.StreamReader(uart).readinto(buf))
        await asyncio.sleep_ms(0)
        host.write(b"hello")
        assert await asyncio.wait_for(reader, 20) == 5
        assert bytes(buf[:5]) == b"hello"

    asyncio.run(main())


def test_timeout_waits_for_the_first_byte():
    uart = at_port(timeout=20)
    start = machine.time.ticks_ms()
    assert uart.read(1) is None
    assert machine.time.ticks_diff(machine.time.ticks_ms(), start) >= 20


bench.run(globals())
