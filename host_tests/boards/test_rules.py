"""The boards as data, and what is refused of them: every wrong pin is named in a sentence.

What cannot work is stated here anew, from the chips' datasheets, and not taken from the checker.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from espat_host.boards.chips import CHIPS
from espat_host.boards.data import UART_PINS, BoardDataError, read, read_all
from espat_host.boards.rules import OPTIONAL, REQUIRED, findings
from espat_host.build.checkout import BOARDS
from espat_host.cli import main

NAMES = [board.name for board in read_all()]

# TX, RX, CTS, RTS as ESP-AT has them: its factory_param_data.csv.
ESP_AT_PINS = {
    "ESP32_GENERIC": (17, 16, 15, 14),
    "ESP32_WROVER": (22, 19, 15, 14),
    "ESP32_GENERIC_C2": (7, 6, 5, 4),
    "ESP32_GENERIC_C3": (7, 6, 5, 4),
    "ESP32_GENERIC_C5": (23, 24, 25, 26),
    "ESP32_GENERIC_C6": (7, 6, 5, 4),
    "ESP32_GENERIC_S2": (17, 21, 20, 19),
    "sim": (17, 16, 15, 14),
}

# Pins no UART can have, whatever the board, and a word of the reason.
IMPOSSIBLE = {
    "ESP32": {20: "no such pin", 24: "no such pin", 40: "no such pin", 6: "flash", 11: "flash"}
    | {0: "strapping", 2: "strapping", 12: "strapping"},
    "ESP32-C2": {21: "no such pin", 11: "flash", 17: "flash", 8: "strapping", 9: "strapping"},
    "ESP32-C3": {22: "no such pin", 11: "flash", 12: "flash", 17: "flash", 9: "strapping"},
    "ESP32-C5": {29: "no such pin", 16: "flash", 22: "flash", 15: "PSRAM", 28: "strapping"},
    "ESP32-C6": {31: "no such pin", 24: "flash", 30: "flash", 14: "led out", 9: "strapping"},
    "ESP32-S2": {22: "no such pin", 47: "no such pin", 26: "flash", 32: "flash", 45: "strapping"},
    "ESP32-S3": {25: "no such pin", 49: "no such pin", 26: "flash", 33: "octal", 0: "strapping"},
}
# Pins of the REPL on top of these, by board.
REPL = {
    "ESP32_GENERIC": (1, 3),
    "ESP32_WROVER": (1, 3),
    "ESP32_GENERIC_C2": (19, 20),
    "ESP32_GENERIC_C3": (18, 19, 20, 21),
    "ESP32_GENERIC_C5": (11, 12, 13, 14),
    "ESP32_GENERIC_C6": (12, 13, 16, 17),
    "ESP32_GENERIC_S2": (43, 44),
    "ESP32_GENERIC_S3": (19, 20, 43, 44),
    "SEEED_XIAO_ESP32C3": (18, 19),
    "sim": (1, 3),
}
INPUT_ONLY = {"ESP32": (34, 35, 36, 37, 38, 39), "ESP32-S2": (46,)}


class Bench:
    """One board folder that may be spoilt, and the step of `make check` that looks at it."""

    def __init__(self, boards: Path, name: str) -> None:
        self.boards, self.name = boards, name
        shutil.copytree(BOARDS / name, boards / name)
        self.path = boards / name / "board.py"
        self.original = self.path.read_text()

    def with_line(self, field: str, line: str) -> Result:
        """Check the board with the line of this field replaced; the line may be empty."""
        lines = [
            line if old.startswith(f"{field} =") else old for old in self.original.splitlines()
        ]
        assert lines != self.original.splitlines(), f"{self.name} has no {field}"
        return self.with_text("\n".join(lines) + "\n")

    def with_text(self, text: str) -> Result:
        self.path.write_text(text)
        return CliRunner().invoke(main, ["boards", "check", "--boards", str(self.boards)])


def refusal(result: Result) -> str:
    """The sentences of a check that must have failed, and by no accident."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    return result.stderr


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "ESP32_GENERIC")


