# A download that goes on where one broke off (RFC 9110 sections 13.1.5 and 14.2): with Range and
# If-Range, so that the server sends all of it where it is another version by now.

from espat.edges import files
from espat.pure.errors import Failure
from espat.pure.reasons import FILES_FULL, MALFORMED, of_status

_WHOLE, _PARTIAL = 200, 206


class Resumed:
    """What an Exchange tells of an answer that goes into `part`, a Part, by way of `sink`."""

    def __init__(self, part, sink):
        self._part = part
        self._sink = sink
        self._etag = self._date = self._range = b""

    async def on_field(self, key, value):
        key = key.lower()
        if key == b"etag" and value[:2] != b"W/":  # a weak one tells nothing of the bytes
            self._etag = value
        elif key == b"last-modified":
            self._date = value
        elif key == b"content-range":
            self._range = value

    async def on_head(self, head):
        part = self._part
        if head.status == _WHOLE:
            part.begin(self._etag or self._date)
        elif head.status != _PARTIAL:
            raise Failure(of_status(head.status))
        elif not self._range.startswith(b"bytes %d-" % part.size):
            raise Failure(MALFORMED, "another range")
        if (head.length or 0) > files.space()[0]:
            raise Failure(FILES_FULL)
        part.open()
        return self._sink
