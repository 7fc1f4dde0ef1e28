"""Whom the board believes: one row for each kind of server certificate and client certificate, with
its code, and no byte of a request to a server that was refused."""

import ssl
import struct
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from trustme import KeyType

from espat_host.client.board import Board
from espat_host.local_world.certificates import Authority, KeyPair
from espat_host.local_world.openssl_server import OpensslServer
from espat_host.local_world.raw_server import RawServer, read_request, send, silence
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.any_board.http.tls_bench import (
    ANSWER,
    BAD_IDENTITY,
    CLOCK_NOT_SET,
    ELSEWHERE,
    EXPIRED,
    FUTURE,
    HANDSHAKE,
    HANDSHAKE_CLOSED,
    HANDSHAKE_TIMEOUT,
    NAME,
    OK,
    UNKNOWN_CA,
    WRONG_HOST,
    expect_refusal,
    get,
    set_clock,
    store,
    stranger,
    verify_by,
    world_with_names,
)

# The names lead here in the simulated world only.
pytestmark = pytest.mark.sim_only

Issue = Callable[[Authority], KeyPair]


def days(count: int) -> datetime:
    return datetime.now(timezone.utc) + timedelta(days=count)


ACCEPTED: dict[str, tuple[str, Issue]] = {
    # name: the host in the url, the server's certificate
    "signed by the root": (NAME, lambda ca: ca.issue(NAME, direct=True)),
    "with an intermediate": (NAME, lambda ca: ca.issue(NAME)),
    "an RSA key": (NAME, lambda ca: ca.issue(NAME, key_type=KeyType.RSA)),
    "a wildcard": (NAME, lambda ca: ca.issue("*.espat.test")),
    "the second of its names": (NAME, lambda ca: ca.issue(ELSEWHERE, NAME)),
    "an address": ("127.0.0.1", lambda ca: ca.issue("127.0.0.1")),
    "another case of the name": (NAME.upper(), lambda ca: ca.issue(NAME)),
}
REFUSED: dict[str, tuple[str, int, Issue]] = {
    "self-signed": (NAME, UNKNOWN_CA, lambda ca: ca.self_signed(NAME)),
    "unknown CA": (NAME, UNKNOWN_CA, lambda ca: stranger(ca).issue(NAME)),
    "its intermediate is not sent": (NAME, UNKNOWN_CA, lambda ca: ca.issue(NAME, complete=False)),
    "expired": (NAME, EXPIRED, lambda ca: ca.issue(NAME, not_before=days(-9), not_after=days(-1))),
    "not yet valid": (NAME, FUTURE, lambda ca: ca.issue(NAME, not_before=days(2))),
    "another host": (NAME, WRONG_HOST, lambda ca: ca.issue(ELSEWHERE)),
    "a wildcard of another domain": (NAME, WRONG_HOST, lambda ca: ca.issue("*.example.com")),
    "a wildcard one level up": (NAME, WRONG_HOST, lambda ca: ca.issue("*.test")),
    "a name instead of the address": ("127.0.0.1", WRONG_HOST, lambda ca: ca.issue(NAME)),
    "another address": ("127.0.0.1", WRONG_HOST, lambda ca: ca.issue("127.0.0.2")),
    # A stranger's certificate says nothing, so its date and name are not what counts.
    "unknown CA, expired, another host": (
        NAME,
        UNKNOWN_CA,
        lambda ca: stranger(ca).issue(ELSEWHERE, not_before=days(-9), not_after=days(-1)),
    ),
}


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def world(servers: Servers) -> dict[str, Any]:
    return world_with_names(servers)


@pytest.fixture
def verified(joined: Board, ca: Authority) -> Board:
    return verify_by(ca, joined)


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(verified: Board, ca: Authority, name: str) -> None:
    host, issue = ACCEPTED[name]
    with RawServer(tls=issue(ca)) as server:
        server.answer(ANSWER)
        reply = get(verified, host, server.port)
    assert (reply.ok, reply.body) == (True, b"hello")
    assert server.received[0].startswith(b"GET / HTTP/1.1\r\n")


