"""The chips a board may have, as data: which pins are there, and what each of them is needed for.

Sources, by short name, for every chip:
  gpio      ESP-IDF, docs/en/api-reference/peripherals/gpio/<chip>.inc: pins, flash, strapping, USB
  datasheet Espressif's datasheet of the chip, "Boot Configurations": what a strapping pin decides
  port      MicroPython, ports/esp32/machine_pin.h and machine_pin.c: pins that machine.Pin offers
  uart_pins ESP-IDF, components/soc/<chip>/include/soc/uart_pins.h: pins of UART0
  esptool   esptool/targets/<chip>.py, BOOTLOADER_FLASH_OFFSET; the same number is `flash_offset` in
            MicroPython's ports/esp32/boards/<BOARD>/board.json, for an image with all in one file
  mpy       MicroPython, docs/reference/mpyfiles.rst: ESP32, S2 and S3 are Xtensa LX6/LX7 with
            windows (xtensawin), the C chips RISC-V (rv32imc)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Pins = frozenset[int]


@dataclass(frozen=True)
class Strap:
    """A pin that the chip looks at while it starts. `fatal`: a UART line on it (idle: high, or
    whatever the host does) can keep the chip from starting or from being flashed."""

    decides: str
    fatal: bool


@dataclass(frozen=True)
class Chip:
    """One kind of chip. `modules`: what the modules with this chip take away besides the flash,
    by the name of the module."""

    esptool: str
    flash_offset: int
    arch: str
    stubs: str
    uarts: int
    pins: Pins
    flash: Pins
    uart0: tuple[int, int]  # TX, RX
    straps: dict[int, Strap]
    modules: dict[str, dict[int, str]]
    input_only: Pins = frozenset()
    usb: Pins = frozenset()
    usb_kind: str = ""
    # Pins of the chip that are never free, with the reason.
    reserved: dict[int, str] = field(default_factory=dict)

    def pins_taken_by(self, modules: Iterable[str]) -> dict[int, str]:
        """Pin -> why it is not free, in any of these modules."""
        return {
            pin: f"{why} of module {module}"
            for module in modules
            for pin, why in self.modules[module].items()
        }


def _pins(*ranges: tuple[int, int]) -> Pins:
    """Both ends belong to a range."""
    return frozenset(pin for first, last in ranges for pin in range(first, last + 1))


def _stubs(board: str) -> str:
    return f"micropython-esp32-{board}-stubs"


_SDIO = "the timing of its SDIO slave, which nothing here uses"
_BOOT = "whether it starts its program or waits to be flashed"
_MESSAGES = "whether its ROM prints boot messages"
_JTAG = "where JTAG comes from, and only with an eFuse burnt"
_VOLTAGE = "the voltage of the flash"
_CDC = "native USB (OTG)"
_SERIAL_JTAG = "USB-Serial-JTAG"

# gpio (esp32.inc); GPIO20 is led out on ESP32-PICO-V3 alone. GPIO12: datasheet, VDD_SDIO.
# GPIO2 must be low or open to flash the chip (esptool docs, "Boot Mode Selection").
# GPIO16/17 in modules: docs/esp32/quickref.rst ("embedded flash"), the ESP32 datasheet on
# D2WD and U4WDH, and port: they are gone when CONFIG_SPIRAM is set.
_BUILT_IN = dict.fromkeys((16, 17), "belongs to the built-in flash")
_ESP32 = Chip(
    esptool="esp32",
    flash_offset=0x1000,
    arch="xtensawin",
    stubs="micropython-esp32-stubs",
    uarts=3,
    pins=_pins((0, 19), (21, 23), (25, 27), (32, 39)),
    input_only=_pins((34, 39)),
    flash=_pins((6, 11)),
    uart0=(1, 3),
    straps={
        0: Strap(_BOOT, fatal=True),
        2: Strap(_BOOT, fatal=True),
        5: Strap(_SDIO, fatal=False),
        12: Strap(_VOLTAGE, fatal=True),
        15: Strap(_MESSAGES, fatal=False),
    },
    modules={
        "WROOM-32": {},
        "SOLO-1": {},
        "WROVER": dict.fromkeys((16, 17), "belongs to the PSRAM"),
        "PICO-D4": _BUILT_IN,
        "MINI-1": _BUILT_IN,
        "D2WD": _BUILT_IN,
    },
)

# gpio (esp32c2.inc): GPIO11 to 17 belong to the built-in flash; port has none of them.
_ESP32_C2 = Chip(
    esptool="esp32c2",
    flash_offset=0,
    arch="rv32imc",
    stubs=_stubs("esp32-generic-c2"),
    uarts=2,
    pins=_pins((0, 20)),
    flash=_pins((11, 17)),
    uart0=(20, 19),
    straps={8: Strap(_BOOT, fatal=True), 9: Strap(_BOOT, fatal=True)},
    modules={"WROOM-02C": {}, "MINI-1": {}},
)

# gpio (esp32c3.inc). GPIO11 is VDD_SPI, the supply of the flash (datasheet, "Pin Overview").
_ESP32_C3 = Chip(
    esptool="esp32c3",
    flash_offset=0,
    arch="rv32imc",
    stubs=_stubs("esp32-generic-c3"),
    uarts=2,
    pins=_pins((0, 21)),
    flash=_pins((12, 17)),
    uart0=(21, 20),
    usb=frozenset({18, 19}),
    usb_kind=_SERIAL_JTAG,
    straps={
        2: Strap(_BOOT, fatal=True),
        8: Strap(_BOOT, fatal=True),
        9: Strap(_BOOT, fatal=True),
    },
    modules={"WROOM-02": {}, "MINI-1": {}, "FH4": {}},
    reserved={11: "supplies the flash"},
)

# gpio (esp32c5.inc). port has no GPIO15: it is the select line of a PSRAM (datasheet). GPIO27, 28:
# esptool docs, "Boot Mode Selection". GPIO25 is ESP-AT's CTS.
_ESP32_C5 = Chip(
    esptool="esp32c5",
    flash_offset=0x2000,
    arch="rv32imc",
    stubs=_stubs("esp32-generic-c5"),
    uarts=2,
    pins=_pins((0, 28)),
    flash=_pins((16, 22)),
    uart0=(11, 12),
    usb=frozenset({13, 14}),
    usb_kind=_SERIAL_JTAG,
    straps={
        2: Strap(_SDIO, fatal=False),
        7: Strap(_JTAG, fatal=False),
        25: Strap("a setting of its start; ESP-AT has its CTS there, too", fatal=False),
        27: Strap(_BOOT, fatal=True),
        28: Strap(_BOOT, fatal=True),
    },
    modules={"WROOM-1": {}, "MINI-1": {}},
    reserved={15: "selects a PSRAM, and MicroPython does not offer it"},
)

# gpio (esp32c6.inc): GPIO10 and 11 are not led out with a built-in flash, GPIO14 without.
_ESP32_C6 = Chip(
    esptool="esp32c6",
    flash_offset=0,
    arch="rv32imc",
    stubs=_stubs("esp32-generic-c6"),
    uarts=2,
    pins=_pins((0, 30)),
    flash=_pins((24, 30)),
    uart0=(16, 17),
    usb=frozenset({12, 13}),
    usb_kind=_SERIAL_JTAG,
    straps={
        4: Strap(_SDIO, fatal=False),
        5: Strap(_SDIO, fatal=False),
        8: Strap(_BOOT, fatal=True),
        9: Strap(_BOOT, fatal=True),
        15: Strap(_JTAG, fatal=False),
    },
    modules={
        "WROOM-1": {14: "is not led out"},
        "MINI-1": dict.fromkeys((10, 11), "is not led out"),
    },
)

# gpio (esp32s2.inc): GPIO26 to 32 are for flash and PSRAM, GPIO46 is input only.
_ESP32_S2 = Chip(
    esptool="esp32s2",
    flash_offset=0x1000,
    arch="xtensawin",
    stubs=_stubs("esp32-generic-s2"),
    uarts=2,
    pins=_pins((0, 21), (26, 46)),
    input_only=frozenset({46}),
    flash=_pins((26, 32)),
    uart0=(43, 44),
    usb=frozenset({19, 20}),
    usb_kind=_CDC,
    straps={
        0: Strap(_BOOT, fatal=True),
        45: Strap(_VOLTAGE, fatal=True),
        46: Strap(_BOOT, fatal=True),
    },
    modules={"WROOM": {}, "WROVER": {}, "MINI": {}},
)

# gpio (esp32s3.inc): GPIO33 to 37 as well where flash or PSRAM have eight data lines.
_OCTAL = dict.fromkeys(_pins((33, 37)), "belongs to the octal flash or PSRAM")
_ESP32_S3 = Chip(
    esptool="esp32s3",
    flash_offset=0,
    arch="xtensawin",
    stubs=_stubs("esp32-generic-s3"),
    uarts=3,
    pins=_pins((0, 21), (26, 48)),
    flash=_pins((26, 32)),
    uart0=(43, 44),
    usb=frozenset({19, 20}),
    usb_kind=_CDC,
    straps={
        0: Strap(_BOOT, fatal=True),
        3: Strap(_JTAG, fatal=False),
        45: Strap(_VOLTAGE, fatal=True),
        46: Strap(_BOOT, fatal=True),
    },
    modules={"WROOM-1": {}, "WROOM-1 octal": _OCTAL, "WROOM-2": _OCTAL, "MINI-1": {}},
)

# By the name in a board's CHIP, which AT+GMR tells.
CHIPS = {
    "ESP32": _ESP32,
    "ESP32-C2": _ESP32_C2,
    "ESP32-C3": _ESP32_C3,
    "ESP32-C5": _ESP32_C5,
    "ESP32-C6": _ESP32_C6,
    "ESP32-S2": _ESP32_S2,
    "ESP32-S3": _ESP32_S3,
}