def test_every_chip_has_a_board_and_the_tables_here_all_of_them() -> None:
    boards = read_all()
    assert {board.fields["CHIP"] for board in boards} == set(CHIPS) == set(IMPOSSIBLE)
    assert set(NAMES) == set(REPL)


@pytest.mark.parametrize("name", NAMES)
def test_the_boards_have_no_problems(name: str) -> None:
    assert [str(found) for found in findings(read(BOARDS / name)) if found.wrong] == []


@pytest.mark.parametrize("name", ESP_AT_PINS)
def test_pins_are_those_of_esp_at(name: str) -> None:
    board = read(BOARDS / name)
    assert tuple(board.pin(role) for role in UART_PINS) == ESP_AT_PINS[name]


@pytest.mark.parametrize("role", UART_PINS)
@pytest.mark.parametrize("name", NAMES)
def test_an_impossible_pin_is_named_with_its_reason(name: str, role: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path, name)
    chip = read(BOARDS / name).fields["CHIP"]
    wrong = IMPOSSIBLE[chip] | dict.fromkeys(REPL[name], "REPL")
    if role in ("TX", "RTS"):
        wrong |= dict.fromkeys(INPUT_ONLY.get(chip, ()), "input only")
    if name == "ESP32_WROVER":
        wrong |= {16: "built-in flash", 17: "built-in flash"}
    for pin, reason in wrong.items():
        said = refusal(bench.with_line(role, f"{role} = {pin}"))
        (sentence,) = [line for line in said.splitlines() if line.startswith(f"{name}: {role} ")]
        assert sentence.startswith(f"{name}: {role} = {pin}: GPIO{pin} ")
        assert reason in sentence


@pytest.mark.parametrize("pin", [34, 39])
@pytest.mark.parametrize("role", ["RX", "CTS"])
def test_an_input_only_pin_is_an_input(bench: Bench, role: str, pin: int) -> None:
    assert bench.with_line(role, f"{role} = {pin}").exit_code == 0


@pytest.mark.parametrize("role", UART_PINS)
@pytest.mark.parametrize("name", NAMES)
def test_a_pin_used_twice(name: str, role: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path, name)
    other = "RX" if role == "TX" else "TX"
    pin = read(BOARDS / name).pin(other)
    said = refusal(bench.with_line(role, f"{role} = {pin}"))
    later, earlier = sorted((role, other), key=UART_PINS.index, reverse=True)
    assert f"{name}: {later} = {pin}: GPIO{pin} is {earlier} already" in said


@pytest.mark.parametrize("field", REQUIRED)
def test_a_missing_field(bench: Bench, field: str) -> None:
    said = refusal(bench.with_line(field, ""))
    assert f"ESP32_GENERIC: {field} is missing" in said


WRONG_VALUES = [
    *[(role, value) for role in UART_PINS for value in ('"17"', "17.0", "True", "-1", "99")],
    *[("TX", "None"), ("RX", "None")],
    *[("NAME", '"OTHER"'), ("NAME", "1"), ("CHIP", '"ESP8266"'), ("CHIP", "32")],
    *[("MODULES", '"WROOM-32"'), ("MODULES", '("ESP-01",)'), ("MODULES", "()")],
    *[("LOG", '("UART7",)'), ("LOG", '("USB",)'), ("LOG", '"UART0"')],
    *[("UART_ID", "3"), ("UART_ID", "-1"), ("UART_ID", "0"), ("UART_ID", "None")],
    *[("BAUD", "79"), ("BAUD", "5000001"), ("FLOW", "4"), ("FLOW", "-1"), ("FLOW", '"RTS"')],
    *[("RXBUF", "128"), ("RXBUF", "65536"), ("TXBUF", "0"), ("TXBUF", "65536")],
    *[("LINE_LIMIT", "64"), ("LINE_LIMIT", "10000"), ("UPLOAD_BUFFER", "0")],
    *[("WORKER_STACK", "5119"), ("WORKER_STACK", "5.5")],
]


