# The head of an HTTP/1.x response, line by line (RFC 9112), and what it says of the body.
#
# Strict where a lie could shift the body: folded lines, a blank before the colon, two lengths,
# a length beside a transfer coding are refused. Lenient where servers differ: a bare LF ends a
# line, the reason phrase may be missing.

MAX_LENGTH_DIGITS = 15


class Malformed(Exception):
    pass


class ResponseHead:
    """Fed with lines without their line end; `done` after the empty one.

    status 100..599; `length` of the body or None; `chunked`, `keep_alive` bools; keep_seconds: how
    long the server keeps an idle connection, if it says so, else None."""

    def __init__(self):
        self.status = 0
        self.length = None
        self.chunked = False
        self.keep_alive = False
        self.keep_seconds = None
        self.done = False

    def feed(self, line):
        """Take one line; returns its (key, value), or None for the status and the empty line."""
        if not self.status:
            return self._status_line(line)
        if line:
            return self._field(line)
        if self.chunked and self.length is not None:
            raise Malformed("length beside a transfer coding")
        self.done = True

    def stands_on(self, line):
        """Whether this line must be known whole: it is no field that says nothing of the body."""
        at = line.find(b":")
        return not self.status or at < 1 or line[:at].lower() in _FIELDS

    def _status_line(self, line):
        version, status = line[:8], line[9:12]
        if version not in (b"HTTP/1.1", b"HTTP/1.0") or line[8:9] != b" ":
            raise Malformed("not an HTTP/1 status line")
        if not status.isdigit() or len(status) != 3 or line[12:13] not in (b"", b" "):
            raise Malformed("bad status")
        self.status = int(status)
        if not 100 <= self.status <= 599 or self.status == 101:
            raise Malformed("unexpected status")
        self.keep_alive = version == b"HTTP/1.1"

    def _field(self, line):
        at = line.find(b":")
        key = line[:at]
        if at < 1 or any(byte <= 0x20 or byte >= 0x7F for byte in key) or 0 in line:
            raise Malformed("bad header line")
        value = line[at + 1 :].strip()
        handler = _FIELDS.get(key.lower())
        if handler is not None:
            handler(self, value.lower())
        return key, value

    def _content_length(self, value):
        if self.length is not None:
            raise Malformed("two lengths")
        if not value.isdigit() or len(value) > MAX_LENGTH_DIGITS:
            raise Malformed("bad length")
        self.length = int(value)

    def _transfer_encoding(self, value):
        if self.chunked or value != b"chunked":
            raise Malformed("transfer coding is not chunked")
        self.chunked = True

    def _connection(self, value):
        for option in value.split(b","):
            option = option.strip()
            if option == b"close":
                self.keep_alive = False
            elif option == b"keep-alive":
                self.keep_alive = True

    def _keep_alive(self, value):
        for parameter in value.split(b","):
            name, _, seconds = parameter.strip().partition(b"=")
            if name == b"timeout" and seconds.isdigit() and len(seconds) < 9:
                self.keep_seconds = int(seconds)


_FIELDS = {
    b"content-length": ResponseHead._content_length,
    b"transfer-encoding": ResponseHead._transfer_encoding,
    b"connection": ResponseHead._connection,
    b"keep-alive": ResponseHead._keep_alive,
}
