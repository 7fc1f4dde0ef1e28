"""What is made from boards/ and firmware/ is what lies in the repository, and it is right."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from espat_host.boards import generated
from espat_host.boards.data import read_all
from espat_host.build import written
from espat_host.build.checkout import ROOT
from espat_host.sim.process import micropython

BOARDS = [board for board in read_all() if board.real]
SVG = "{http://www.w3.org/2000/svg}"
MAIN = ROOT / "firmware" / "main.py"
MODULES = sorted(path for path in (ROOT / "firmware").rglob("*.py") if path != MAIN)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what is generated and of what it is made from."""
    for name in ("boards", "docs", "firmware"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "package.json", tmp_path)
    return tmp_path


def test_nothing_is_stale() -> None:
    assert written.stale(generated.made()) == [], (
        "run .venv/bin/espat generate and commit what it changes"
    )


def test_a_change_of_a_board_makes_picture_and_page_stale(checkout: Path) -> None:
    path = checkout / "boards" / "ESP32_GENERIC" / "board.py"
    path.write_text(path.read_text().replace("TX = 17", "TX = 4"))
    expected = [Path("docs/wiring/ESP32_GENERIC.svg"), Path("docs/wiring.md")]
    assert written.stale(generated.made(checkout), checkout) == expected
    assert written.write(generated.made(checkout), checkout) == expected
    assert written.stale(generated.made(checkout), checkout) == []
    assert "GPIO4" in (checkout / expected[0]).read_text()


def test_a_board_and_a_module_that_come_and_go(checkout: Path) -> None:
    shutil.copytree(checkout / "boards/ESP32_GENERIC", checkout / "boards/MINE")
    (checkout / "firmware/espat/pure/new.py").write_text("")
    (checkout / "docs/wiring/OLD.svg").write_text("")
    written.write(generated.made(checkout), checkout)
    assert (checkout / "docs/wiring/MINE.svg").is_file()
    assert not (checkout / "docs/wiring/OLD.svg").exists()
    assert '"firmware/espat/pure/new.py"' in (checkout / "package.json").read_text()


def test_a_page_without_its_marks_is_a_sentence(checkout: Path) -> None:
    (checkout / "docs/wiring.md").write_text("# Wiring\n")
    with pytest.raises(ValueError, match="has lost one of the lines"):
        written.write(generated.made(checkout), checkout)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_a_picture_shows_pins_and_crossed_wires(board) -> None:
    root = ET.parse(ROOT / "docs" / "wiring" / f"{board.name}.svg").getroot()
    words = [(element.text, float(element.get("y", 0))) for element in root.iter(f"{SVG}text")]
    heights: dict[str, set[float]] = {}
    for word, y in words:
        heights.setdefault(str(word), set()).add(y)
    wires = {
        frozenset({float(line.get("y1", 0)), float(line.get("y2", 0))})
        for line in root.iter(f"{SVG}line")
    }
    # A name stands five below its wire; each name once on either side, so at one height.
    row = {name: heights[name].pop() - 5 for name in ("TX", "RX", "RTS", "CTS", "GND")}
    assert {row["TX"], row["RX"]} in wires
    assert {row["RTS"], row["CTS"]} in wires
    assert {row["GND"]} in wires
    for role in ("TX", "RX", "CTS", "RTS"):
        assert (f"GPIO{board.pin(role)}", row[role] + 5) in words
    text = " ".join(str(word) for word, _ in words)
    assert "3.3 V" in text
    assert "Log and REPL" in text
    assert board.fields["CHIP"] in text


def test_the_page_has_every_board_with_its_pins() -> None:
    page = (ROOT / "docs" / "wiring.md").read_text()
    for board in BOARDS:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| [{board.name}]")]
        pins = " | ".join(str(board.pin(role)) for role in ("TX", "RX", "CTS", "RTS"))
        assert f"| {board.fields['UART_ID']} | {pins} |" in row
        assert f"https://micropython.org/download/{board.port_board}/" in row
        assert f"(wiring/{board.name}.svg)\n" in page


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """The repository behind HTTP, as a git host shows it; ends in a slash."""
    handler = partial(_Quiet, directory=str(ROOT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.sim_only
def test_mip_installs_every_module_once(site: str, tmp_path: Path) -> None:
    """MicroPython's own mip, reading the package.json that is committed."""
    command = [*micropython(), "-m", "mip", "install", "--target", str(tmp_path), site]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    copied = [line for line in done.stdout.splitlines() if line.startswith("Copying:")]
    assert len(copied) == len(set(copied)) == len(MODULES)
    for path in MODULES:
        assert (tmp_path / path.relative_to(ROOT / "firmware")).read_bytes() == path.read_bytes()
