"""AT+HTTPREDIRECT: redirects that are followed when the host asks for it."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, read_request, send
from espat_host.local_world.servers import Servers
from host_tests.any_board.http.board_files import download, failure, md5, md5_of, prepare

OK, ERROR, FAIL = b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\nSEND FAIL\r\n"
TOO_MANY, BAD = 0x701B, 0x701C
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def to(place: str, status: int = 302, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nLocation: {place}\r\n{more}Content-Length: 6\r\n\r\n"
    return head.encode() + b"moved!"


@pytest.fixture
def board(joined: Board) -> Board:
    """A joined board that tells reasons and follows."""
    joined.ask("AT+SYSLOG=1")
    assert joined.ask("AT+HTTPREDIRECT=5") == OK
    return joined


def request_of(server: RawServer, index: int) -> tuple[str, dict[str, str], bytes]:
    head, _, body = bytes(server.received[index]).partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    return line, dict(field.split(": ", 1) for field in fields), body


def test_what_is_set_is_told(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask("AT+HTTPREDIRECT?") == b"+HTTPREDIRECT:0,0\r\n" + OK
    assert dut.ask("AT+HTTPREDIRECT=10,1") == OK
    assert dut.ask("AT+HTTPREDIRECT?") == b"+HTTPREDIRECT:10,1\r\n" + OK
    for values, code in (("11", "01070000"), ("1,2", "01070001"), ("1,0,0", "01060203")):
        assert dut.ask(f"AT+HTTPREDIRECT={values}") == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
    assert dut.ask("AT+HTTPREDIRECT=3") == OK
    assert dut.ask("AT+HTTPREDIRECT?") == b"+HTTPREDIRECT:3,0\r\n" + OK


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_body_of_the_last_answer_only(board: Board, raw_server: RawServer, status: int) -> None:
    raw_server.answer(to("/b/../c?d", status))
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}/a"') == b"+HTTPCGET:5,hello\r\n" + OK
    assert [request_of(raw_server, n)[0] for n in (0, 1)] == [
        "GET /a HTTP/1.1",
        "GET /c?d HTTP/1.1",
    ]


@pytest.mark.parametrize("status", [300, 304, 305, 310])
def test_other_statuses_are_answers(board: Board, raw_server: RawServer, status: int) -> None:
    raw_server.answer(to("/b", status) if status != 304 else to("/b", status)[:-6])
    reply = board.request(f'AT+HTTPCGET="{raw_server.url}/a"')
    assert reply.ok
    assert len(raw_server.received) == 1


def test_without_a_location_it_is_an_answer(board: Board, raw_server: RawServer) -> None:
    answer = b"HTTP/1.1 302 X\r\nX-A: b\r\nContent-Length: 2\r\n\r\n"
    raw_server.answer(answer + b"hi")
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == b"+HTTPCGET:2,hi\r\n" + OK
    raw_server.answer(answer)
    board.ask("AT+HTTPREPORT=3")
    assert board.ask(f'AT+HTTPCLIENT=1,0,"{raw_server.url}",,,1') == (
        b'+HTTPSTATUS:302,2,""\r\n' + OK
    )


@pytest.mark.parametrize(
    ("opt", "status", "method", "kept"),
    [
        (1, 303, "HEAD", True),
        (1, 301, "HEAD", True),
        (3, 301, "GET", False),
        (3, 302, "GET", False),
        (3, 303, "GET", False),
        (3, 307, "POST", True),
        (3, 308, "POST", True),
        (4, 301, "PUT", True),
        (4, 303, "GET", False),
        (5, 302, "DELETE", True),
        (5, 303, "GET", False),
    ],
)
def test_method_and_body(
    board: Board, raw_server: RawServer, opt: int, status: int, method: str, kept: bool
) -> None:
    """RFC 9110 15.4. Without a body there is no field that speaks of one."""
    end = -6 if opt == 1 else None
    raw_server.answer(to("/b", status)[:end])
    raw_server.answer(HELLO if method != "HEAD" else HELLO[:-5])
    data = ',"data"' if opt == 3 else ""
    more = ',"Content-Language: de","X-Own: 1"'
    reply = board.request(f'AT+HTTPCLIENT={opt},1,"{raw_server.url}/a",,,1{data}{more}')
    assert reply.ok
    line, fields, body = request_of(raw_server, 1)
    assert line == f"{method} /b HTTP/1.1"
    assert fields["X-Own"] == "1"
    assert body == (b"data" if opt == 3 and kept else b"")
    content = {name for name in fields if name.startswith("Content-")}
    if method == "HEAD":
        assert content <= {"Content-Language"}
    else:
        wanted = {"Content-Type", "Content-Length", "Content-Language"}
        assert content == (wanted if kept else set())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_an_upload_that_cannot_be_sent_again(
    board: Board, raw_server: RawServer, status: int
) -> None:
    """It ends with the redirect itself, as without AT+HTTPREDIRECT."""
    raw_server.answer(to("/b", status))
    reply = board.request(f'AT+HTTPCPUT="{raw_server.url}/a",3', b"abc")
    assert reply.raw.endswith(b"+HTTPCPUT:6,moved!\r\n\r\nSEND OK\r\n")
    assert len(raw_server.received) == 1


@pytest.mark.parametrize(("name", "status"), [("HTTPCPOST", 302), ("HTTPCPUT", 303)])
def test_an_upload_that_ends_in_a_get(
    board: Board, raw_server: RawServer, name: str, status: int
) -> None:
    raw_server.answer(to("/b", status))
    raw_server.answer(HELLO)
    reply = board.request(f'AT+{name}="{raw_server.url}/a",3', b"abc")
    assert reply.raw.endswith(b"+%s:5,hello\r\n\r\nSEND OK\r\n" % name.encode())
    line, fields, body = request_of(raw_server, 1)
    assert (line, body) == ("GET /b HTTP/1.1", b"")
    assert not [name for name in fields if name.startswith("Content-")]


def test_what_is_secret_stays_with_its_origin(
    board: Board, raw_server: RawServer, tls_raw_server: RawServer
) -> None:
    for field in (b"Authorization: Basic eDp5", b"Cookie: a=b", b"X-Own: 1"):
        assert board.request(f"AT+HTTPCHEAD={len(field)}", field).ok
    raw_server.answer(to("/same"))
    raw_server.answer(to(tls_raw_server.url + "/other"))
    tls_raw_server.answer(to(tls_raw_server.url.replace("https", "HTTPS") + "/again", 307))
    tls_raw_server.answer(HELLO)
    assert board.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hello"
    sent = [request_of(raw_server, n)[1] for n in (0, 1)]
    sent += [request_of(tls_raw_server, n)[1] for n in (0, 1)]
    assert ["Authorization" in fields for fields in sent] == [True, True, False, False]
    assert ["Cookie" in fields for fields in sent] == [True, True, False, False]
    assert all(fields["X-Own"] == "1" for fields in sent)
    assert sent[2]["Host"] == tls_raw_server.url.partition("//")[2]


def test_from_https_to_http(board: Board, raw_server: RawServer, tls_raw_server: RawServer) -> None:
    tls_raw_server.answer(to(raw_server.url))
    assert board.ask(f'AT+HTTPCGET="{tls_raw_server.url}"') == failure(BAD)
    assert not raw_server.received
    assert board.ask("AT+HTTPREDIRECT=5,1") == OK
    tls_raw_server.answer(to(raw_server.url))
    raw_server.answer(HELLO)
    assert board.request(f'AT+HTTPCGET="{tls_raw_server.url}"').body == b"hello"


@pytest.mark.parametrize(
    "place", ["ftp://h/", "http://", "http://u:p@127.0.0.1/", "javascript:alert(1)", "/a\x01b"]
)
def test_where_it_must_not_lead(board: Board, raw_server: RawServer, place: str) -> None:
    raw_server.answer(to(place))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == failure(BAD)


def test_too_many(board: Board, raw_server: RawServer) -> None:
    assert board.ask("AT+HTTPREDIRECT=3") == OK
    raw_server.script(read_request, send(to("/loop")))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == failure(TOO_MANY)
    assert len(raw_server.received) == 4
    reply = board.request(f'AT+HTTPCPOST="{raw_server.url}",3', b"abc")
    assert reply.raw.endswith(failure(TOO_MANY).removesuffix(ERROR) + FAIL)


def test_exactly_as_many(board: Board, raw_server: RawServer) -> None:
    assert board.ask("AT+HTTPREDIRECT=2") == OK
    for answer in (to("/b"), to("/c"), HELLO):
        raw_server.answer(answer)
    assert board.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hello"


def test_reports(board: Board, raw_server: RawServer) -> None:
    """A line for each hop; fields and status are those of the last answer."""
    assert board.ask("AT+HTTPREPORT=7") == OK
    raw_server.answer(to("/b c", 301, "X-Hop: 1\r\n"))
    raw_server.answer(to("http://h.invalid/#x", 307))
    url = raw_server.url.encode()
    answer = board.ask(f'AT+HTTPCGET="{raw_server.url}/a"')
    assert answer == (
        b'+HTTPREDIRECT:301,"%s/b%%20c"\r\n' % url
        + b'+HTTPREDIRECT:307,"http://h.invalid/"\r\n'
        + failure(0x7001)
    )
    raw_server.answer(to("/b", 308, "X-Hop: 1\r\n"))
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}/a"') == (
        b'+HTTPREDIRECT:308,"%s/b"\r\n' % url
        + b'+HTTPHEADER:17,Content-Length: 5\r\n+HTTPSTATUS:200,5,""\r\n'
        + b"+HTTPCGET:5,hello\r\n"
        + OK
    )


def test_a_size(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(to("/b")[:-6])
    raw_server.answer(HELLO[:-5])
    assert board.ask(f'AT+HTTPGETSIZE="{raw_server.url}"') == b"+HTTPGETSIZE:5\r\n" + OK


def test_files(board: Board, raw_server: RawServer, tls_raw_server: RawServer) -> None:
    prepare(board)
    raw_server.answer(to(tls_raw_server.url))
    tls_raw_server.answer(HELLO)
    assert download(board, "f", raw_server.url) == OK
    assert md5(board, "f") == md5_of(b"hello")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_httpbin(board: Board, servers: Servers, scheme: str) -> None:
    base = servers.http if scheme == "http" else servers.https
    for path in ("absolute-redirect/3", "relative-redirect/3", "redirect/5"):
        reply = board.request(f'AT+HTTPCGET="{base}/{path}"')
        assert reply.ok, reply.raw
        assert b'"url": "' in reply.body
    assert board.ask(f'AT+HTTPCGET="{base}/redirect/6"').endswith(failure(TOO_MANY))


def test_a_whole_limit_holds_for_all_hops(board: Board, raw_server: RawServer) -> None:
    assert board.ask("AT+HTTPTIMEOUT=5000,1000") == OK
    assert board.ask("AT+HTTPREDIRECT=10") == OK
    raw_server.script(read_request, lambda one: one.stopping.wait(0.3), send(to("/loop")))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == failure(0x7010)
