# The head of an HTTP/1.x response, line by line (RFC 9112), and what it says of the body.
#
# Strict where it could be read in two ways: a bare CR, two lengths that differ, a coding that is
# not ours to undo, a blank before the colon of a field that frames the body are refused. Lenient
# where servers differ: docs/http_answers.md, which host_tests/pure/test_judges.py holds.

from espat.pure.errors import Failure
from espat.pure.reasons import TOO_LARGE

MOST_DIGITS = 20  # of a length or a size: any number of 64 bits
_BLANKS = b" \t"  # strip() alone would take control bytes, too
_MOST_LINE = 2048  # of a field that is folded; one line has at most as many


class Malformed(Exception):
    pass


class ResponseHead:
    """Fed with lines without their line end; `done` after the empty one.

    status 100..999; `length` of the body or None; `chunked`, `keep_alive` bools; keep_seconds: how
    long the server keeps an idle connection, if it says so, else None. `cut`: the rest of the field
    that feed() gave is not known."""

    def __init__(self):
        self.status = 0
        self.length = None
        self.chunked = False
        self.keep_alive = False
        self.keep_seconds = None
        self.done = self.cut = False
        self._line = None  # a field, which the next line may continue
        self._gone = self._old = False  # the rest of that; HTTP/1.0

    def feed(self, line, cut=False):
        """Take one line; `cut`: its rest is gone. Returns the (key, value) that ends before it, or
        None. Raises Malformed; Failure if a field was cut that had to be known whole."""
        if 13 in line:  # RFC 9112 section 2.2; to some it ends a line
            raise Malformed("a CR without LF")
        if not self.status:
            if line:
                self._status_line(line)
            return None
        gone, self.cut = self._gone, False
        if line[:1] in (b" ", b"\t"):  # RFC 9112 section 5.2: it continues the one before
            if not self._line:
                raise Malformed("bad header line")
            if not gone:
                line = self._line + b" " + line.strip(_BLANKS)
                self._gone = cut or len(line) > _MOST_LINE
                self._line = line[:_MOST_LINE]
            return None
        field = self._line and self._field(self._line)
        self._line, self._gone, self.cut = line, cut, gone
        if not line:
            self.done = True
            if self._old and self.chunked:  # RFC 9112 section 6.1
                self.keep_alive = False
        return field

    def _status_line(self, line):
        status, version = line[9:12], line[5:8]
        digits = version[:1] + version[2:]
        if line[:5] != b"HTTP/" or line[8:9] + version[1:2] != b" ." or not digits.isdigit():
            raise Malformed("not an HTTP/1 status line")
        if not status.isdigit() or line[12:13] not in (b"", b" "):
            raise Malformed("no such status")
        self.status = int(status)
        if self.status < 100 or self.status == 101:
            raise Malformed("no such status")
        self._old = version < b"1.1"
        self.keep_alive = b"1.0" < version < b"2"

    def _field(self, line):
        at = line.find(b":")
        key = line[:at]
        if at < 1 or any(byte <= 0x20 or byte >= 0x7F for byte in key) or 0 in line:
            raise Malformed("bad header line")
        value = line[at + 1 :].strip(_BLANKS)
        handler = _FIELDS.get(key.lower())
        if handler is not None:
            if self._gone:
                raise Failure(TOO_LARGE)
            for part in value.lower().split(b","):
                handler(self, part.strip(_BLANKS))
        return key, value

    def _content_length(self, number):
        if not number.isdigit() or len(number) > MOST_DIGITS:
            raise Malformed("not a length")
        if self.length not in (None, int(number)):
            raise Malformed("two lengths")
        self.length = int(number)

    def _transfer_encoding(self, coding):
        if coding == b"chunked" and not self.chunked:
            self.chunked = True
        elif coding != b"identity" or self.chunked:
            raise Malformed("transfer coding is not chunked")

    def _connection(self, option):
        if option == b"close":
            self.keep_alive = None  # for good
        elif option == b"keep-alive" and self.keep_alive is not None:
            self.keep_alive = True

    def _keep_alive(self, parameter):
        name, _, seconds = parameter.partition(b"=")
        if name == b"timeout" and seconds.isdigit() and len(seconds) < 9:
            self.keep_seconds = int(seconds)


_FIELDS = {
    b"content-length": ResponseHead._content_length,
    b"transfer-encoding": ResponseHead._transfer_encoding,
    b"connection": ResponseHead._connection,
    b"keep-alive": ResponseHead._keep_alive,
}
