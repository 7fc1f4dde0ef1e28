# The small things of `machine` and `esp32`.

import os

import bench
import esp32
import machine
from bench import refused


def test_the_unique_id_stays():
    own = machine.unique_id()
    assert len(own) == 6
    assert own[:3] == b"\x24\x0a\xc4"
    with open(machine.state_path("efuse"), "rb") as f:
        assert f.read() == own


def test_the_power_may_be_cut_while_the_unique_id_is_made():
    class CutShort:
        urandom = os.urandom

    path = machine.state_path("efuse")
    os.remove(path)
    machine.os = CutShort  # without a rename: it comes to its very end but for that
    refused(AttributeError, machine._factory_address)
    machine.os = os
    made = machine._factory_address()
    assert len(made) == 6
    assert machine._factory_address() == made


def test_power_on_is_the_first_cause():
    assert machine.reset_cause() == machine.PWRON_RESET == 1
    causes = (machine.HARD_RESET, machine.WDT_RESET, machine.DEEPSLEEP_RESET, machine.SOFT_RESET)
    assert causes == (2, 3, 4, 5)


def test_frequencies_are_the_chips():
    assert machine.freq() == 160000000
    machine.freq(240000000)
    assert machine.freq() == 240000000
    refused(ValueError, machine.freq, 1000)


def test_a_pin_keeps_its_level():
    pin = machine.Pin(4, machine.Pin.OUT, value=1)
    assert pin.value() == pin() == 1
    pin.off()
    assert pin.value() == 0
    refused(ValueError, machine.Pin, 77)


def test_the_clock_can_be_set():
    machine.RTC().datetime((2031, 2, 3, 0, 4, 5, 6, 0))
    assert machine.RTC().datetime()[:5] == (2031, 2, 3, 0, 4)


def test_the_rtc_has_some_memory():
    rtc = machine.RTC()
    assert rtc.memory() == b""
    rtc.memory(b"abc")
    assert machine.RTC().memory() == b"abc"
    rtc.memory(bytearray(2048))
    assert len(rtc.memory()) == 2048
    refused(ValueError, rtc.memory, bytes(2049))


def test_a_pin_can_be_held_low_from_outside():
    with open(machine.state_path("low_pins"), "w") as file:
        file.write("0 9")
    pull_up = (machine.Pin.IN, machine.Pin.PULL_UP)
    levels = [machine.Pin(number, *pull_up).value() for number in (0, 4, 9)]
    assert levels == [0, 1, 0]


def test_the_idf_heap_shrinks_when_the_station_joins():
    import network

    def free():
        return sum(region[1] for region in esp32.idf_heap_info(esp32.HEAP_DATA))

    at_boot = free()
    assert at_boot > 100000
    network.WLAN().active(True)
    network.WLAN().connect("anything", "12345678")
    assert free() < at_boot - 10000


bench.run(globals())
