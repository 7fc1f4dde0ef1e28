"""The rest of the HTTP family: HTTPCGET, HTTPGETSIZE, HTTPCPUT, HTTPURLCFG, HTTPCHEAD."""

import json
from collections.abc import Callable

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import RawServer, read_request, send, silence
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def code(number: int) -> bytes:
    return b"ERR CODE:0x%08x\r\n" % number + ERROR


def fields_of(server: RawServer, index: int = -1) -> dict[str, str]:
    head = bytes(server.received[index]).partition(b"\r\n\r\n")[0]
    return dict(field.split(": ", 1) for field in head.decode().split("\r\n")[1:])


def set_url(dut: Board, url: str) -> bytes:
    dut.send_line(f"AT+HTTPURLCFG={len(url)}")
    dut.expect_prompt()
    dut.write(url.encode())
    return dut.read_until(b"\r\n") + dut.read_until(b"\r\n")


def add_header(dut: Board, header: bytes) -> bytes:
    dut.send_line(f"AT+HTTPCHEAD={len(header)}")
    dut.expect_prompt()
    dut.write(header)
    return dut.reply().raw


@pytest.mark.parametrize("size", [0, 1, 2047, 2048, 2049, 100_000])
def test_get(joined: Board, servers: Servers, size: int) -> None:
    reply = joined.request(f'AT+HTTPCGET="{servers.http}/bytes-stream/{size}?seed=1"')
    assert reply.ok
    assert reply.body == b"".join(payload(size, 1))
    assert all(0 < n <= 2048 for n in reply.sizes)


@pytest.mark.parametrize("rx_size", [1, 100, 512, 2048])
def test_rx_size_bounds_the_chunks(joined: Board, servers: Servers, rx_size: int) -> None:
    url = f"{servers.http}/bytes-stream/5000?seed=1"
    reply = joined.request(f'AT+HTTPCGET="{url}",,{rx_size}')
    assert reply.body == b"".join(payload(5000, 1))
    assert max(reply.sizes) == rx_size


@pytest.mark.sim_only
def test_the_largest_rx_size(roomy: Board, servers: Servers) -> None:
    """A plain chip has no room for it, and its chunks stay at 2048."""
    roomy.join("espressif", "1234567890")
    url = f"{servers.http}/bytes-stream/1000000?seed=1"
    reply = roomy.request(f'AT+HTTPCGET="{url}",0,10240')
    assert reply.body == b"".join(payload(1_000_000, 1))
    assert max(reply.sizes) == 10240
    again = roomy.request(f'AT+HTTPCGET="{url}"')
    assert max(again.sizes) == 2048


def test_timeout(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, silence)
    joined.ask("AT+SYSLOG=1")
    answer = joined.ask(f'AT+HTTPCGET="{raw_server.url}",,,2000', timeout=20)
    assert answer == code(0x010A700B)


@pytest.mark.parametrize("command", ["HTTPCGET", "HTTPGETSIZE"])
@pytest.mark.parametrize(
    ("line", "number"),
    [
        ('"{url}",10241', 0x01070001),
        ('"{url}",,-1', 0x01070002),
        ('"{url}",,,180001', 0x01070003),
        ('"{url}",,,,5', 0x01060405),
        ('""', 0x01070000),
        ("", 0x01070000),
        ("5", 0x01050000),
        ('"gopher://x"', 0x01070000),
    ],
)
def test_bad_get_parameters(asked_dut: Board, command: str, line: str, number: int) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(f"AT+{command}=" + line.format(url="http://x/")) == code(number)


def test_get_size(joined: Board, servers: Servers) -> None:
    url = f"{servers.http}/bytes-stream/123456789"
    assert joined.ask(f'AT+HTTPGETSIZE="{url}"') == b"+HTTPGETSIZE:123456789\r\n" + OK
    assert joined.ask(f'AT+HTTPGETSIZE="{url}",2048,2048,5000').endswith(OK)


def test_get_size_of_an_unknown_length(joined: Board, servers: Servers) -> None:
    joined.ask("AT+SYSLOG=1")
    url = f"{servers.http}/bytes-stream/5?framing=chunked"
    assert joined.ask(f'AT+HTTPGETSIZE="{url}"') == code(0x010A701F)
    assert joined.ask(f'AT+HTTPGETSIZE="{servers.http}/status/404"') == code(0x010A7194)


