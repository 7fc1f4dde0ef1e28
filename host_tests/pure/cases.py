"""Inputs and what must come of them, as plain data: CPython's tests and the same modules inside
MicroPython (device/pure_cases.py) run through the same list."""

PARSE, INVALID = 0x01080000, 0x01070000

ARGS = [
    (b"", [None]),
    (b"1", [1]),
    (b"-5,+5", [-5, 5]),
    (b"015", [15]),
    (b"0x1800,0XfF,-0x10", [0x1800, 0xFF, -16]),
    (b"2147483647,-2147483648", [2**31 - 1, -(2**31)]),
    (b",", [None, None]),
    (b'"s","p",,1', [b"s", b"p", None, 1]),
    (b'""', [b""]),
    (b'"a,b"', [b"a,b"]),
    (b'"a\\,b\\"c\\\\d\\e"', [b'a,b"c\\de']),
    (b'"G\xc3\xa4stezimmer"', [b"G\xc3\xa4stezimmer"]),
    (b'"\x00\xff\r"', [b"\x00\xff\r"]),
]

ARGS_ERRORS = [
    (b"abc", PARSE),
    (b"1 ", PARSE),
    (b" 1", PARSE),
    (b"1_0", PARSE),
    (b"0x", PARSE),
    (b"-", PARSE),
    (b"1.5", PARSE),
    (b'"open', PARSE),
    (b'"open\\"', PARSE),
    (b'1,"a"b', PARSE | 1),
    (b"1,2,x", PARSE | 2),
    (b"2147483648", INVALID),
    (b"0,-2147483649", INVALID | 1),
    (b"9" * 200, INVALID),
]

LINE_LIMIT = 16

LINES = [
    (b"AT\r\n", [b"AT"]),
    (b"\r\n\r\nAT\r\n", [b"", b"", b"AT"]),
    (b"AT+A\r\nAT+B\r\nAT+", [b"AT+A", b"AT+B"]),
    (b"AT\rAT\r\n", [b"AT\rAT"]),
    (b"AT\nAT\r\n", [b"AT\nAT"]),
    (b"AT\r\r\n", [b"AT\r"]),
    # The limit counts CR LF (docs/wire.md 1.2).
    (b"x" * (LINE_LIMIT - 2) + b"\r\n", [b"x" * (LINE_LIMIT - 2)]),
    (b"x" * (LINE_LIMIT - 1) + b"\r\nAT\r\n", [None, b"AT"]),
    (b"x" * (LINE_LIMIT - 2) + b"\rx\r\nAT\r\n", [None, b"AT"]),
    (b"x" * 10 * LINE_LIMIT + b"\r\n\r\n", [None, b""]),
    (b"\x00\xff\r\n", [b"\x00\xff"]),
]

URLS = [
    (b"http://a", False, b"a", 80, b"/", b"a"),
    (b"HTTPS://a.b/", True, b"a.b", 443, b"/", b"a.b"),
    (b"http://a:8080/x?y=1", False, b"a", 8080, b"/x?y=1", b"a:8080"),
    (b"http://a:80/x", False, b"a", 80, b"/x", b"a"),
    (b"https://a:80", True, b"a", 80, b"/", b"a:80"),
    (b"http://a?x", False, b"a", 80, b"/?x", b"a"),
    (b"http://a/x#frag", False, b"a", 80, b"/x", b"a"),
    (b"http://a#frag", False, b"a", 80, b"/", b"a"),
    (b"https://a.b./x", True, b"a.b.", 443, b"/x", b"a.b."),  # Host keeps the dot, as with curl
    (b"http://10.0.0.1/", False, b"10.0.0.1", 80, b"/", b"10.0.0.1"),
    (b"http://[::1]/x", False, b"::1", 80, b"/x", b"[::1]"),
    (b"https://[fe80::1]:8443/x", True, b"fe80::1", 8443, b"/x", b"[fe80::1]:8443"),
    (b"http://a/\xc3\xbc", False, b"a", 80, b"/%C3%BC", b"a"),
]

BAD_URLS = [
    b"",
    b"a",
    b"ftp://a/",
    b"http:/a",
    b"http://",
    b"http:///x",
    b"http://./x",
    b"http://a:0/",
    b"http://a:65536/",
    b"http://a:8_0/",
    b"http://a:x/",
    b"http://us er:pass@a/",
    b"http://user:pass@b@a/",
    b"http://user%3Ax:pass@a/",
    b"http://user:pass%0A@a/",
    b"http://user:pass%4@a/",
    b"http://user:pass%xx@a/",
    b"http://user:pass@/",
    b"http://a b/",
    b"http://a/x y",
    b"http://a/x\r\nEvil: 1",
    b"http://a\r\n/",
    b"http://a/\x00",
    b"http://a/\x7f",
    b"http://[::1/",
    b"http://[::1]x/",
    b"http://[x]/",
    b"http://" + b"a" * 256 + b"/",
    b"http://b\xc3\xbccher.de/",
]

