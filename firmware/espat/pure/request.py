# The bytes of an HTTP/1.1 request head (RFC 9112), header fields of the user's own included.

USER_AGENT = b"ESP32 HTTP Client/1.0"  # what ESP-AT sends, for servers that look at it
_TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The client frames the body itself, whatever the user's headers say (request smuggling,
# RFC 9112 section 11.2). ESP-AT's client overwrites a Content-Length, too.
_OWN_FRAMING = b"content-length"
_REFUSED = b"transfer-encoding"


class BadHeader(Exception):
    pass


def split_header(line):
    """(key, value) of b"Key: value"; raises BadHeader for what must not go onto the wire."""
    at = line.find(b":")
    key = line[:at]
    if at < 1 or not all(byte in _TOKEN for byte in key):
        raise BadHeader("no header name")
    if any(byte in b"\r\n\x00" for byte in line):
        raise BadHeader("line end or NUL in a header")
    if key.lower() == _REFUSED:
        raise BadHeader("the transfer coding is not the user's to choose")
    return key, line[at + 1 :].strip()


def build_head(method, url, own, defaults, length=None):
    """The request head, its empty line included.

    method, own and defaults are bytes and lists of (key, value); a key in `own` replaces the one
    in `defaults` and the built-in Host and User-Agent. `length`: bytes of the body, None if the
    request has no body to speak of."""
    fields = _merge(own, [(b"Host", url.authority()), (b"User-Agent", USER_AGENT)] + defaults)
    if length is not None:
        fields.append((b"Content-Length", b"%d" % length))
    lines = [b"%s %s HTTP/1.1" % (method, url.target)]
    lines.extend(b"%s: %s" % field for field in fields)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _merge(own, defaults):
    taken = [key.lower() for key, _ in own]
    fields = [field for field in defaults if field[0].lower() not in taken]
    fields.extend(field for field in own if field[0].lower() != _OWN_FRAMING)
    return fields
