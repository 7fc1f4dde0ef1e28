# The framing of a response body (RFC 9112 section 6 and 7): how many of the next bytes are body.
#
# A reader never takes more from the network than a body asks for, so nothing is read beyond its
# end and body bytes go straight into the buffer they leave from:
#   while body.left or not body.done:
#       if body.need: read at most `need` bytes of framing -> body.feed(buf, n)
#       else:         read at most `left` body bytes; body.left -= n; at 0 -> body.emptied()
# The end of the connection goes to body.closed(), which knows whether that is an end.

from espat.pure.head import Malformed

UNTIL_CLOSE = 0x3FFFFFFF  # the largest small integer of a 32-bit MicroPython
_MAX_SIZE_DIGITS = 8
_MAX_EXTENSION = 1024
_MAX_TRAILER = 4096
_CR = 13
_LF = 10


class Incomplete(Exception):
    pass


def body_of(head, method):
    """The body that follows `head`, a ResponseHead."""
    if not head.has_body(method):
        return LengthBody(0)
    if head.chunked:
        return ChunkedBody()
    if head.length is not None:
        return LengthBody(head.length)
    return CloseBody()


class LengthBody:
    """`length` bytes, exactly."""

    need = 0
    framed = True  # its end is known without the connection's end

    def __init__(self, length):
        self.left = length
        self.done = length == 0

    def emptied(self):
        self.done = True

    def closed(self):
        raise Incomplete("%d bytes missing" % self.left)


class CloseBody:
    """Everything until the server closes."""

    need = 0
    framed = False

    def __init__(self):
        self.left = UNTIL_CLOSE
        self.done = False

    def emptied(self):
        self.left = UNTIL_CLOSE

    def closed(self):
        self.left = 0
        self.done = True


class ChunkedBody:
    """Chunks; extensions and trailers are skipped. Each state takes one byte and names the next
    state; the least that can still follow in a state is what may be read at once."""

    framed = True

    def __init__(self):
        self.left = 0
        self.done = False
        self._digits = 0
        self._skipped = 0
        self._state = self._size
        self.need = 3  # a digit, CR, LF

    def emptied(self):
        self._enter(self._data_cr, 5)  # CR, LF, a digit, CR, LF

    def feed(self, buf, count):
        for i in range(count):
            self._state(buf[i])
            if self.done:
                return

    def closed(self):
        raise Incomplete("the last chunk is missing")

    def _enter(self, state, need):
        self._state = state
        self.need = need

    def _data_cr(self, byte):
        _expect(byte, _CR)
        self._enter(self._data_lf, 4)

    def _data_lf(self, byte):
        _expect(byte, _LF)
        self._digits = 0
        self._enter(self._size, 3)

    def _size(self, byte):
        digit = _hex_value(byte)
        if digit >= 0:
            self._digits += 1
            if self._digits > _MAX_SIZE_DIGITS:
                raise Malformed("chunk too large")
            self.left = self.left << 4 | digit
            self.need = 2
            return
        if not self._digits:
            raise Malformed("no chunk size")
        self._skipped = 0
        self._enter(self._extension, 2)
        self._extension(byte)

    def _extension(self, byte):
        if byte == _CR:
            self._enter(self._size_lf, 1)
        elif self._skipped == 0 and byte not in b"; \t":
            raise Malformed("bad chunk size")
        self._skip(_MAX_EXTENSION)

    def _size_lf(self, byte):
        _expect(byte, _LF)
        if self.left:
            self._enter(None, 0)
            return
        self._skipped = 0
        self._enter(self._trailer_start, 2)

    def _trailer_start(self, byte):
        if byte == _CR:
            self._enter(self._end_lf, 1)
        else:
            self._enter(self._trailer, 2)
            self._skip(_MAX_TRAILER)

    def _trailer(self, byte):
        if byte == _LF:
            self._enter(self._trailer_start, 2)
        self._skip(_MAX_TRAILER)

    def _end_lf(self, byte):
        _expect(byte, _LF)
        self.done = True

    def _skip(self, limit):
        self._skipped += 1
        if self._skipped > limit:
            raise Malformed("chunk extension or trailer too long")


def _expect(byte, wanted):
    if byte != wanted:
        raise Malformed("bad chunk framing")


def _hex_value(byte):
    if 0x30 <= byte <= 0x39:
        return byte - 0x30
    byte |= 0x20
    if 0x61 <= byte <= 0x66:
        return byte - 0x57
    return -1
