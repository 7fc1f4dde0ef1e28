# The framing of a response body (RFC 9112 section 6 and 7): how many of the next bytes are body.
#
# A reader never takes more from the network than a body asks for, so nothing is read beyond its
# end and body bytes go straight into the buffer they leave from:
#   while not body.done:
#       if body.need: read at most `need` bytes of framing -> body.feed(buf, n)
#       else:         read at most `left` body bytes; body.left -= n; at 0 -> body.emptied()
# The end of the connection goes to body.hung_up(), which knows whether that is an end.

from espat.pure.head import MOST_DIGITS, Malformed

_UNTIL_CLOSE = 0x3FFFFFFF  # the largest small integer of a 32-bit MicroPython
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_MOST_SKIPPED = 32768  # bytes of an extension, or of all trailers
_CR = 13
_LF = 10
_SEMICOLON = 59


class Incomplete(Exception):
    pass


def body_of(head, method):
    """The body that follows `head`, a final ResponseHead (RFC 9112 section 6.3)."""
    if method == b"HEAD" or head.status in (204, 304):
        return PlainBody(0)
    if head.chunked and head.length is not None:
        raise Malformed("length beside a transfer coding")
    return ChunkedBody() if head.chunked else PlainBody(head.length)


class PlainBody:
    """`length` bytes, exactly; None: everything until the server closes. In both kinds what has
    been read is `total` - `left`."""

    need = 0

    def __init__(self, length):
        self.framed = length is not None  # its end is known without the connection's end
        self.left = self.total = length if self.framed else _UNTIL_CLOSE
        self.done = length == 0

    def emptied(self):
        self.done = self.framed
        if not self.framed:  # there may be more
            self.left = _UNTIL_CLOSE
            self.total += _UNTIL_CLOSE

    def hung_up(self):
        if self.framed:
            raise Incomplete("%d bytes missing" % self.left)
        self.done = True


class ChunkedBody:
    """Chunks; extensions and trailers are skipped."""

    framed = True

    def __init__(self):
        self.left = self.total = 0
        self.done = False
        self._framing = self._parsed()
        self.need = next(self._framing)

    def emptied(self):
        self.need = next(self._framing)

    def feed(self, buf, count):
        for i in range(count):
            self.need = self._framing.send(buf[i])

    def hung_up(self):
        raise Incomplete("the last chunk is missing")

    def _parsed(self):
        """Is sent the framing byte by byte; yields the least that can still follow, which is what
        may be read at once, and 0 where data begin."""
        while True:
            size = digits = skipped = 0
            byte = yield 3  # a digit, CR, LF
            while byte in _HEX_DIGITS:
                digits += 1
                if digits > MOST_DIGITS:
                    raise Malformed("chunk too large")
                size = size << 4 | (byte & 15 if byte < 0x3A else (byte & 7) + 9)
                byte = yield 2
            if not digits:
                raise Malformed("bad chunk size")
            plain = True  # no extension has begun
            while byte != _CR:
                plain = plain and byte != _SEMICOLON
                skipped += 1
                # A bare LF ends an extension to some, to others it is a part of it.
                if byte == _LF or skipped > _MOST_SKIPPED or (plain and byte not in b" \t"):
                    raise Malformed("bad chunk size")
                byte = yield 2
            _expect((yield 1), _LF)
            if not size:
                break
            self.left = size
            self.total += size
            yield 0
            _expect((yield 5), _CR)  # CR, LF, a digit, CR, LF
            _expect((yield 4), _LF)
        inside, skipped = False, 0  # a trailer field, whose end is an LF
        byte = yield 1
        while inside or byte not in b"\r\n":
            inside = byte != _LF
            skipped += 1
            if skipped > _MOST_SKIPPED:
                raise Malformed("trailer too long")
            byte = yield 2 if inside else 1
        _expect((yield 1) if byte == _CR else byte, _LF)
        self.done = True
        yield 0


def _expect(byte, wanted):
    if byte != wanted:
        raise Malformed("bad chunk framing")