@pytest.mark.parametrize("name", REFUSED)
def test_refused(verified: Board, ca: Authority, name: str) -> None:
    host, reason, issue = REFUSED[name]
    with RawServer(tls=issue(ca)) as server:
        server.answer(ANSWER)
        expect_refusal(verified, host, server.port, reason)
    assert server.received == [b""]
    # The server was told; it did not just see a connection end.
    assert [type(fault) for fault in server.faults] == [ssl.SSLError]


def test_nothing_is_checked_without_httpcfg(joined: Board, ca: Authority) -> None:
    """ESP-AT's default: encrypted, but to whomever."""
    with RawServer(tls=ca.self_signed(ELSEWHERE)) as server:
        server.answer(ANSWER)
        assert get(joined, NAME, server.port).body == b"hello"


def test_httpcfg_0_ends_the_checks(verified: Board, ca: Authority) -> None:
    pair = ca.self_signed(NAME)
    with RawServer(tls=pair) as server:
        server.answer(ANSWER)
        expect_refusal(verified, NAME, server.port, UNKNOWN_CA)
        assert verified.ask("AT+HTTPCFG=0") == OK
        assert get(verified, NAME, server.port).body == b"hello"


def test_the_self_signed_certificate_can_be_the_ca(verified: Board, ca: Authority) -> None:
    pair = ca.self_signed(NAME)
    store(verified, "https_ca", pair.certificate.read_bytes(), number=7)
    assert verified.ask("AT+HTTPCFG=2,,7") == OK
    with RawServer(tls=pair) as server:
        server.answer(ANSWER)
        assert get(verified, NAME, server.port).body == b"hello"


def test_a_ca_in_der(verified: Board, ca: Authority) -> None:
    store(verified, "https_ca", ssl.PEM_cert_to_DER_cert(ca.root_pem.decode()), number=1)
    assert verified.ask("AT+HTTPCFG=2,0,1") == OK
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        assert get(verified, NAME, server.port).body == b"hello"


