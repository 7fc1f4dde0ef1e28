"""The library against original ESP-AT: what its versions say differently must not matter."""

from collections.abc import Callable

import pytest

from espat_host import Board
from espat_host.client.board import Status
from espat_host.client.http_lines import MOST_LINE
from host_tests.client.esp_at import BUSY, OK, EspAt, Script, Taking

URL = "http://example.com/x"
GET = b'AT+HTTPCGET="http://example.com/x"'
TRAP = b"\r\nOK\r\n+HTTPCGET:3,abc\r\n\r\nERROR\r\n"
JOINED = b'+CWJAP:"ne,t\\"1","aa:bb:cc:dd:ee:ff",6,-42,0,1,3,0,1\r\n'
LONG_URL = "http://example.com/" + "y" * 300
MANY = [(f"X-{n}", "v" * 60) for n in range(5)]

# What is called, what the peer's script is, what must come of it.
Call = Callable[[Board], object]
WORKS: dict[str, tuple[Call, Script, object]] = {
    "chunks of 2048 that look like answers": (
        lambda board: board.get(URL).body,
        {GET: b"+HTTPCGET:%d,%s\r\n+HTTPCGET:2,hi\r\n" % (len(TRAP), TRAP) + OK},
        TRAP + b"hi",
    ),
    "no body, no chunk": (lambda board: board.get(URL).body, {GET: OK}, b""),
    "chunks of one byte": (
        lambda board: list(board.stream(URL)),
        {GET: b"+HTTPCGET:1,a\r\n" * 9 + OK},
        [b"a"] * 9,
    ),
    "a timeout is in ms": (
        lambda board: board.get(URL, timeout=2.5).size,
        {GET + b",,,2500": b"+HTTPCGET:3,abc\r\n" + OK},
        3,
    ),
    "HEAD as the documentation shows it": (
        lambda board: board.head(URL).headers,
        {
            b"AT+HTTPCLIENT=1,": b"+HTTPCLIENT:16, Server: gunicorn\r\n"
            b"+HTTPCLIENT:12, X-A: b: c, d\r\n" + OK
        },
        [("Server", "gunicorn"), ("X-A", "b: c, d")],
    ),
    "HEAD without the blank": (
        lambda board: board.head(URL).header("server"),
        {b"AT+HTTPCLIENT=1,": b"+HTTPCLIENT:16,Server: gunicorn\r\n" + OK},
        "gunicorn",
    ),
    "POST with chunks before SEND OK": (
        lambda board: board.post(URL, b"12345").body,
        {b"AT+HTTPCPOST=": Taking(b"+HTTPCPOST:2,hi\r\n\r\nSEND OK\r\n")},
        b"hi",
    ),
    "POST without any": (
        lambda board: board.post(URL, b"12345").body,
        {b"AT+HTTPCPOST=": Taking(b"\r\nSEND OK\r\n")},
        b"",
    ),
    "busy, then not": (
        lambda board: board.get(URL).body,
        {GET: [BUSY, b"ERR CODE:0x010b0000\r\n" + BUSY, b"+HTTPCGET:2,hi\r\n" + OK]},
        b"hi",
    ),
    "Wi-Fi reports between": (
        lambda board: board.get(URL).body,
        {GET: b"WIFI DISCONNECT\r\n+HTTPCGET:2,hi\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n" + OK},
        b"hi",
    ),
    "size": (
        lambda board: board.size(URL),
        {b'AT+HTTPGETSIZE="http://example.com/x"': b"+HTTPGETSIZE:123\r\n" + OK},
        123,
    ),
    "size that is not known": (
        lambda board: board.size(URL),
        {b"AT+HTTPGETSIZE=": b"+HTTPGETSIZE:-1\r\n" + OK},
        None,
    ),
    "mode with a blank line before OK": (
        lambda board: board.scan(),
        {b"AT+CWMODE?": b"+CWMODE:1\r\n" + OK, b"AT+CWLAP": OK},
        [],
    ),
    "mode without one": (
        lambda board: board.scan(),
        {b"AT+CWMODE?": b"+CWMODE:3" + OK, b"AT+CWLAP": OK},
        [],
    ),
    "scan": (
        lambda board: [(p.ssid, p.security, p.rssi, p.channel) for p in board.scan()],
        {
            b"AT+CWMODE?": b"+CWMODE:0\r\n" + OK,
            b"AT+CWMODE=1": OK,
            b"AT+CWLAP": b'+CWLAP:(3,"far",-80,"AA:00:00:00:00:01",6,-1,-1,4,4,7,0)\r\n'
            b'+CWLAP:(0,"a "",(b)",-30,"aa:00:00:00:00:02",1,-1,-1,0,0,7,1)\r\n' + OK,
        },
        [('a "",(b)', "open", -30, 1), ("far", "WPA2", -80, 6)],
    ),
    "not connected": (
        lambda board: board.status().state,
        {b"AT+CWJAP?": OK, b"AT+CWSTATE?": b'+CWSTATE:0,""\r\n' + OK},
        "not started",
    ),
    "not connected, in older words, without CWSTATE": (
        lambda board: board.status().connected,
        {b"AT+CWJAP?": b"No AP\r\n" + OK},
        False,
    ),
    "connected, without CWSTATE": (
        lambda board: board.status(),
        {
            b"AT+CWJAP?": JOINED + OK,
            b"AT+CIPSTA?": b'+CIPSTA:ip:"10.0.0.2"\r\n+CIPSTA:gateway:"10.0.0.1"\r\n' + OK,
            b"AT+CIFSR": b'+CIFSR:STAIP,"10.0.0.2"\r\n+CIFSR:STAMAC,"02:00:00:00:00:01"\r\n' + OK,
        },
        Status("connected", 'ne,t\\"1', "aa:bb:cc:dd:ee:ff", 6, -42, "10.0.0.2"),
    ),
    "version": (
        lambda board: (board.version().at, board.version().binary),
        {
            b"AT+GMR": b"AT version:4.2.0.0-dev(32ff6e1 - ESP32 - Jul 24 2026 09:53:44)\r\n"
            b"SDK version:v5.4.4\r\ncompile time(32ff6e1):Jul 24 2026 10:01:02\r\n"
            b"Bin version:v4.2.0.0-dev(WROOM-32)\r\n" + OK
        },
        ("4.2.0.0-dev(32ff6e1 - ESP32 - Jul 24 2026 09:53:44)", "v4.2.0.0-dev(WROOM-32)"),
    ),
    "free memory": (
        lambda board: board.free_memory(),
        {b"AT+SYSRAM?": b"+SYSRAM:148408,84044" + OK},
        148408,
    ),
    "the clock": (
        lambda board: board.time(),
        {b"AT+SYSTIMESTAMP?": b"+SYSTIMESTAMP:1634953609" + OK},
        1634953609,
    ),
}


