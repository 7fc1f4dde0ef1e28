"""The web as the dialogues know it: httpbin, one picture, and bodies of any size.

    /bytes-stream/<n>?seed=<s>&framing=length|chunked|close   n bytes of payload(n, s)
    /upload                                                   length and SHA-256 of what was sent
    the picture's path                                        a JPEG
    anything else                                             httpbin

A WSGI application for gunicorn, which runs it in a process of its own (servers.py).
"""

import hashlib
import json
import socket
import ssl
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import httpbin

from espat_host.local_world.payload import BLOCK, PICTURE_PATH, payload, picture_bytes

OCTETS = ("Content-Type", "application/octet-stream")

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Send the request where it belongs."""
    path = environ["PATH_INFO"]
    if path.startswith("/bytes-stream/"):
        return bytes_stream(environ, start_response)
    if path == "/upload":
        return upload(environ, start_response)
    if path == PICTURE_PATH:
        return picture(environ, start_response)
    return as_behind_its_load_balancer(environ, start_response)


def as_behind_its_load_balancer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """httpbin.org echoes the trace id that its load balancer adds; so does this one."""
    trace = uuid.uuid4().hex
    environ["HTTP_X_AMZN_TRACE_ID"] = f"Root=1-{trace[:8]}-{trace[8:]}"
    return httpbin.app(environ, start_response)


def picture(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """The picture of the GET dialogue."""
    data = picture_bytes()
    start_response("200 OK", [("Content-Type", "image/jpeg"), ("Content-Length", str(len(data)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [data]


def upload(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Swallow a body of any size and tell what it was."""
    digest, length = hashlib.sha256(), 0
    while block := environ["wsgi.input"].read(BLOCK):
        digest.update(block)
        length += len(block)
    answer = json.dumps(
        {
            "method": environ["REQUEST_METHOD"],
            "length": length,
            "sha256": digest.hexdigest(),
            "content_type": environ.get("CONTENT_TYPE", ""),
        }
    ).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
    start_response("200 OK", headers)
    return [answer]


def bytes_stream(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """A body of any size, framed in one of HTTP's three ways."""
    size = int(environ["PATH_INFO"].rsplit("/", 1)[1])
    query = {name: values[-1] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    seed, framing = int(query.get("seed", 0)), query.get("framing", "length")
    body: Iterator[bytes] = payload(size, seed)
    if environ["REQUEST_METHOD"] == "HEAD":
        body = iter(())
    elif framing == "close":
        return _until_close(environ, body)
    # Without a length gunicorn answers an HTTP/1.1 request in chunks.
    length = [("Content-Length", str(size))] if framing == "length" else []
    start_response("200 OK", [OCTETS, *length])
    return body


def _until_close(environ: Environ, body: Iterator[bytes]) -> Iterable[bytes]:
    """gunicorn would frame the body; so the bytes go past it. StopIteration is its own word for
    "this connection is finished": it closes the socket and says nothing more."""
    sock = environ["gunicorn.socket"]
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n")
    sock.sendall(b"Connection: close\r\n\r\n")
    for block in body:
        sock.sendall(block)
    _say_goodbye(sock)
    raise StopIteration


def _say_goodbye(sock: socket.socket) -> None:
    """With TLS the end of such a body is only known from a close_notify."""
    if isinstance(sock, ssl.SSLSocket):
        sock.settimeout(1.0)
        with suppress(OSError):
            sock.unwrap()
