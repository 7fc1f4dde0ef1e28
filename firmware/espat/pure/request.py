# The bytes of an HTTP/1.1 request head (RFC 9112), header fields of the user's own included.

from binascii import b2a_base64

_USER_AGENT = b"ESP32 HTTP Client/1.0"  # what ESP-AT sends, for servers that look at it
TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The client frames the body itself, whatever the user's headers say (request smuggling,
# RFC 9112 section 11.2). ESP-AT's client overwrites a Content-Length, too.
_REFUSED = b"transfer-encoding"


class BadHeader(Exception):
    pass


def split_header(line):
    """(key, value) of b"Key: value"; raises BadHeader for what must not go onto the wire. The value
    keeps the blank before it, which AT+HTTPCHEAD? shows; other blanks and line ends around both
    go."""
    key, colon, value = line.rstrip().partition(b":")
    key, value = key.strip(), value.lstrip(b"\r\n")
    if not key or not colon or key.strip(TOKEN):
        raise BadHeader("no header name")
    if b"\r" in value or b"\n" in value or b"\0" in value:
        raise BadHeader("line end or NUL in a header")
    if key.lower() == _REFUSED:
        raise BadHeader("the transfer coding is not the user's to choose")
    return key, value


def build(method, url, own, defaults, body=None, length=None):
    """A request as a list of byte strings to send: its head and, if there is one, the body that
    goes with it. Usually one string; a long target stays apart, for want of memory to copy it.

    method, own and defaults are bytes and lists of (key, value); a key in `own` replaces the one
    in `defaults`, and the built-in Host, User-Agent and Authorization. `length`: bytes of a body
    that follows later."""
    fields = [(b"Host", url.authority()), (b"User-Agent", _USER_AGENT)]
    if url.credentials:
        fields.append((b"Authorization", b"Basic " + b2a_base64(url.credentials)[:-1]))
    fields = override(fields + defaults, own)
    if body is not None:
        length = len(body)
    # The user's own Content-Length goes in any case.
    fields = override(fields, [(b"Content-Length", b"%d" % (length or 0))])
    if length is None:
        fields.pop()
    parts = [b" HTTP/1.1\r\n"]
    for key, value in fields:
        parts.extend((key, b":" if value[:1] == b" " else b": ", value, b"\r\n"))
    parts.extend((b"\r\n", body or b""))
    if isinstance(url.target, bytes):
        return [b"".join([method, b" ", url.target] + parts)]
    return [method + b" ", url.target, b"".join(parts)]


def wants_close(fields):
    """Whether the user's own headers end the connection after this request."""
    return any(key.lower() == b"connection" and b"close" in value.lower() for key, value in fields)


def override(fields, others):
    """`fields` with `others` in the place of those that have the same key."""
    taken = [key.lower() for key, _ in others]
    return [field for field in fields if field[0].lower() not in taken] + others