@pytest.mark.parametrize("syslog", [True, False])
@pytest.mark.parametrize("name", WORKS)
def test_works(name: str, syslog: bool) -> None:
    call, script, expected = WORKS[name]
    with EspAt(script, syslog=syslog) as peer, Board.open(peer.port) as board:
        assert call(board) == expected
        board.expect_silence(0.05)
        assert board.ask("AT") == OK


# method, url, headers, data: the commands that make the request, in their order.
LINES: dict[str, tuple[tuple[str, str, list[tuple[str, str]], bytes], list[bytes]]] = {
    "get": (("get", URL, [], b""), [GET]),
    "get with headers": (
        ("get", URL, [("A", "b"), ("C", "d")], b""),
        [b"AT+HTTPCHEAD=0", b"AT+HTTPCHEAD=4", b"AT+HTTPCHEAD=4", GET, b"AT+HTTPCHEAD=0"],
    ),
    "get of a long url": (
        ("get", LONG_URL, [], b""),
        [b"AT+HTTPURLCFG=319", b'AT+HTTPCGET=""', b"AT+HTTPURLCFG=0"],
    ),
    "delete with a header in the line": (
        ("delete", URL, [("A", 'say "b",c')], b""),
        [b'AT+HTTPCLIENT=5,0,"http://example.com/x",,,1,"A: say \\"b\\"\\,c"'],
    ),
    "delete over TLS": (
        ("delete", "https://example.com/", [], b""),
        [b'AT+HTTPCLIENT=5,0,"https://example.com/",,,2'],
    ),
    "head with many headers": (
        ("head", URL, MANY, b""),
        [
            b"AT+HTTPCHEAD=0",
            *[b"AT+HTTPCHEAD=65"] * 5,
            b'AT+HTTPCLIENT=1,0,"http://example.com/x",,,1',
            b"AT+HTTPCHEAD=0",
        ],
    ),
    "post": (
        ("post", "http://a/,b", [("A", "b")], b"12345"),
        [b'AT+HTTPCPOST="http://a/\\,b",5,1,"A: b"'],
    ),
    "post of nothing": (
        ("post", URL, [("A", "b")], b""),
        [b'AT+HTTPCLIENT=3,0,"http://example.com/x",,,1,"","A: b"'],
    ),
    "put, url and headers too long": (
        ("put", LONG_URL, MANY, b"12345"),
        [
            b"AT+HTTPURLCFG=319",
            b"AT+HTTPCHEAD=0",
            *[b"AT+HTTPCHEAD=65"] * 5,
            b'AT+HTTPCPUT="",5',
            b"AT+HTTPURLCFG=0",
            b"AT+HTTPCHEAD=0",
        ],
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_command_lines(name: str) -> None:
    (method, url, headers, data), lines = LINES[name]
    script: Script = {
        b"AT+HTTPURLCFG=": Taking(b"\r\nSET OK\r\n"),
        b"AT+HTTPURLCFG=0": OK,
        b"AT+HTTPCHEAD=": Taking(OK),
        b"AT+HTTPCHEAD=0": OK,
        b"AT+HTTPCGET=": OK,
        b"AT+HTTPCLIENT=": OK,
        b"AT+HTTPCPOST=": Taking(b"\r\nSEND OK\r\n"),
        b"AT+HTTPCPUT=": Taking(b"\r\nSEND OK\r\n"),
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        begin = len(peer.lines)
        getattr(board, method)(url, *((data,) if data else ()), headers=headers)
        assert peer.lines[begin:] == [b"AT+HTTPREPORT?", *lines]
        assert all(len(line) <= MOST_LINE for line in peer.lines)
        if data:
            assert peer.data[-1] == data
        if url == LONG_URL:
            assert peer.data[0] == url.encode()


def test_certificates_are_written_only_when_they_differ() -> None:
    there = b'+SYSMFG:"https_ca","https_ca.2",8,4,\r\n>\n\r\n' + OK
    script: Script = {
        b'AT+SYSMFG=1,"https_ca","https_ca.2"': there,
        b'AT+SYSMFG=1,"https_cert","https_cert.2"': b"\r\nERROR\r\n",
        b'AT+SYSMFG=1,"https_key","https_key.2"': there.replace(b"https_ca", b"https_key"),
        b"AT+SYSMFG=2,": b"\r\nERROR\r\n",
        b'AT+SYSMFG=2,"https_cert","https_cert.2",8,4': Taking(OK),
        b'AT+SYSMFG=2,"https_key","https_key.2",8,3': Taking(OK),
        b"AT+HTTPCFG=3,2,2": OK,
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        board.load_certificates(ca=b"\r\n>\n", cert=b"cert", key=b"key", number=2)
        assert peer.data == [b"cert", b"key"]
        assert peer.lines[-1] == b"AT+HTTPCFG=3,2,2"
