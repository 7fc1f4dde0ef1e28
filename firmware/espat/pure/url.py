# http and https URLs (RFC 3986), as far as an HTTP client needs them.
#
# What could split a request or lead elsewhere than it looks is refused: control bytes, blanks,
# CR and LF (RFC 9112 section 11.1), and user:password@ (RFC 9110 section 4.2.4).

_HOST_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
_IPV6_BYTES = b"0123456789abcdefABCDEF:."
_SCHEMES = {b"http": (False, 80), b"https": (True, 443)}


class BadUrl(Exception):
    pass


class Url:
    """`tls` bool, `host` bytes without brackets, `port` 1..65535, `target` bytes: the path with
    its query, never empty."""

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
    """The Url in `text` (bytes); raises BadUrl."""
    scheme, found, rest = _cut(text, b"://")
    defaults = _SCHEMES.get(scheme.lower())
    if not found or defaults is None:
        raise BadUrl("not an http:// or https:// url")
    tls, port = defaults
    authority, target = _split_target(rest)
    host, port = _host_port(authority, port)
    return Url(tls, host, port, encode_target(target))


def build(tls, host, target):
    """The Url of AT+HTTPCLIENT's host, path and transport_type."""
    name, port = _host_port(host, 443 if tls else 80)
    if target[:1] != b"/":
        target = b"/" + target
    return Url(tls, name, port, encode_target(target))


def encode_target(target):
    """The request target for `target`: UTF-8 percent-encoded, the fragment left out."""
    target = _cut(target, b"#")[0]
    if all(0x20 < byte < 0x7F for byte in target):
        return target
    encoded = bytearray()
    for byte in target:
        if byte <= 0x20 or byte == 0x7F:
            raise BadUrl("blank or control byte in the url")
        if byte > 0x7F:
            encoded.extend(b"%%%02X" % byte)
        else:
            encoded.append(byte)
    return bytes(encoded)


def _cut(text, mark):
    at = text.find(mark)
    if at < 0:
        return text, False, b""
    return text[:at], True, text[at + len(mark) :]


def _split_target(rest):
    for i in range(len(rest)):
        if rest[i] in b"/?#":
            target = rest[i:]
            return rest[:i], target if target[:1] == b"/" else b"/" + target
    return rest, b"/"


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
