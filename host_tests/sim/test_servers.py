"""The local world itself: a test that trusts a broken server proves nothing."""

import hashlib
import json
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from typing import Any

import pytest

from espat_host.dialogues import repertoire
from espat_host.local_world.payload import PICTURE_PATH, payload, payload_sha256
from espat_host.local_world.raw_server import (
    RawServer,
    drip,
    pause,
    read_request,
    reset,
    send,
    silence,
)
from espat_host.local_world.servers import Servers

SIZE = 300_001


def fetch(servers: Servers, url: str, **options: Any) -> bytes:
    trust = ssl.create_default_context(cadata=servers.authority.root_pem.decode())
    context = trust if url.startswith("https") else None
    request = urllib.request.Request(url, **options)
    with urllib.request.urlopen(request, context=context, timeout=30) as answer:
        body: bytes = answer.read()
        return body


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_stream_in_every_framing(servers: Servers, scheme: str, framing: str) -> None:
    url = f"{getattr(servers, scheme)}/bytes-stream/{SIZE}?seed=3&framing={framing}"
    body = fetch(servers, url)
    assert len(body) == SIZE
    assert hashlib.sha256(body).hexdigest() == payload_sha256(SIZE, 3)


def test_payload_has_no_two_equal_blocks() -> None:
    blocks = list(payload(1_000_000))
    assert len(set(blocks)) == len(blocks)
    assert sum(map(len, blocks)) == 1_000_000


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_upload_is_measured(servers: Servers, scheme: str) -> None:
    body = b"".join(payload(SIZE))
    answer = json.loads(fetch(servers, getattr(servers, scheme) + "/upload", data=body))
    assert (answer["length"], answer["sha256"]) == (SIZE, payload_sha256(SIZE))


def test_picture_and_httpbin(servers: Servers) -> None:
    picture = fetch(servers, servers.https + PICTURE_PATH)
    assert picture == repertoire.local_files()["solution-platform.jpg"]
    headers = json.loads(fetch(servers, servers.http + "/get"))["headers"]
    assert headers["X-Amzn-Trace-Id"].startswith("Root=1-")


def test_tls_server_sends_its_intermediate(servers: Servers) -> None:
    """A client that has only the root must be able to check the chain and the name."""
    trust = ssl.create_default_context(cadata=servers.authority.root_pem.decode())
    host, port = servers.https.removeprefix("https://").split(":")
    plain = socket.create_connection((host, int(port)), timeout=30)
    with trust.wrap_socket(plain, server_hostname="httpbin.org") as secure:
        assert secure.version() == "TLSv1.3"


def test_the_network_tool_says_test(servers: Servers) -> None:
    hosts: Any = servers.world_hosts
    ports = hosts["192.168.3.102"]["ports"]
    plain = socket.create_connection((servers.host, ports["8080"]), timeout=30)
    secure = ssl.create_default_context(cadata=servers.authority.root_pem.decode()).wrap_socket(
        socket.create_connection((servers.host, ports["8070"]), timeout=30),
        server_hostname="192.168.3.102",
    )
    with plain, secure, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.settimeout(30)
        datagrams.connect((servers.host, ports["1000"]))
        for sock in (plain, secure, datagrams):
            for _ in range(2):
                sock.send(b"anything")
                assert sock.recv(100) == b"test"


def test_servers_end_with_a_program_that_is_killed() -> None:
    program = (
        "import os; from espat_host.local_world.servers import Servers;"
        "servers = Servers().__enter__();"
        "print(servers.http, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    host, port = done.stdout.decode().strip().removeprefix("http://").split(":")
    deadline = time.monotonic() + 30
    while can_connect(host, int(port)):
        assert time.monotonic() < deadline, "the server is still there"


def can_connect(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def talk(server: RawServer, request: bytes) -> bytes:
    with socket.create_connection((server.host, server.port), timeout=30) as client:
        client.sendall(request)
        answer = b""
        while data := client.recv(100):
            answer += data
        return answer


def test_raw_server_plays_a_script_per_connection() -> None:
    with RawServer() as server:
        server.script(read_request, drip(b"slow", 0.01), pause(0.01), send(b"ly"))
        server.answer(b"again")
        post = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
        assert [talk(server, post) for _ in range(3)] == [b"slowly", b"again", b"again"]
        assert server.received == [post] * 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_raw_server_ends_with_the_last_bytes(servers: Servers, scheme: str) -> None:
    """There is no moment in which a client could take the connection for one that is kept."""
    tls = servers.authority.issue("localhost", label="ends") if scheme == "https" else None
    trust = ssl.create_default_context(cadata=servers.authority.root_pem.decode())
    with RawServer(tls=tls) as server:
        server.script(read_request, send(b"one"), read_request, send(b"last"))
        for _ in range(100):
            client = socket.create_connection((server.host, server.port), timeout=30)
            if tls:
                client = trust.wrap_socket(client, server_hostname="localhost")
            with client:
                for answer in (b"one", b"last"):
                    client.sendall(b"GET / HTTP/1.1\r\n\r\n")
                    assert client.recv(100) == answer
                client.setblocking(False)
                with suppress(ssl.SSLEOFError):
                    assert client.recv(100) == b""


def test_raw_server_resets() -> None:
    with RawServer() as server:
        server.script(read_request, reset)
        with pytest.raises(ConnectionResetError):
            talk(server, b"GET / HTTP/1.1\r\n\r\n")


def test_raw_server_stops_in_the_middle_of_silence() -> None:
    with RawServer() as server:
        server.script(send(b"!"), silence)
        client = socket.create_connection((server.host, server.port), timeout=30)
        assert client.recv(1) == b"!"
    with client:
        assert client.recv(1) == b""
