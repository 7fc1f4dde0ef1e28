"""Bodies for the tests: any number of bytes without a file or memory for them, and a picture."""

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

BLOCK = 64 * 1024
PICTURE_PATH = "/sites/all/themes/espressif/images/about-us/solution-platform.jpg"


def payload(size: int, seed: int = 0) -> Iterator[bytes]:
    """`size` bytes in blocks, the same everywhere for the same numbers.

    Every block differs, so a lost, a doubled and a swapped one are noticed.
    """
    for index, start in enumerate(range(0, size, BLOCK)):
        yield _block(seed, index)[: size - start]


def content(size: int, seed: int = 0) -> bytes:
    """The same in one piece."""
    return b"".join(payload(size, seed))


def payload_sha256(size: int, seed: int = 0) -> str:
    """What the SHA-256 of that payload must be."""
    digest = hashlib.sha256()
    for block in payload(size, seed):
        digest.update(block)
    return digest.hexdigest()


def picture_bytes() -> bytes:
    """A JPEG that httpbin ships. Found without importing httpbin, which takes half a second."""
    spec = find_spec("httpbin")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("httpbin is not installed")
    return (Path(spec.origin).parent / "templates" / "images" / "jackal.jpg").read_bytes()


def _block(seed: int, index: int) -> bytes:
    return hashlib.shake_128(b"%d/%d" % (seed, index)).digest(BLOCK)
