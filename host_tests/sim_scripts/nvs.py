# esp32.NVS: types, refusals, and what a power cut leaves.

import os

import bench
import esp32
import simnvs
from bench import refused


class CutShort:
    """An `os` whose power goes just before a finished file is put in place."""

    mkdir = staticmethod(os.mkdir)
    stat = staticmethod(os.stat)

    def rename(self, old, new):
        raise OSError


def power_cut():
    """Everything that was only in RAM is gone."""
    simnvs._namespaces.clear()
    return esp32.NVS("test")


def test_values_come_back():
    nvs = esp32.NVS("test")
    for value in (0, -1, 0x7FFFFFFF, -0x80000000):
        nvs.set_i32("number", value)
        assert nvs.get_i32("number") == value
    nvs.set_blob("blob", b"some\x00bytes")
    buf = bytearray(20)
    assert nvs.get_blob("blob", buf) == 10
    assert bytes(buf[:10]) == b"some\x00bytes"
    nvs.set_blob("text", "naïve")
    assert nvs.get_blob("text", buf) == 6


def test_refusals_have_esp_idfs_numbers_and_names():
    nvs = esp32.NVS("test")
    missing = (-4354, "ESP_ERR_NVS_NOT_FOUND")
    assert refused(OSError, nvs.get_i32, "none").args == missing
    assert refused(OSError, nvs.get_blob, "none", bytearray(1)).args == missing
    assert refused(OSError, nvs.erase_key, "none").args == missing
    too_long = (-4361, "ESP_ERR_NVS_KEY_TOO_LONG")
    assert refused(OSError, nvs.set_i32, "sixteen_letters_", 1).args == too_long
    assert refused(OSError, esp32.NVS, "sixteen_letters_").args == too_long
    nvs.set_blob("blob", b"12345")
    short = (-4364, "ESP_ERR_NVS_INVALID_LENGTH")
    assert refused(OSError, nvs.get_blob, "blob", bytearray(4)).args == short
    refused(OverflowError, nvs.set_i32, "number", 1 << 31)


def test_a_power_cut_forgets_what_was_not_committed():
    nvs = esp32.NVS("test")
    nvs.set_i32("kept", 1)
    nvs.set_i32("erased", 2)
    nvs.commit()
    nvs.set_i32("kept", 3)
    nvs.set_i32("lost", 4)
    nvs.erase_key("erased")
    assert nvs.get_i32("kept") == 3
    refused(OSError, nvs.get_i32, "erased")
    nvs = power_cut()
    assert nvs.get_i32("kept") == 1
    assert nvs.get_i32("erased") == 2
    refused(OSError, nvs.get_i32, "lost")


def test_erased_is_erased():
    nvs = esp32.NVS("test")
    nvs.set_i32("key", 1)
    nvs.commit()
    nvs.erase_key("key")
    nvs.commit()
    refused(OSError, power_cut().get_i32, "key")


def test_a_power_cut_while_committing_leaves_the_old_value():
    nvs = esp32.NVS("test")
    nvs.set_i32("key", 1)
    nvs.commit()
    nvs.set_i32("key", 2)
    simnvs.os = CutShort()
    refused(OSError, nvs.commit)
    simnvs.os = os
    assert power_cut().get_i32("key") == 1


def test_namespaces_and_letter_case_are_apart():
    nvs, other = esp32.NVS("test"), esp32.NVS("Test")
    nvs.set_i32("key", 1)
    nvs.set_i32("KEY", 2)
    nvs.commit()
    assert (nvs.get_i32("key"), nvs.get_i32("KEY")) == (1, 2)
    refused(OSError, other.get_i32, "key")


def test_the_partition_is_as_small_as_on_the_chip():
    nvs = esp32.NVS("test")
    full = None
    for i in range(40):
        try:
            nvs.set_blob("blob%d" % i, bytes(1000))
            nvs.commit()
        except OSError as error:
            full = error
            break
    assert full
    assert full.args == (-4357, "ESP_ERR_NVS_NOT_ENOUGH_SPACE")
    assert 15 <= i <= 20, i


bench.run(globals())
