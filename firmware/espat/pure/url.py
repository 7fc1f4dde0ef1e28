# http and https URLs (RFC 3986), as far as an HTTP client needs them.
#
# What could split a request or lead elsewhere than it looks is refused: control bytes, blanks,
# CR and LF (RFC 9112 section 11.1).

_HOST_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_IPV6_BYTES = b"0123456789abcdefABCDEF:."
_LONG = 512  # a target of up to so many bytes is copied out of the url
_SCHEMES = {b"http": False, b"https": True}


class BadUrl(Exception):
    pass


class Url:
    """`tls` bool, `host` bytes without brackets, `port` 1..65535, `target` the path with
    its query, never empty, as bytes or a memoryview. `credentials`: user:password, or b""."""

    credentials = b""

    def __init__(self, tls, authority, text, start=0):
        """Of a host, which may have a port, and text[start:], what follows it; raises BadUrl."""
        self.tls = tls
        self._usual = 443 if tls else 80
        self.host, self.port = _host_port(authority, self._usual)
        self.target = _target(text, start)

    def authority(self):
        """The value of the Host header: the port only where it is not the scheme's own."""
        host = b"[%s]" % self.host if b":" in self.host else self.host
        return host if self.port == self._usual else b"%s:%d" % (host, self.port)


def parse(text):
    """The Url in `text`, bytes or bytearray; raises BadUrl. A long target is not copied: it is a
    memoryview of the text, which must not change then."""
    at = text.find(b"://")
    tls = _SCHEMES.get(bytes(text[:at]).lower()) if 0 < at < 6 else None
    if tls is None:
        raise BadUrl("not an http:// or https:// url")
    start = at + 3
    end = authority_end(text, start)
    credentials, _, host = bytes(text[start:end]).rpartition(b"@")
    url = Url(tls, host, text, end)
    if credentials:
        user, _, password = credentials.partition(b":")
        user, password = _decoded(user), _decoded(password)
        if b":" in user:  # RFC 7617 section 2
            raise BadUrl("colon in the user's name")
        url.credentials = user + b":" + password
    return url


def authority_end(text, start):
    """Where the authority ends that begins there."""
    while start < len(text) and text[start] not in b"/?#":
        start += 1
    return start


def _decoded(text):
    """A part of the credentials, percent-decoded."""
    found, *parts = text.split(b"%")
    for part in parts:
        if len(part) < 2 or part[:2].strip(_HEX_DIGITS):
            raise BadUrl("a % without digits")
        found += bytes((int(part[:2], 16),)) + part[2:]
    if b"@" in text or any(byte < 0x20 or byte == 0x7F for byte in found) or b" " in text:
        raise BadUrl("bad credentials")
    return found


def _target(text, start):
    """The request target in text[start:]: the fragment left out, UTF-8 percent-encoded."""
    end = text.find(b"#", start)
    if end < 0:
        end = len(text)
    rooted = plain = text[start : start + 1] == b"/"
    for i in range(start, end):
        byte = text[i]
        if byte <= 0x20 or byte == 0x7F:
            raise BadUrl("blank or control byte in the url")
        plain = plain and byte < 0x7F
    if plain:
        return bytes(text[start:end]) if end - start <= _LONG else memoryview(text)[start:end]
    encoded = bytearray(b"" if rooted else b"/")
    for i in range(start, end):
        if text[i] > 0x7F:
            encoded.extend(b"%%%02X" % text[i])
        else:
            encoded.append(text[i])
    return bytes(encoded)


def _host_port(authority, port):
    allowed = _HOST_BYTES
    if authority[:1] == b"[":
        host, closed, digits = authority[1:].partition(b"]")
        if not closed or digits[:1] not in (b"", b":"):
            raise BadUrl("bad IPv6 address")
        allowed, digits = _IPV6_BYTES, digits[1:]
    else:
        host, _, digits = authority.partition(b":")
    if not host.strip(b".") or len(host) > 255 or host.strip(allowed):
        raise BadUrl("bad host name")
    if digits:
        port = int(digits) if digits.isdigit() and len(digits) < 6 else 0
        if not 0 < port < 65536:
            raise BadUrl("no such port")
    return host, port