BAD_HEADERS = [
    b"",
    b"X",
    b": 1",
    b"X Y: 1",
    b"X: 1\r\nY: 2",
    b"X: 1\n2",
    b"X\r\nY: 1",
    b"X: \x00",
    b"\xffX: 1",
    b"Transfer-Encoding: chunked",
    b"transfer-encoding:gzip",
]

OK = b"HTTP/1.1 200 OK"
CHUNKED = b"Transfer-Encoding: chunked"

# Lines of a head: its fields, as they are told to the host, and (status, length, chunked, kept).
HEADS = [
    ([OK], [], (200, None, False, True)),
    ([b"", b"", OK], [], (200, None, False, True)),
    ([b"HTTP/1.0 404 Not Found"], [], (404, None, False, False)),
    ([b"HTTP/1.1 200"], [], (200, None, False, True)),
    ([b"HTTP/1.1 200 "], [], (200, None, False, True)),
    # RFC 9110 section 2.5: a higher minor version is read like the highest that is known.
    ([b"HTTP/1.2 200 OK"], [], (200, None, False, True)),
    # RFC 9110 section 15: like a 5xx.
    ([b"HTTP/1.1 600 X"], [], (600, None, False, True)),
    ([b"HTTP/1.1 999 X"], [], (999, None, False, True)),
    # RFC 9112 section 5.2
    (
        [OK, b"Set-Cookie: a=b;", b"\tpath=/", b"X: 1"],
        [(b"Set-Cookie", b"a=b; path=/"), (b"X", b"1")],
        (200, None, False, True),
    ),
    ([OK, b"X: 1", b"  2 ", b" ", b"\t3"], [(b"X", b"1 2  3")], (200, None, False, True)),
    ([OK, b"X:", b" 1"], [(b"X", b"1")], (200, None, False, True)),
    ([OK, b"Content-Length:", b"\t5"], [(b"Content-Length", b"5")], (200, 5, False, True)),
    ([OK, b"Connection:", b" close"], [(b"Connection", b"close")], (200, None, False, False)),
    # RFC 2616 section 3.6, until RFC 7230 took it away: no coding at all.
    (
        [OK, b"Transfer-Encoding: identity", b"Content-Length: 5"],
        [(b"Transfer-Encoding", b"identity"), (b"Content-Length", b"5")],
        (200, 5, False, True),
    ),
    (
        [OK, b"Transfer-Encoding: Identity"],
        [(b"Transfer-Encoding", b"Identity")],
        (200, None, False, True),
    ),
    (
        [OK, b"Transfer-Encoding: identity, chunked"],
        [(b"Transfer-Encoding", b"identity, chunked")],
        (200, None, True, True),
    ),
    # RFC 9110 section 8.6: a repeated length, if it is always the same.
    ([OK, b"Content-Length: 5, 5"], [(b"Content-Length", b"5, 5")], (200, 5, False, True)),
    (
        [OK, b"Content-Length: 5", b"content-length: 05"],
        [(b"Content-Length", b"5"), (b"content-length", b"05")],
        (200, 5, False, True),
    ),
    (
        [OK, b"Content-Length: 00000000000000000005"],
        [(b"Content-Length", b"00000000000000000005")],
        (200, 5, False, True),
    ),
    # RFC 9112 section 9.3: "close" wins, wherever it stands.
    (
        [OK, b"Connection: close, keep-alive"],
        [(b"Connection", b"close, keep-alive")],
        (200, None, False, False),
    ),
    # RFC 9112 section 6.1: an old server that sends chunks is not trusted with a second request.
    (
        [b"HTTP/1.0 200 OK", b"Connection: keep-alive", CHUNKED],
        [(b"Connection", b"keep-alive"), (b"Transfer-Encoding", b"chunked")],
        (200, None, True, False),
    ),
]

