"""Where an upload comes from."""

import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol, runtime_checkable

from espat_host.client.faults import UploadFault
from espat_host.client.http_lines import BadRequest, is_utf8

BLOCK = 16 * 1024
_JSON = "Content-Type: application/json"
_BYTES = (bytes, bytearray, memoryview)


@runtime_checkable
class Readable(Protocol):
    """A binary file; seek() and tell() are for those whose length is not given."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


Source = bytes | bytearray | memoryview | str | Path | Readable | Iterable[bytes]


@dataclass(frozen=True)
class Upload:
    """What is to be sent: `data`, of `length` bytes where it does not say that itself, or `json`.
    Raises BadRequest."""

    data: Source
    length: int | None
    json: object = None

    def __post_init__(self) -> None:
        no_data = isinstance(self.data, bytes) and not self.data and self.length is None
        if self.json is not None and not no_data:
            raise BadRequest("give data or json, not both")

    def with_its_type(self, headers: tuple[str, ...]) -> tuple[str, ...]:
        """The headers, with a Content-Type for JSON if they have none."""
        typed = any(line.lower().startswith("content-type:") for line in headers)
        return headers if self.json is None or typed else (*headers, _JSON)

    @contextmanager
    def opened(self) -> Iterator[tuple[Iterable[bytes], int]]:
        """(the pieces, how many bytes they come to). Raises BadRequest, OSError, UploadFault."""
        data = self.data if self.json is None else _dumped(self.json)
        if isinstance(data, Path):
            with data.open("rb") as file:
                yield blocks(file), os.fstat(file.fileno()).st_size
        else:
            yield _in_memory(data) or _in_pieces(data, self.length)


def blocks(file: Readable) -> Iterator[bytes]:
    """A file in pieces."""
    while block := file.read(BLOCK):
        yield block


def _dumped(value: object) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadRequest(f"this cannot be sent as JSON: {error}") from error


def _in_memory(data: Source) -> tuple[Iterable[bytes], int] | None:
    if isinstance(data, str):
        if not is_utf8(data):
            raise BadRequest("the text to send holds what is no Unicode")
        data = data.encode()
    return ((bytes(data),), memoryview(data).nbytes) if isinstance(data, _BYTES) else None


def _in_pieces(data: object, length: int | None) -> tuple[Iterable[bytes], int]:
    if isinstance(data, io.TextIOBase):
        raise BadRequest('the file to send is open as text; open it with open(name, "rb")')
    if isinstance(data, Mapping) or not isinstance(data, (Readable, Iterable)):
        kind = type(data).__name__
        raise BadRequest(f"{kind} cannot be sent: give bytes, text, a path or a file, or json=")
    if isinstance(data, Readable):
        size = _left(data) if length is None else length
        return _checked(blocks(data)), size
    if length is None:
        raise BadRequest("an iterator does not say how long it is: give the length in bytes")
    return _checked(data), length


def _checked(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """The pieces. The first is looked at before anything is sent: then there is nothing to take
    back."""
    checked = map(_piece, pieces)
    first = next(checked, b"")
    return chain((first,), checked)


def _piece(piece: object) -> bytes:
    if not isinstance(piece, _BYTES):
        raise UploadFault(f"what is to be sent comes as {type(piece).__name__}, and not as bytes")
    return bytes(piece)


def _left(file: Readable) -> int:
    start = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(start)
    return end - start
