# http and https URLs (RFC 3986), as far as an HTTP client needs them.
#
# What could split a request or lead elsewhere than it looks is refused: control bytes, blanks,
# CR and LF (RFC 9112 section 11.1), and user:password@ (RFC 9110 section 4.2.4).

_HOST_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
_IPV6_BYTES = b"0123456789abcdefABCDEF:."
_LONG = 512  # a target of up to so many bytes is copied out of the url
_SCHEMES = {b"http": (False, 80), b"https": (True, 443)}


class BadUrl(Exception):
    pass


class Url:
    """`tls` bool, `host` bytes without brackets, `port` 1..65535, `target` the path with
    its query, never empty, as bytes or a memoryview."""

    def __init__(self, tls, host, port, target):
        self.tls = tls
        self.host = host
        self.port = port
        self.target = target

    def authority(self):
        """The value of the Host header: the port only where it is not the scheme's own."""
        host = b"[%s]" % self.host if b":" in self.host else self.host
        if self.port == (443 if self.tls else 80):
            return host
        return b"%s:%d" % (host, self.port)


def parse(text):
    """The Url in `text`, bytes or bytearray; raises BadUrl. A long target is not copied: it is a
    memoryview of the text, which must not change then."""
    at = text.find(b"://")
    defaults = _SCHEMES.get(bytes(text[:at]).lower()) if 0 < at < 6 else None
    if defaults is None:
        raise BadUrl("not an http:// or https:// url")
    tls, port = defaults
    start = at + 3
    end = _end_of_authority(text, start)
    host, port = _host_port(bytes(text[start:end]), port)
    return Url(tls, host, port, _target(text, end))


def build(tls, host, path):
    """The Url of AT+HTTPCLIENT's host, path and transport_type."""
    name, port = _host_port(host, 443 if tls else 80)
    return Url(tls, name, port, _target(path, 0))


def _end_of_authority(text, at):
    while at < len(text) and text[at] not in b"/?#":
        at += 1
    return at


def _target(text, start):
    """The request target in text[start:]: the fragment left out, UTF-8 percent-encoded."""
    end = text.find(b"#", start)
    if end < 0:
        end = len(text)
    plain = text[start : start + 1] == b"/"
    for i in range(start, end):
        byte = text[i]
        if byte <= 0x20 or byte == 0x7F:
            raise BadUrl("blank or control byte in the url")
        plain = plain and byte < 0x7F
    if not plain:
        return _encoded(text, start, end)
    if end - start <= _LONG:
        return bytes(text[start:end])
    return memoryview(text)[start:end]


def _encoded(text, start, end):
    encoded = bytearray() if text[start : start + 1] == b"/" else bytearray(b"/")
    for i in range(start, end):
        if text[i] > 0x7F:
            encoded.extend(b"%%%02X" % text[i])
        else:
            encoded.append(text[i])
    return bytes(encoded)


def _cut(text, mark):
    at = text.find(mark)
    if at < 0:
        return text, False, b""
    return text[:at], True, text[at + len(mark) :]


def _host_port(authority, port):
    if authority[:1] == b"[":
        host, closed, rest = _cut(authority[1:], b"]")
        if not closed or rest[:1] not in (b"", b":") or not _made_of(host, _IPV6_BYTES):
            raise BadUrl("bad IPv6 address")
        digits = rest[1:]
    else:
        host, _, digits = _cut(authority, b":")
        if not _made_of(host, _HOST_BYTES):
            raise BadUrl("bad host name")
    if digits:
        port = _port(digits)
    return host, port


def _port(digits):
    if not _made_of(digits, b"0123456789") or len(digits) > 5 or not 0 < int(digits) < 65536:
        raise BadUrl("bad port")
    return int(digits)


def _made_of(text, allowed):
    return 0 < len(text) <= 255 and all(byte in allowed for byte in text)