@pytest.mark.parametrize("junk", [b"not a certificate", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_ca_that_is_none(verified: Board, ca: Authority, junk: bytes) -> None:
    store(verified, "https_ca", junk)
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        expect_refusal(verified, NAME, server.port, BAD_IDENTITY)
    assert server.received in ([], [b""])


def test_a_ca_that_was_erased_since(verified: Board, ca: Authority) -> None:
    assert verified.ask('AT+SYSMFG=0,"https_ca"') == OK
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        expect_refusal(verified, NAME, server.port, BAD_IDENTITY)


def test_the_clock_comes_first(joined: Board, ca: Authority) -> None:
    """After power-on nobody is connected to before there is a time to check dates against."""
    joined.ask("AT+SYSLOG=1")
    store(joined, "https_ca", ca.root_pem)
    assert joined.ask("AT+HTTPCFG=2") == OK
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        expect_refusal(joined, NAME, server.port, CLOCK_NOT_SET)
        assert server.received == []
        set_clock(joined)
        assert get(joined, NAME, server.port).body == b"hello"


def client_hello(board: Board, host: str) -> bytes:
    """The first bytes that a server gets."""
    with RawServer() as server:
        server.script(lambda connection: connection.receive())
        expect_refusal(board, host, server.port, HANDSHAKE_CLOSED)
        return bytes(server.received[0])


def server_name(name: str) -> bytes:
    """The extension of TLS with that name (RFC 6066 section 3)."""
    size, data = len(name), name.encode()
    return struct.pack(">HHHBH", 0, size + 5, size + 3, 0, size) + data


@pytest.mark.parametrize("name", [NAME, NAME + "."])
def test_the_name_that_servers_are_told(verified: Board, name: str) -> None:
    for line in ("AT+HTTPCFG=2", "AT+HTTPCFG=0"):
        assert verified.ask(line) == OK
        assert server_name(NAME) in client_hello(verified, name)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1."])
def test_no_address_is_told_as_a_name(verified: Board, address: str) -> None:
    """RFC 6066 section 3. Whoever verifies tells it all the same: docs/certificates.md."""
    assert server_name("127.0.0.1") in client_hello(verified, address)
    assert verified.ask("AT+HTTPCFG=0") == OK
    assert b"127.0.0.1" not in client_hello(verified, address)


def test_the_dot_of_the_root(verified: Board, ca: Authority) -> None:
    """The name check does without it; Host keeps it, as with browsers and curl."""
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        assert get(verified, NAME + ".", server.port).body == b"hello"
    assert b"\r\nHost: %s.:%d\r\n" % (NAME.encode(), server.port) in server.received[0]


def test_plain_http_on_the_tls_port(verified: Board) -> None:
    with RawServer() as server:
        server.script(lambda connection: connection.receive(), send(b"HTTP/1.1 400 Bad\r\n\r\n"))
        expect_refusal(verified, NAME, server.port, HANDSHAKE)
    assert b"GET" not in server.received[0]


@pytest.mark.timeout(300)
def test_a_server_that_stops_in_the_handshake(verified: Board) -> None:
    with RawServer() as server:
        server.script(lambda connection: connection.receive(), silence)
        expect_refusal(verified, NAME, server.port, HANDSHAKE_TIMEOUT)
    assert b"GET" not in server.received[0]


def test_a_server_with_tls_1_0_only(verified: Board, ca: Authority) -> None:
    options = ("-tls1", "-cipher", "ALL:@SECLEVEL=0")
    with OpensslServer(ca.issue(NAME), *options) as server:
        expect_refusal(verified, NAME, server.port, HANDSHAKE)
        assert b"GET" not in server.output()
        # It can TLS 1.0, so it was the version that did not fit.
        assert b"unsupported protocol" in server.output() or b"version" in server.output()


def test_certificates_survive_the_power(sim: SimBoard, verified: Board, ca: Authority) -> None:
    sim.reset()
    verified.synchronise()
    verified.join("espressif", "1234567890")
    verified.ask("AT+SYSLOG=1")
    assert verified.ask("AT+HTTPCFG=2") == OK  # not saved itself; the CA is
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        expect_refusal(verified, NAME, server.port, CLOCK_NOT_SET)
        set_clock(verified)
        assert get(verified, NAME, server.port).body == b"hello"


WARM_UP, ROUNDS = 5, 50
SESSION = 4200  # bytes of one that a conservative collector still sees: no leak, but fifty are one


@pytest.mark.parametrize("name", ["verified", "refused"])
def test_memory_is_steady(verified: Board, ca: Authority, name: str) -> None:
    """Neither handshakes that succeed nor those that fail leave anything behind."""
    pair = ca.issue(NAME) if name == "verified" else ca.self_signed(NAME)
    with RawServer(tls=pair) as server:
        server.script(read_request, send(ANSWER))

        def free_after(turns: int) -> int:
            for _ in range(turns):
                assert get(verified, NAME, server.port).ok == (name == "verified")
            return verified.free_memory()

        begin = free_after(WARM_UP)
        assert abs(free_after(ROUNDS) - begin) < 1.5 * SESSION


def test_a_chain_near_the_limit(roomy: Board, ca: Authority, tmp_path: Path) -> None:
    """8 KB of CAs, the right one last, on a board with room for them."""
    roomy.join("espressif", "1234567890")
    verified = verify_by(ca, roomy)
    strangers = b"".join(Authority(folder(tmp_path, number)).root_pem for number in range(20))
    bundle = strangers[: strangers.rfind(b"-----BEGIN", 0, 8192 - len(ca.root_pem))] + ca.root_pem
    assert 7000 < len(bundle) <= 8192
    store(verified, "https_ca", bundle)
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        assert get(verified, NAME, server.port).body == b"hello"


def folder(parent: Path, number: int) -> Path:
    path = parent / str(number)
    path.mkdir()
    return path