BAD_HEADS = [
    [b"HTTP/2 200 OK"],
    [b"HTTP/x.1 200 OK"],
    [b"HTTP/1.1 20 OK"],
    [b"HTTP/1.1 2000 OK"],
    [b"HTTP/1.1 abc OK"],
    [b"HTTP/1.1  200 OK"],
    [b"HTTP/1.1 099 X"],
    [b"HTTP/1.1 000 X"],
    [b"HTTP/1.1 101 Switching Protocols"],
    [b"ICY 200 OK"],
    [b"220 mail.example.org ESMTP"],
    [b"\x15\x03\x01\x00\x02\x02\x0a"],
    # RFC 9112 section 2.2: a field that some would see and others not.
    [OK, b" folded"],
    [OK, b"\tfolded: 1"],
    # The same section: a bare CR.
    [b"HTTP/1.1 200 O\rK"],
    [b"\r", OK],
    [OK, b"X: a\rb"],
    [OK, b"X: a\r"],
    [OK, b"X: a", b" b\rc"],
    [OK, b"Content-Length: 5\r"],
    [OK, b"X\r: a"],
    [OK, b"\r"],
    [OK, b"no colon"],
    [OK, b": no name"],
    [OK, b"Blank : before"],
    [OK, b"Blank within: 1"],
    [OK, b" : 1"],
    [OK, b"Content-Length : 5"],
    [OK, b"Transfer-Encoding\t: chunked"],
    [OK, b"Nul: \x00"],
    [OK, b"Nul: a", b" \x00"],
    [OK, b"Content-Length: 5", b"content-length: 6"],
    [OK, b"Content-Length: 5, 6"],
    [OK, b"Content-Length: 5,"],
    [OK, b"Content-Length: 5", b" 6"],
    [OK, b"Content-Length: -5"],
    [OK, b"Content-Length: 5_0"],
    [OK, b"Content-Length: 0x5"],
    [OK, b"Content-Length: "],
    [OK, b"Content-Length: 123456789012345678901"],
    [OK, b"Transfer-Encoding: gzip"],
    [OK, b"Transfer-Encoding: gzip, chunked"],
    [OK, b"Transfer-Encoding: chunked, identity"],
    [OK, b"Transfer-Encoding: chunked,"],
    [OK, b"Transfer-Encoding: "],
    [OK, b"Transfer-Encoding: \x0bchunked"],
    [OK, b"Content-Length: \x0c5"],
    [OK, b"Content-Length: 5,\x0b5"],
    [OK, b"Transfer-Encoding: chun", b" ked"],
    [OK, CHUNKED, CHUNKED],
]


def read_head(head, lines):
    """The fields of a ResponseHead that is fed these lines and the empty one."""
    fields = [head.feed(line) for line in lines]
    assert not head.done
    fields.append(head.feed(b""))
    return [field for field in fields if field]


def read_body(body, data, step):
    """(body, what is left of data): reads as the firmware does, at most `step` bytes at once."""
    out, at = b"", 0
    while not body.done:
        count = min(step, body.need or body.left, len(data) - at)
        piece, at = data[at : at + count], at + count
        if not count:
            body.hung_up()
        elif body.need:
            body.feed(piece, count)
        else:
            body.left -= count
            if not body.left:
                body.emptied()
            out += piece
    return out, data[at:]


STEPS = [1, 2, 3, 5, 7, 64, 10000]

HELLO_CHUNKS = [  # all of them are b"hello world"
    b"b\r\nhello world\r\n0\r\n\r\n",
    b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    b"00005\r\nhello\r\n6;name=value;x\r\n world\r\n0\r\n\r\n",
    b"5 \r\nhello\r\n6\t;x\r\n world\r\n000\r\nTrailer: x\r\nMore: y\r\n\r\n",
    b'B;q="x y"\r\nhello world\r\n0;last\r\n\r\n',
    b"0000000000000000000b\r\nhello world\r\n0\r\n\r\n",
    b"b;" + b"x" * 2000 + b"\r\nhello world\r\n0\r\n" + b"Trailer: x\r\n" * 1000 + b"\r\n",
    # A bare LF ends a trailer, and the empty line behind them (RFC 9112 section 2.2).
    b"b\r\nhello world\r\n0\r\n\n",
    b"b\r\nhello world\r\n0\r\nTrailer: x\nMore: y\n\n",
    b"b\r\nhello world\r\n0\r\nTrailer: x\n y\r\n\r\n",
]

BAD_CHUNKS = [
    b"\r\n",
    b"x\r\n",
    b"-5\r\nhello\r\n",
    b"5\nhello\r\n",
    b"5x\r\nhello\r\n",
    b"5\r\nhelloX\r\n0\r\n\r\n",
    b"5\r\nhello\rX0\r\n\r\n",
    b"5\r\nhello\r\n\r\n",
    b"5 x\r\nhello\r\n",
    b"5\x0b\r\nhello\r\n",
    b"5;x\nhello\r\n0\r\n\r\n",
    b'5;q="\n"\r\nhello\r\n0\r\n\r\n',
    b"5;x\ry\r\nhello\r\n",
    b"5\r\nhello\n0\r\n\r\n",
    b"000000000000000000005\r\nhello\r\n",
    b"5;" + b"x" * 40000 + b"\r\nhello\r\n",
    b"5" + b" " * 40000 + b"\r\nhello\r\n",
    b"0\r\n" + b"Trailer: x\r\n" * 4000 + b"\r\n",
    b"0\r\n\rX",
]
