"""http://user:password@host/: sent as Basic authorization, told to nobody else."""

import base64

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.local_world.servers import Servers

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SECRET = "open%20sesame"


def with_credentials(url: str, user: str = "ali", password: str = SECRET) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{user}:{password}@{rest}"


def basic(text: str) -> bytes:
    return b"\r\nAuthorization: Basic %s\r\n" % base64.b64encode(text.encode())


def test_what_is_sent(joined: Board, raw_server: RawServer, tls_raw_server: RawServer) -> None:
    for server in (raw_server, tls_raw_server):
        server.answer(HELLO)
        assert joined.request(f'AT+HTTPCGET="{with_credentials(server.url)}/x"').body == b"hello"
        received = bytes(server.received[0])
        assert received.startswith(b"GET /x HTTP/1.1\r\nHost: %s:" % server.host.encode())
        assert basic("ali:open sesame") in received


def test_the_hosts_own_header_wins(joined: Board, raw_server: RawServer) -> None:
    assert joined.request("AT+HTTPCHEAD=16", b"authorization: x").ok
    raw_server.answer(HELLO)
    joined.request(f'AT+HTTPCGET="{with_credentials(raw_server.url)}"')
    received = bytes(raw_server.received[0])
    assert b"authorization: x\r\n" in received
    assert b"Basic" not in received


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_httpbin(joined: Board, servers: Servers, scheme: str) -> None:
    base = servers.http if scheme == "http" else servers.https
    path = "/basic-auth/a%40b/c%3Ad"
    url = with_credentials(base, "a%40b", "c%3Ad") + path
    assert joined.request(f'AT+HTTPCGET="{url}"').ok
    assert joined.request(f'AT+HTTPCPOST="{with_credentials(base)}/post",1', b"x").result == (
        b"SEND OK"
    )
    assert joined.request(f'AT+HTTPREQ="GET","{url}"').ok
    assert not joined.request(f'AT+HTTPCGET="{base}{path}"').ok


def test_the_preset_url_is_told_without_them(joined: Board, raw_server: RawServer) -> None:
    url = with_credentials(raw_server.url) + "/a@b?c"
    assert joined.request(f"AT+HTTPURLCFG={len(url)}", url.encode()).result == b"SET OK"
    told = f"{raw_server.url}/a@b?c".encode()
    assert joined.ask("AT+HTTPURLCFG?") == b"+HTTPURLCFG:%d,%s" % (len(told), told) + OK
    raw_server.answer(HELLO)
    assert joined.request('AT+HTTPCGET=""').body == b"hello"
    assert basic("ali:open sesame") in bytes(raw_server.received[0])


def test_a_redirect(joined: Board, raw_server: RawServer, tls_raw_server: RawServer) -> None:
    """They stay with their origin, and no report has them."""
    joined.ask("AT+HTTPREDIRECT=5,1")
    joined.ask("AT+HTTPREPORT=4")
    moved = b"HTTP/1.1 302 X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
    raw_server.answer(moved % b"same")
    raw_server.answer(moved % tls_raw_server.url.encode())
    tls_raw_server.answer(moved % raw_server.url.encode())
    raw_server.answer(HELLO)
    reply = joined.request(f'AT+HTTPCGET="{with_credentials(raw_server.url)}"')
    assert reply.body == b"hello"
    assert b'+HTTPREDIRECT:302,"%s/same"\r\n' % raw_server.url.encode() in reply.raw
    sent = [bytes(one) for one in [*raw_server.received, *tls_raw_server.received]]
    assert [b"Basic" in one for one in sent] == [True, True, False, False]


@pytest.mark.sim_only
def test_they_are_in_no_log(
    joined: Board, sim: "object", raw_server: RawServer, servers: Servers
) -> None:
    joined.ask("AT+SYSLOG=1")
    url = raw_server.url
    raw_server.stop()
    for line in (
        f'AT+HTTPCGET="{with_credentials(url)}"',
        f'AT+HTTPCGET="{with_credentials(url)} x"',
        f'AT+HTTPCGET="{with_credentials(url)}%0a"',
        f'AT+HTTPCGET="{with_credentials(url, password=SECRET + "%0a")}"',
        f'AT+HTTPCGET="{with_credentials("http://nowhere.invalid")}"',
        f'AT+HTTPREQ="PATCH","{with_credentials(url)}"',
    ):
        answer = joined.ask(line)
        assert answer.endswith(ERROR)
        assert b"ali" not in answer
        assert b"sesame" not in answer
    log = sim.log_path.read_text()  # type: ignore[attr-defined]
    assert "sesame" not in log
    assert "ali" not in log.replace("valid", "")
