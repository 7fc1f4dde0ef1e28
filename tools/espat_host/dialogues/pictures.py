"""The pictures of the documentation: programs run in a terminal, and what it shows becomes an SVG.

    python -m espat_host.dialogues.pictures docs/images

They need the packages of the tests (pexpect, pyte); `make pictures` has them."""

import os
import re
import sys
import tempfile
from io import StringIO
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from espat_host.dialogues import repertoire
from espat_host.dialogues.pty_screen import NotSeen, PtyScreen
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

PROGRAM = "from espat_host.cli import main; main(prog_name='espat')"
# With a clock that goes by the bytes, as many as 115200 baud are, so that the bar always shows the
# same.
STEADY = """
import rich.console
from espat_host.console import progress

now, count = 0.0, progress.Bar.advance

def advance(bar, size):
    global now
    now += size / 11520
    count(bar, size)

rich.console.monotonic = lambda: now
progress.Bar.advance = advance
"""
URL = "https://httpbin.org/image/jpeg"
# The web font that rich names comes from elsewhere, where nobody who looks at a README gets it.
_WEB_FONT = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
LIMIT = 60.0


def main() -> None:
    """Write them all into the folder that the command line names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (("term", term), ("get", get)):
        with tempfile.TemporaryDirectory() as home:
            (folder / f"{name}.svg").write_text(make(Path(home)), encoding="utf-8")


def term(home: Path) -> str:
    """A session in `espat term`."""
    command = ("term", "--sim")
    with _started(command, home, rows=34) as screen:
        screen.until("\nat>")
        for line, end in (
            ("AT+SYSLOG=1", "OK\nat>"),
            ('AT+CWJAP="espressif","1234567890"', "GOT IP\nOK\nat>"),
            ('AT+HTTPCGET="https://httpbin.org/user-agent"', '"\n}\nOK\nat>'),
            ('AT+HTTPCGET="https://httpbin.org/bytes/3000?seed=3"', "0d ...)\nOK\nat>"),
            ('AT+HTTPCGET="https://httpbin.org/status/404"', "HTTP status 404\nERROR\nat>"),
            ("AT+HTTPCHEAD=13", "\n13 bytes>"),
            ("X-Color: blue", "blue\nOK\nat>"),
        ):
            screen.type_line(line)
            screen.until(end)
        screen.keys("AT+HTTPCP\t")
        screen.until("Puts data.")
        screen.keys("\t")
        screen.until("AT+HTTPCPOST=<")
        return svg(screen, "espat term")


def get(home: Path) -> str:
    """`espat get` at the end of a download."""
    command = ("get", "--port", "./board", "-o", "photo.jpg", URL)
    network = {"ESPAT_SSID": "espressif", "ESPAT_PASSWORD": "1234567890"}
    with Servers() as servers:
        world = repertoire.local_world(servers)
        with (
            SimBoard(world=world, link=home / "board"),
            _started(command, home, rows=6, before=STEADY, **network) as screen,
        ):
            if screen.until_end(LIMIT):
                raise NotSeen(f"the download has failed:\n{screen.text}")
            return svg(screen, "espat get")


def svg(screen: PtyScreen, title: str) -> str:
    """The screen as a picture."""
    columns = screen.screen.columns
    console = Console(
        record=True,
        width=columns,
        file=StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    for row in range(len(screen.text.splitlines())):
        line = Text(no_wrap=True)
        cells = (screen.screen.buffer[row][column] for column in range(columns))
        for style, alike in groupby(cells, _style):
            line.append("".join(cell.data for cell in alike), style)
        line.rstrip()
        console.print(line, overflow="crop")
    picture = console.export_svg(title=title, unique_id=title.replace(" ", "-"))
    return _WEB_FONT.sub("", picture)


def _started(
    command: tuple[str, ...], home: Path, rows: int, before: str = "", **network: str
) -> PtyScreen:
    settings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    settings |= {"TERM": "xterm-256color", "XDG_STATE_HOME": str(home), **network}
    screen = PtyScreen(
        [sys.executable, "-c", before + PROGRAM, *command],
        columns=100,
        rows=rows,
        cwd=home,
        env=settings,
    )
    screen.show(f"$ espat {' '.join(command)}\r\n")
    return screen


def _style(cell: object) -> Style:
    """pyte's names of the colours are those of the Linux console; rich has its own."""
    foreground, background = (_colour(getattr(cell, name)) for name in ("fg", "bg"))
    return Style(
        color=foreground,
        bgcolor=background,
        bold=bool(getattr(cell, "bold", False)),
        reverse=bool(getattr(cell, "reverse", False)),
    )


def _colour(name: str) -> str | None:
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return name.replace("brown", "yellow").replace("bright", "bright_")


if __name__ == "__main__":
    main()