def test_put(joined: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    reply = joined.request(f'AT+HTTPCPUT="{raw_server.url}/x",3,1,"X-A: 1"', b"abc")
    assert reply.raw == b"+HTTPCPUT:5,hello\r\n\r\nSEND OK\r\n"
    assert raw_server.received[0].startswith(b"PUT /x HTTP/1.1\r\n")
    assert raw_server.received[0].endswith(b"\r\n\r\nabc")
    assert fields_of(raw_server)["X-A"] == "1"


def test_preset_url(joined: Board, raw_server: RawServer) -> None:
    assert joined.ask("AT+HTTPURLCFG?") == OK
    url = f"{raw_server.url}/" + "long/" * 400
    assert set_url(joined, url) == b"\r\nSET OK\r\n"
    assert (
        # No empty line before OK: ESP-AT's objects and its documentation (docs/wire.md 7.6).
        joined.ask("AT+HTTPURLCFG?") == b"+HTTPURLCFG:%d,%s" % (len(url), url.encode()) + OK
    )
    for line in (
        'AT+HTTPCGET=""',
        'AT+HTTPCLIENT=2,0,"",,,1',
        'AT+HTTPCLIENT=3,0,"",,,1,"data"',
    ):
        raw_server.answer(HELLO)
        assert joined.request(line).body == b"hello"
        assert b"/long/long/ HTTP/1.1\r\n" in raw_server.received[-1]
    for command in ("HTTPCPOST", "HTTPCPUT"):
        raw_server.answer(HELLO)
        assert joined.request(f'AT+{command}="",2', b"hi").body == b"hello"
    assert joined.ask('AT+HTTPGETSIZE=""') == b"+HTTPGETSIZE:5\r\n" + OK
    raw_server.answer(HELLO)
    joined.request(f'AT+HTTPCGET="{raw_server.url}/short"')
    assert raw_server.received[-1].startswith(b"GET /short ")
    assert joined.ask("AT+HTTPURLCFG=0") == OK
    assert joined.ask("AT+HTTPURLCFG?") == OK
    assert joined.ask('AT+HTTPCGET=""') == ERROR


@pytest.mark.sim_only
def test_the_longest_url(roomy: Board, raw_server: RawServer) -> None:
    """A plain chip has no room for it beside the code that takes it."""
    roomy.join("espressif", "1234567890")
    base = f"{raw_server.url}/"
    url = base + "x" * (8192 - len(base))
    assert set_url(roomy, url) == b"\r\nSET OK\r\n"
    raw_server.answer(HELLO)
    assert roomy.request('AT+HTTPCGET=""').body == b"hello"
    assert len(raw_server.received[0].split(b" ")[1]) == 8192 - len(base) + 1


def test_bad_preset_urls(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    for bad in ("7", "8193", "-1", "", '"x"', "1,1"):
        assert dut.ask(f"AT+HTTPURLCFG={bad}").endswith(ERROR), bad
    dut.send_line("AT+HTTPURLCFG=10")
    dut.expect_prompt()
    dut.write(b"http://a\r\n")
    assert dut.reply().raw == code(0x01070000)
    assert dut.ask("AT+HTTPURLCFG?") == OK


def test_headers_go_with_every_request(joined: Board, raw_server: RawServer) -> None:
    assert joined.ask("AT+HTTPCHEAD?") == OK
    assert add_header(joined, b"Range: bytes=0-255") == OK
    assert add_header(joined, b"user-agent:mine") == OK
    assert add_header(joined, b"Host: elsewhere") == OK
    assert joined.ask("AT+HTTPCHEAD?") == (
        # ESP-AT's objects: the newest is number 0, and the text is as it came (docs/wire.md 7.7).
        b'+HTTPCHEAD:0,"Host: elsewhere"\r\n'
        b'+HTTPCHEAD:1,"user-agent:mine"\r\n'
        b'+HTTPCHEAD:2,"Range: bytes=0-255"\r\n' + OK
    )
    lines = [
        (f'AT+HTTPCGET="{raw_server.url}"', None),
        (f'AT+HTTPGETSIZE="{raw_server.url}"', None),
        (f'AT+HTTPCLIENT=3,0,"{raw_server.url}",,,1,"x","Range: mine"', None),
        (f'AT+HTTPCPOST="{raw_server.url}",1,1,"Range: mine"', b"x"),
        (f'AT+HTTPCPUT="{raw_server.url}",1', b"x"),
    ]
    for line, data in lines:
        raw_server.answer(HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        joined.request(line, data)
        fields = fields_of(raw_server)
        assert fields["Range"] == "bytes=0-255"
        assert fields["user-agent"] == "mine"
        assert fields["Host"] == "elsewhere"
        assert "User-Agent" not in fields
    assert joined.ask("AT+HTTPCHEAD=0") == OK
    assert joined.ask("AT+HTTPCHEAD?") == OK


def test_a_repeated_header_replaces(joined: Board, raw_server: RawServer) -> None:
    """In its place, and only in the same letters: ESP-AT's objects (docs/wire.md 7.7). What goes
    out has each name once, as ESP-IDF's client sends it, with the newest value."""
    for header in (b"X-A: 1", b"X-B: 2", b"x-a: 3", b"X-B: 4", b"X-C: 5"):
        assert add_header(joined, header) == OK
    assert joined.request("AT+HTTPCHEAD?").lines == [
        b'+HTTPCHEAD:0,"X-C: 5"',
        b'+HTTPCHEAD:1,"x-a: 3"',
        b'+HTTPCHEAD:2,"X-B: 4"',
        b'+HTTPCHEAD:3,"X-A: 1"',
    ]
    raw_server.answer(HELLO)
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').ok
    own = {name: value for name, value in fields_of(raw_server).items() if name[:1] in "xX"}
    assert own == {"X-C": "5", "x-a": "3", "X-B": "4"}


@pytest.mark.parametrize("header", [b"X-A: 1\r\n", b"X-A: 1\n", b"\r\n X-A : 1 \r\n"])
def test_a_line_end_that_was_counted_in(
    joined: Board, raw_server: RawServer, header: bytes
) -> None:
    """ESP-IDF's http_header.c trims both sides of key and value; a library in Zig and an Arduino
    sketch count the CR LF of their line in."""
    assert add_header(joined, header) == OK
    assert joined.ask("AT+HTTPCHEAD?") == b'+HTTPCHEAD:0,"X-A: 1"\r\n' + OK
    raw_server.answer(HELLO)
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').ok
    assert fields_of(raw_server)["X-A"] == "1"


@pytest.mark.sim_only
def test_a_long_header(roomy: Board, raw_server: RawServer) -> None:
    """ESP-AT has no limit but memory, and tokens have more than 1,024 bytes."""
    roomy.join("espressif", "1234567890")
    header = b"Authorization: Bearer " + b"t" * (4096 - 22)
    assert add_header(roomy, header) == OK
    assert roomy.ask("AT+HTTPCHEAD=4097") == ERROR
    raw_server.answer(HELLO)
    assert roomy.request(f'AT+HTTPCGET="{raw_server.url}"').ok
    assert header in raw_server.received[-1]


def test_a_token_of_1500_bytes(joined: Board, raw_server: RawServer) -> None:
    header = b"Authorization: Bearer " + b"t" * 1500
    assert add_header(joined, header) == OK
    raw_server.answer(HELLO)
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').ok
    assert header in raw_server.received[-1]


@pytest.mark.parametrize("command", ["HTTPCPOST", "HTTPCPUT"])
def test_an_empty_upload(joined: Board, raw_server: RawServer, command: str) -> None:
    """The prompt comes, no data is waited for (docs/wire.md 7.5)."""
    raw_server.answer(HELLO)
    joined.send_line(f'AT+{command}="{raw_server.url}",0')
    joined.expect(b"\r\nOK\r\n\r\n>+%s:5,hello\r\n\r\nSEND OK\r\n" % command.encode())
    assert fields_of(raw_server)["Content-Length"] == "0"
    assert raw_server.received[-1].endswith(b"\r\n\r\n")
    assert joined.ask("AT") == OK


NOT_FOR_HEAD = [b"403 Forbidden", b"405 Method Not Allowed", b"501 Not Implemented"]


@pytest.mark.parametrize("status", NOT_FOR_HEAD)
def test_get_size_where_head_is_refused(
    joined: Board, raw_server: RawServer, status: bytes
) -> None:
    """Asked by GET, and of the body nothing is read: it never ends here."""
    refusal = b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 123456\r\n\r\nthe beginning"
    raw_server.script(read_request, send(refusal), read_request, send(head), silence)
    answer = joined.ask(f'AT+HTTPGETSIZE="{raw_server.url}",,,2000', timeout=20)
    assert answer == b"+HTTPGETSIZE:123456\r\n" + OK
    assert b"".join(bytes(data) for data in raw_server.received).count(b"GET / HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("answers", "number"),
    [
        # The length of a redirect is not the resource's.
        ([b"301 X\r\nContent-Length: 5"], 0x010A712D),
        ([b"302 X"], 0x010A712E),
        ([b"405 X", b"307 X\r\nContent-Length: 5"], 0x010A7133),
        ([b"403 X\r\nContent-Length: 5", b"403 X\r\nContent-Length: 5\r\n\r\nhello"], 0x010A7193),
        ([b"501 X", b"200 OK\r\nTransfer-Encoding: chunked"], 0x010A701F),
        ([b"404 X"], 0x010A7194),
        ([b"500 X"], 0x010A71F4),
    ],
)
def test_get_size_of_what_has_none(
    joined: Board, raw_server: RawServer, answers: list[bytes], number: int
) -> None:
    joined.ask("AT+SYSLOG=1")
    raw_server.script(
        *(
            step
            for answer in answers
            for step in (read_request, send(b"HTTP/1.1 " + answer + b"\r\n\r\n"))
        ),
        silence,
    )
    assert joined.ask(f'AT+HTTPGETSIZE="{raw_server.url}"') == code(number)


def test_send_fail_is_for_the_transfer(joined: Board) -> None:
    """ESP-AT's objects: SEND FAIL is for the transfer, ERROR for all else (docs/wire.md 7.5)."""
    joined.ask("AT+SYSLOG=1")
    for bad in ('"nonsense",3', '"http://x/",3,1,"no colon"'):
        assert joined.ask(f"AT+HTTPCPOST={bad}").endswith(ERROR), bad
    reply = joined.request('AT+HTTPCPOST="http://127.0.0.1:1/",3', b"abc")
    assert reply.raw.endswith(b"\r\n\r\nSEND FAIL\r\n")


@pytest.mark.parametrize(
    "header",
    [
        b"no colon",
        b": x",
        b"X: a\r\nY: b",
        b"X: a\nb",
        b"X: \x00",
        b"X Y: z",
        b"Transfer-Encoding: x",
    ],
)
def test_bad_headers(asked_dut: Board, header: bytes) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert add_header(asked_dut, header) == code(0x01070000)
    assert asked_dut.ask("AT+HTTPCHEAD?") == OK


def test_too_many_headers(dut: Board) -> None:
    for number in range(16):
        assert add_header(dut, b"X-%d: y" % number) == OK
    assert add_header(dut, b"X-16: y") == ERROR
    assert add_header(dut, b"X-3: z") == OK
    assert len(dut.request("AT+HTTPCHEAD?").lines) == 16


def test_an_upload_larger_than_the_buffer(joined: Board, servers: Servers) -> None:
    data = b"".join(payload(300_000, 2))
    for command in ("HTTPCPOST", "HTTPCPUT"):
        reply = joined.request(f'AT+{command}="{servers.http}/upload",{len(data)}', data)
        assert json.loads(reply.body)["length"] == len(data)
        assert reply.result == b"SEND OK"


@pytest.mark.sim_only
def test_16_kb_are_taken_before_connecting(
    boot: Callable[..., SimBoard], raw_server: RawServer
) -> None:
    """A host without flow control loses nothing while the network is slow, on a board with room."""
    raw_server.answer(HELLO)
    with Board(boot(heap="8m").port) as client:
        client.synchronise()
        client.join("espressif", "1234567890")
        client.send_line(f'AT+HTTPCPOST="{raw_server.url}",16384')
        client.expect_prompt()
        client.write(b"x" * 16383)
        client.expect_silence(0.2)
        assert not raw_server.received
        client.write(b"y")
        assert client.reply().result == b"SEND OK"
    assert raw_server.received[0].endswith(b"\r\n\r\n" + b"x" * 16383 + b"y")


def test_a_server_that_hangs_up_during_an_upload(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(lambda connection: connection.receive())
    data = b"AT+RST\r\n" * 50_000
    reply = joined.request(f'AT+HTTPCPOST="{raw_server.url}",{len(data)}', data)
    assert reply.result == b"SEND FAIL"
    joined.expect_silence()
    assert joined.ask("AT") == OK
    raw_server.script(read_request, send(HELLO))
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hello"
