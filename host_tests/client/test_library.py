"""The library on a board with this firmware: requests and what surrounds them."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from espat_host import AtCommandError, Board, BoardError, JoinError
from espat_host.client.board import Cancelled, UploadFault
from espat_host.local_world.payload import payload, payload_sha256
from espat_host.local_world.raw_server import Connection, RawServer, Step, drip, read_request
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SIZE = 60_000
DATA = b"".join(payload(SIZE, 5))


@pytest.fixture
def roomy(roomy: Board) -> Board:
    """A plain chip has no 8 KB in one piece."""
    roomy.join("espressif", "1234567890")
    roomy.start()
    return roomy


def test_bodies(board: Board, servers: Servers, tmp_path: Path) -> None:
    url = f"{servers.http}/bytes-stream/{SIZE}?seed=5"
    assert board.get(url).body == DATA
    assert b"".join(board.stream(url)) == DATA
    digest, file = hashlib.sha256(), io.BytesIO()
    assert board.get(url, sink=digest.update).size == SIZE
    assert digest.hexdigest() == payload_sha256(SIZE, 5)
    board.get(url, sink=file)
    assert file.getvalue() == DATA
    board.get(url, sink=tmp_path / "body")
    assert (tmp_path / "body").read_bytes() == DATA
    assert board.size(url) == SIZE
    assert board.size(url + "&framing=chunked") is None


SOURCES: dict[str, Callable[[Path], tuple[Any, int | None]]] = {
    "bytes": lambda path: (DATA, None),
    "a path": lambda path: (path, None),
    "an open file": lambda path: (io.BytesIO(DATA), None),
    "a part of a file": lambda path: (io.BytesIO(DATA + b"more"), SIZE),
    "pieces": lambda path: (payload(SIZE, 5), SIZE),
}


@pytest.mark.parametrize("method", ["post", "put"])
@pytest.mark.parametrize("name", SOURCES)
def test_uploads(board: Board, servers: Servers, tmp_path: Path, method: str, name: str) -> None:
    (tmp_path / "data").write_bytes(DATA)
    source, length = SOURCES[name](tmp_path / "data")
    call = getattr(board, method)
    if name == "a part of a file":
        with pytest.raises(UploadFault, match="more data"):
            call(f"{servers.http}/upload", source, length=length)
        assert board.ask("AT") == OK
        return
    answer = call(f"{servers.http}/upload", source, length=length)
    told = json.loads(answer.body)
    assert (told["method"], told["sha256"]) == (method.upper(), payload_sha256(SIZE, 5))


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
@pytest.mark.parametrize("url_size", [0, 300, 3000, 8000])
@pytest.mark.parametrize("header_count", [1, 10])
def test_long_requests(
    request: pytest.FixtureRequest,
    raw_server: RawServer,
    method: str,
    url_size: int,
    header_count: int,
) -> None:
    board: Board = request.getfixturevalue("board" if url_size < 8000 else "roomy")

    def serve(connection: Connection) -> None:
        while told := connection.next_request():
            requests.append(told)
            connection.sock.sendall(HELLO[:-5] if method == "head" else HELLO)

    requests: list[bytes] = []
    raw_server.script(serve)
    headers = {f"X-{n}": f"{n}" * 90 for n in range(header_count)}
    path = "/x" + "y" * url_size
    data = (b"data",) if method in ("post", "put") else ()
    for _ in range(2):  # the first leaves nothing that the second trips over
        getattr(board, method)(raw_server.url + path, *data, headers=headers)
    for told in requests:
        head, _, body = told.partition(b"\r\n\r\n")
        assert head.startswith(f"{method.upper()} {path} HTTP/1.1\r\n".encode())
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        assert headers.items() <= fields.items()
        assert body == b"".join(data)
    assert board.ask("AT+HTTPCHEAD?") == board.ask("AT+HTTPURLCFG?") == OK


def test_a_filter_that_hides_every_ok(board: Board, servers: Servers) -> None:
    """Another host has left it on (AT+SYSMSGFILTER): it would hide the frames of bodies, too."""
    for head, tail in (("", r"\r\nOK\r\n$"), (r"^+HTTPCGET:[0-9]*,", r"\r\n$")):
        head, tail = (part.encode().decode("unicode_escape") for part in (head, tail))
        line = f"AT+SYSMSGFILTERCFG=1,{len(head)},{len(tail)}"
        board.command(line, (head + tail).encode(), length=len(head + tail))
    board.send_line("AT+SYSMSGFILTER=1")
    board.start()
    assert board.get(f"{servers.http}/bytes-stream/5000?seed=5").body == DATA[:5000]


def test_a_range(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    board.get(raw_server.url, byte_range=(5, None))
    assert b"\r\nRange: bytes=5-\r\n" in raw_server.received[0]


def endless(body: bytes = b"x" * 1_000_000) -> Step:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    return drip(head + body, 0.02, 50)


def test_leaving_an_endless_stream(board: Board, servers: Servers, raw_server: RawServer) -> None:
    raw_server.script(read_request, endless())
    board.patience = 60  # what it would be read for, without end
    stream = board.stream(raw_server.url)
    assert next(stream).startswith(b"x")
    stream.close()  # type: ignore[attr-defined]
    assert board.ask("AT") == OK
    assert board.get(f"{servers.http}/bytes-stream/5").size == 5


def test_leaving_a_short_stream_does_not(board: Board, servers: Servers) -> None:
    for _ in board.stream(f"{servers.http}/bytes-stream/100000"):
        break
    assert board.ask("AT") == OK
    assert "ready" not in board.unsolicited


def test_cancel_in_a_download(board: Board, servers: Servers) -> None:
    def stop(data: bytes) -> None:
        board.cancel()

    with pytest.raises(Cancelled):
        board.get(f"{servers.http}/bytes-stream/300000", sink=stop)
    assert board.get(f"{servers.http}/bytes-stream/5").size == 5


@pytest.mark.timeout(400)
def test_an_upload_that_ends_early(board: Board, servers: Servers) -> None:
    """The board waits a minute for the rest; then the port is in step again."""
    with pytest.raises(UploadFault, match="500 bytes before"):
        board.post(f"{servers.http}/upload", iter([b"x" * 500]), length=1000)
    assert board.ask("AT") == OK
    assert board.get(f"{servers.http}/bytes-stream/5").size == 5


def test_a_wrong_password(dut: Board) -> None:
    dut.start()
    with pytest.raises(JoinError) as caught:
        dut.join("espat-no-such-network", "1234567890")
    assert caught.value.cause == 3
    assert "1234567890" not in str(caught.value)


@pytest.mark.sim_only
def test_the_station(sim: SimBoard, own_board: Board) -> None:
    status = own_board.status()
    assert (status.connected, status.ssid, status.ip) == (True, "espressif", "192.168.4.2")
    addresses = own_board.addresses()
    assert (addresses.ip, addresses.gateway) == ("192.168.4.2", "192.168.4.1")
    assert addresses.mac is not None
    assert [point.ssid for point in own_board.scan()] == ["espressif"]
    assert own_board.scan("nobody") == []
    own_board.leave()
    own_board.wait_for("WIFI DISCONNECT", 20, 0)
    assert not own_board.status().connected
    assert own_board.addresses().ip is None


@pytest.mark.sim_only
def test_a_lost_network_is_heard(sim: SimBoard, own_board: Board, world: dict[str, Any]) -> None:
    sim.set_world(world | {"access_points": []})
    own_board.wait_for("WIFI DISCONNECT", 20)


def test_the_board_itself(dut: Board) -> None:
    version = dut.version()
    assert version.at.startswith("5.0.0.0(")
    assert "MicroPython" in version.sdk
    assert "espat" in version.binary
    dut.set_time(1_800_000_000)
    assert 0 <= dut.time() - 1_800_000_000 < 60
    assert dut.free_memory() > 1000


@pytest.mark.sim_only
def test_certificates(sim: SimBoard, own_board: Board, servers: Servers) -> None:
    url = f"{servers.https}/bytes-stream/5"
    own_board.set_time()
    own_board.load_certificates(ca=b"junk")
    with pytest.raises(AtCommandError, match="missing or unusable"):
        own_board.get(url)
    own_board.load_certificates(ca=servers.authority.root_path)
    assert own_board.get(url).size == 5
    own_board.load_certificates(ca=servers.authority.self_signed("localhost").certificate, number=3)
    with pytest.raises(AtCommandError, match="not signed by the CA"):
        own_board.get(url)
    own_board.forget_certificates()
    assert own_board.get(url).size == 5


@pytest.mark.sim_only
def test_a_restart_in_the_middle(sim: SimBoard, own_board: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, endless())
    stream = own_board.stream(raw_server.url)
    next(stream)
    sim.reset()
    with pytest.raises(BoardError):
        for _ in stream:
            pass
    assert own_board.version().at
