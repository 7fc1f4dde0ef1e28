"""What the board shows of itself: openssl s_server insists on a certificate by `ca` (-Verify), and
refuses in the handshake."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from trustme import KeyType

from espat_host.client.board import Board
from espat_host.local_world.certificates import Authority, KeyPair
from espat_host.local_world.openssl_server import OpensslServer
from espat_host.local_world.raw_server import RawServer
from espat_host.local_world.servers import Servers
from host_tests.any_board.http.tls_bench import (
    ANSWER,
    BAD_IDENTITY,
    HANDSHAKE,
    NAME,
    OK,
    SLOW,
    UNKNOWN_CA,
    code,
    expect_refusal,
    get,
    store,
    store_client,
    stranger,
    verify_by,
    world_with_names,
)

# The names lead here in the simulated world only.
pytestmark = pytest.mark.sim_only


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def client(ca: Authority) -> KeyPair:
    return ca.issue("board@espat.test", label="client", direct=True)


@pytest.fixture
def world(servers: Servers) -> dict[str, Any]:
    return world_with_names(servers)


@pytest.fixture
def verified(joined: Board, ca: Authority) -> Board:
    return verify_by(ca, joined)


@pytest.fixture
def server(ca: Authority) -> Iterator[OpensslServer]:
    options = ("-Verify", "3", "-verify_return_error", "-CAfile", ca.root_path)
    with OpensslServer(ca.issue(NAME), *options) as running:
        yield running


def expect_answer(board: Board, server: OpensslServer) -> None:
    board.send_line(f'AT+HTTPCLIENT=2,0,"https://{NAME}:{server.port}/",,,2')
    server.answer(ANSWER)
    reply = board.reply(SLOW)
    assert (reply.ok, reply.body) == (True, b"hello")
    assert b"GET / HTTP/1.1" in server.output()
    assert b"\ndepth=0 " in server.output()  # the certificate it was given


def expect_wrong(board: Board, server: OpensslServer) -> None:
    expect_refusal(board, NAME, server.port, HANDSHAKE)
    assert b"GET" not in server.output()
    assert b"ERROR" in server.output()


def test_missing(verified: Board, server: OpensslServer) -> None:
    expect_wrong(verified, server)


def test_wrong(verified: Board, ca: Authority, server: OpensslServer) -> None:
    store_client(verified, stranger(ca).issue("board@espat.test", direct=True))
    assert verified.ask("AT+HTTPCFG=1") == OK
    expect_wrong(verified, server)


def test_right(verified: Board, client: KeyPair, server: OpensslServer) -> None:
    store_client(verified, client, number=12)
    assert verified.ask("AT+HTTPCFG=1,12") == OK
    expect_answer(verified, server)


def test_right_in_der_with_an_rsa_key(
    verified: Board, ca: Authority, server: OpensslServer
) -> None:
    pair = ca.issue("board@espat.test", label="rsa", direct=True, key_type=KeyType.RSA)
    der = ssl.PEM_cert_to_DER_cert(pair.certificate.read_text())
    store(verified, "https_cert", der)
    store(verified, "https_key", pair.key.read_bytes())
    assert verified.ask("AT+HTTPCFG=1") == OK
    expect_answer(verified, server)


def test_a_key_of_another_certificate(
    verified: Board, ca: Authority, client: KeyPair, server: OpensslServer
) -> None:
    store(verified, "https_cert", client.certificate.read_bytes())
    other = ca.issue("board@espat.test", label="another", direct=True)
    store(verified, "https_key", other.key.read_bytes())
    assert verified.ask("AT+HTTPCFG=1") == OK
    assert get(verified, NAME, server.port).raw == code(HANDSHAKE)
    assert b"GET" not in server.output()


def test_mutual(verified: Board, client: KeyPair, server: OpensslServer) -> None:
    store_client(verified, client)
    assert verified.ask("AT+HTTPCFG=3") == OK
    expect_answer(verified, server)


def test_mutual_with_a_server_of_nobodys(verified: Board, ca: Authority, client: KeyPair) -> None:
    """The right client certificate opens no door to the wrong server."""
    store_client(verified, client)
    assert verified.ask("AT+HTTPCFG=3") == OK
    with OpensslServer(ca.self_signed(NAME), "-Verify", "3") as impostor:
        expect_refusal(verified, NAME, impostor.port, UNKNOWN_CA)
        assert b"GET" not in impostor.output()
        assert b"depth=0" not in impostor.output()


def test_a_key_that_is_none(verified: Board, server: OpensslServer) -> None:
    store(verified, "https_cert", b"junk")
    store(verified, "https_key", b"junk")
    assert verified.ask("AT+HTTPCFG=1") == OK
    expect_refusal(verified, NAME, server.port, BAD_IDENTITY)


def test_a_client_certificate_needs_no_clock(joined: Board, ca: Authority, client: KeyPair) -> None:
    store_client(joined, client)
    assert joined.ask("AT+HTTPCFG=1") == OK
    with RawServer(tls=ca.issue(NAME)) as server:
        server.answer(ANSWER)
        assert get(joined, NAME, server.port).body == b"hello"
