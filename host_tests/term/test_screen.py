"""`espat term` as a person sees it: a simulated board behind it, the screen compared."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.dialogues import repertoire
from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.term.terminal import START, BarePort, conversation, history, terminal

pytestmark = pytest.mark.sim_only


@pytest.fixture
def term(sim: SimBoard, tmp_path: Path) -> Iterator[PtyScreen]:
    """A terminal that waits for its first line."""
    with terminal(sim.port, home=tmp_path) as screen:
        screen.until("\nat>")
        yield screen


@pytest.fixture
def joined_term(term: PtyScreen) -> PtyScreen:
    term.type_line('AT+CWJAP="espressif","1234567890"')
    term.until("WIFI GOT IP\nOK")
    return term


def colour(screen: PtyScreen, text: str) -> str:
    """The colour in which this line begins."""
    row = next(number for number, line in enumerate(screen.lines) if line.startswith(text))
    return str(screen.screen.buffer[row][0].fg)


def test_start(term: PtyScreen, sim: SimBoard) -> None:
    term.until(f"\n{sim.port}")
    lines = [line for line in term.lines if line]
    assert lines == [
        START.format(port=sim.port),
        "at>",
        f"{sim.port} at 115200 baud",
    ]


def test_completion(term: PtyScreen, sim: SimBoard) -> None:
    term.keys("at+cwj\t")
    term.until("AT+CWJAP=  Joins an access point.")
    assert [line.strip() for line in term.lines[1:] if line] == [
        "at> at+cwj",
        *(f"{form:9}  Joins an access point." for form in ("AT+CWJAP?", "AT+CWJAP=", "AT+CWJAP")),
        f"{sim.port} at 115200 baud",
    ]
    term.keys("\t")
    term.until("at> AT+CWJAP?")
    term.until('\nAT+CWJAP?  AT+CWJAP=<"ssid">,<"password">[,<"bssid">][,...]  AT+CWJAP  Joins')
    term.keys("\r")
    term.until("at> AT+CWJAP?\nOK\nat>")


def test_answers_with_colours(term: PtyScreen) -> None:
    for line, end in (
        ("AT+CWMODE?", "+CWMODE:1\nOK"),
        ("AT+SYSLOG=1", "=1\nOK"),
        ("AT+NONE", "\nERROR"),
        ('AT+CWJAP="espressif","1234567890"', "WIFI GOT IP\nOK"),
    ):
        term.type_line(line)
        term.until(f"{end}\nat>")
    assert conversation(term) == [
        *("at> AT+CWMODE?", "+CWMODE:1", "OK"),
        *("at> AT+SYSLOG=1", "OK"),
        *("at> AT+NONE", "ERR CODE:0x01090000  no such command", "ERROR"),
        *('at> AT+CWJAP="espressif","1234567890"', "WIFI CONNECTED", "WIFI GOT IP", "OK"),
    ]
    colours = {text: colour(term, text) for text in ("+CWMODE", "OK", "ERROR", "WIFI", "ERR CODE")}
    assert colours == {
        "+CWMODE": "default",
        "OK": "green",
        "ERROR": "red",
        "WIFI": "brown",
        "ERR CODE": "red",
    }


def test_binary_data_is_not_garbage(joined_term: PtyScreen, servers: Servers) -> None:
    url = servers.https + "/bytes/600?seed=1"
    joined_term.type_line(f'AT+HTTPCLIENT=2,0,"{url}",,,2')
    joined_term.until("\nOK\nat>")
    joined_term.until("+HTTPCLIENT:88,(88 bytes: ")
    chunks = [line for line in joined_term.lines if line.startswith("+HTTPCLIENT:")]
    assert chunks[0].startswith("+HTTPCLIENT:512,(512 bytes: ")
    assert all(line.endswith(" ...)") for line in chunks)
    assert len(chunks) == 2


def test_text_is_text(joined_term: PtyScreen, servers: Servers) -> None:
    joined_term.type_line(f'AT+HTTPCGET="{servers.http}/user-agent"')
    joined_term.until('\n  "user-agent": "ESP32 HTTP Client/1.0"\n}\nOK\nat>')


def test_data_as_a_line_a_file_and_hex(term: PtyScreen, tmp_path: Path) -> None:
    (tmp_path / "header").write_bytes(b"From: file")
    ways = {
        "X-Line: 1": 9,
        ":send header": 10,
        ":hex 41 3a20 42": 4,
    }
    for way, size in ways.items():
        term.type_line(f"AT+HTTPCHEAD={size}")
        term.until(f"\n{size} bytes>")
        term.type_line(way)
        term.until(f"{way}\nOK\nat>")
    term.type_line("AT+HTTPCHEAD?")
    term.until('+HTTPCHEAD:0,"A: B"\n+HTTPCHEAD:1,"From: file"\n+HTTPCHEAD:2,"X-Line: 1"\nOK')
    assert history(tmp_path).splitlines() == [
        *(f"AT+HTTPCHEAD={size}" for size in ways.values()),
        "AT+HTTPCHEAD?",
    ]


def test_data_that_does_not_fit(term: PtyScreen) -> None:
    term.type_line(":send none")
    term.until("the board waits for no data")
    term.type_line("AT+HTTPCHEAD=6")
    term.until("\n6 bytes>")
    for line, answer in (
        ("X-Long: 1", "the board waits for 6 bytes, these are 9: not sent"),
        (":send none", "none cannot be read: No such file or directory"),
        (":hex 0", "after :hex come pairs of hex digits"),
        ("A: ", "3 more\n3 bytes>"),
        ("B.C", "B.C\nOK\nat>"),
    ):
        term.type_line(line)
        term.until(answer)


def test_a_log(term: PtyScreen, tmp_path: Path) -> None:
    path = tmp_path / "a log"
    term.type_line(':log "a log"')
    term.until("is written into")
    for line, end in (
        ("AT+CWMODE?", "+CWMODE:1\nOK\nat>"),
        ('AT+CWSAP="me","wonderland",1,3', "ERROR\nat>"),
        ("AT+HTTPCHEAD=4", "\n4 bytes>"),
    ):
        term.type_line(line)
        term.until(end)
    term.type_line("A: B")
    term.until("A: B\nOK")
    term.type_line(":log")
    term.until("is complete")
    term.type_line("AT")
    term.until("at> AT\nOK")
    assert [line[13:] for line in path.read_text().splitlines()] == [
        *("> AT+CWMODE?", "< +CWMODE:1", "< OK"),
        *("> AT+CWSAP=***", "< ERROR"),
        *("> AT+HTTPCHEAD=4", "< OK", "< >", "> (4 bytes)", "< OK"),
    ]


def test_play(sim: SimBoard, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.at", tmp_path / "bad.at"
    good.write_text("# A mode\n> AT+CWMODE?\n< +CWMODE:1\n<\n< OK\n")
    bad.write_text("# Another mode\n> AT+CWMODE?\n< +CWMODE:3\n<\n< OK\n")
    with terminal(sim.port, home=tmp_path) as term:
        term.until("\nat>")
        term.type_line(":log log")
        term.type_line(":play good.at")
        term.until("A mode\n> AT+CWMODE?\n+CWMODE:1\nOK\nas written: 1 commands, 29 bytes came")
        log = (tmp_path / "log").read_text().splitlines()
        assert [line[13:] for line in log] == ["> AT+CWMODE?", "< +CWMODE:1", "< OK"]
        term.type_line(":play bad.at")
        term.until("expected the line '+CWMODE:3', got b'+CWMODE:1'")
        term.type_line(":play /nowhere")
        term.until("/nowhere cannot be played")
        term.type_line("AT+CWMODE?")
        term.until("at> AT+CWMODE?\n+CWMODE:1\nOK")


@pytest.mark.timeout(180)
def test_play_against_servers(tmp_path: Path) -> None:
    with terminal("--sim", home=tmp_path) as term:
        term.until("\nat>")
        term.type_line(f":play {repertoire.paths()[1]}")
        term.until("as written: ")


def test_help(term: PtyScreen) -> None:
    term.type_line(":help AT+CWMODE")
    about = "AT+CWMODE\n  0 off, 1 station, 2 access point, 3 both.\n"
    term.until(f"{about}    AT+CWMODE?\n    AT+CWMODE=<mode>[,<auto_connect>]")
    term.keys("AT+PING=\x1bOP")
    term.until('AT+PING\n  Pings a host.\n    AT+PING=<"host">\nat> AT+PING=')
    term.keys("\x03")
    term.until_gone("at> AT+PING=")
    term.type_line(":help AT+NONE")
    term.until("no help about AT+NONE")
    term.type_line(":help")
    term.until(":quit             Ends the terminal")
    term.type_line(":nonsense")
    term.until("there is no :nonsense; there are :help :send")


def paste(screen: PtyScreen, text: str) -> None:
    screen.keys(f"\x1b[200~{text}\x1b[201~\r")


def test_pasted_lines_wait_for_each_other(joined_term: PtyScreen) -> None:
    paste(joined_term, "AT+CWLAP\nAT+HTTPCHEAD=4\nA: B\n\nAT+HTTPCHEAD?")
    joined_term.until('OK\n+HTTPCHEAD:0,"A: B"\nOK\nat>')
    assert "busy" not in joined_term.text
    assert "ERROR" not in joined_term.text


def test_pasted_data_keeps_its_lines(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, "--quiet", home=tmp_path) as term:
        term.until("\nat>")
        term.type_line("AT+HTTPCHEAD=8")
        assert port.heard() == b"AT+HTTPCHEAD=8\r\n"
        port.say(b"\r\nOK\r\n\r\n>")
        term.until("\n8 bytes>")
        paste(term, " a: \nb  ")
        assert port.heard() == b" a: \nb  "


def test_what_is_no_text(term: PtyScreen) -> None:
    """Bytes that are no UTF-8 go to the board as they came."""
    term.type_line("AT+HTTPCHEAD=5")
    term.until("\n5 bytes>")
    term.process.send(b"A: \xff\xfe\r")
    term.until("OK\nat>")
    term.type_line("AT+HTTPCHEAD?")
    term.until('+HTTPCHEAD:0,"A: \\xff\\xfe"\nOK')


def test_what_comes_unasked_leaves_the_line_alone(
    term: PtyScreen, sim: SimBoard, world: dict[str, object]
) -> None:
    term.type_line('AT+CWJAP="espressif","1234567890"')
    term.until("WIFI GOT IP\nOK")
    term.keys("AT+PI")
    term.until("at> AT+PI")
    sim.set_world(world | {"access_points": []})
    term.until("WIFI DISCONNECT\nat> AT+PI")


def test_a_slow_port(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], servers: Servers, tmp_path: Path
) -> None:
    sim = boot(baud_pacing=True)
    board = connect(sim)
    board.join("espressif", "1234567890")
    board.ask("AT+UART_CUR=9600,8,1,0,0")
    board.close()
    with terminal(sim.port, "--baud", "9600", home=tmp_path) as term:
        term.until("\nat>")
        term.keys("AT+UART_C\t")
        term.until("AT+UART_CUR?")
        term.keys("?\r")
        term.until("+UART_CUR:9600,8,1,0,0\nOK")
        term.type_line(f'AT+HTTPCGET="{servers.http}/bytes/3000?seed=1"')
        term.until("(952 bytes: ")
        term.until("\nOK\nat>")