@pytest.mark.parametrize(("field", "value"), WRONG_VALUES)
def test_a_value_of_the_wrong_type_or_size(bench: Bench, field: str, value: str) -> None:
    said = refusal(bench.with_line(field, f"{field} = {value}"))
    # Of a tuple the entry that is wrong is told.
    told = value if value == "()" else value.strip("(,)")
    assert f"ESP32_GENERIC: {field} = {told.replace(chr(34), chr(39))}" in said


@pytest.mark.parametrize(("flow", "role"), [(1, "RTS"), (2, "CTS"), (3, "CTS"), (3, "RTS")])
def test_flow_control_without_its_pin(bench: Bench, flow: int, role: str) -> None:
    bench.original = bench.original.replace("FLOW = 1", f"FLOW = {flow}")
    said = refusal(bench.with_line(role, f"{role} = None"))
    assert f"ESP32_GENERIC: FLOW = {flow} uses {role}, and this board has no {role} pin" in said


def test_two_wires_are_enough(bench: Bench) -> None:
    bench.original = bench.original.replace("FLOW = 1", "FLOW = 0").replace(
        "RTS = 14", "RTS = None"
    )
    assert bench.with_line("CTS", "CTS = None").exit_code == 0


def without_options(bench: Bench) -> str:
    """Its data with the fields alone that every board must have."""
    lines = bench.original.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(OPTIONAL))


@pytest.mark.parametrize(
    "line",
    [
        "ESCAPE_PIN = 0",
        "ESCAPE_PIN = None",
        'UPDATE_URL = "https://a.b/c"',
        "PROVEN_AFTER = 60",
        "UPDATE_SECONDS = 600",
    ],
)
def test_fields_that_may_be_there(bench: Bench, line: str) -> None:
    assert line.split()[0] in OPTIONAL
    result = bench.with_text(f"{without_options(bench)}{line}\n")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("COLOUR = 1", "ESP32_GENERIC: COLOUR is no field of a board"),
        ("ESCAPE_PIN = 17", "ESP32_GENERIC: ESCAPE_PIN = 17: GPIO17 is TX already"),
        ("ESCAPE_PIN = 6", "ESP32_GENERIC: ESCAPE_PIN = 6: GPIO6 of the ESP32 is wired to"),
        ("PROVEN_AFTER = -1", "ESP32_GENERIC: PROVEN_AFTER = -1 is not within 0 to 3600"),
        ("TX = 17", "ESP32_GENERIC: TX is there twice"),
        ("import os", "only lines such as TX = 17 belong here"),
        ("EXTRA = open('x')", "the value of EXTRA is no constant"),
        ("TX = = 3", "this is no Python"),
    ],
)
def test_lines_that_must_not_be_there(bench: Bench, line: str, sentence: str) -> None:
    assert sentence in refusal(bench.with_text(f"{without_options(bench)}{line}\n"))


def test_all_boards_are_looked_at_after_a_wrong_one(tmp_path: Path) -> None:
    first, second = Bench(tmp_path, "ESP32_GENERIC"), Bench(tmp_path, "ESP32_WROVER")
    first.with_text("nonsense")
    said = refusal(second.with_line("TX", "TX = 6"))
    assert "ESP32_GENERIC: board.py, line 1" in said
    assert "ESP32_WROVER: TX = 6" in said


def test_no_boards_are_no_success(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["boards", "check", "--boards", str(tmp_path)])
    assert result.exit_code == 1
    with pytest.raises(BoardDataError, match="there is no board"):
        read_all(tmp_path)


def test_make_check_runs_it_and_sees_its_failure(tmp_path: Path) -> None:
    script = (BOARDS.parent / "tools" / "check.sh").read_text()
    assert '\nstep "boards" espat boards check\n' in script
    bench = Bench(tmp_path, "ESP32_GENERIC")
    bench.with_line("TX", "TX = 34")
    command = "from espat_host.cli import main; main(prog_name='espat')"
    done = subprocess.run(
        [sys.executable, "-c", command, "boards", "check", "--boards", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 1
    assert "GPIO34 of the ESP32 is an input only, and TX is an output" in done.stderr
