# Where a redirect leads (RFC 3986 section 5.2).

from espat.pure.url import BadUrl, Url, parse

_SCHEME = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."


def target(base, location):
    """The Url of a Location in an answer from the Url `base`; raises BadUrl. Credentials are not
    taken from an answer (RFC 9110 section 4.2.4), and do not leave their origin."""
    text = location.partition(b"#")[0].replace(b" ", b"%20")
    if text[:2] == b"//":
        text = (b"https:" if base.tls else b"http:") + text
    before, colon, _ = text.partition(b":")
    if colon and before and not before.strip(_SCHEME):
        url = parse(text)
    else:
        url = Url(base.tls, base.authority(), _merged(bytes(base.target), text))
    if url.credentials:
        raise BadUrl("credentials in an answer")
    path, mark, query = bytes(url.target).partition(b"?")
    url.target = _without_dots(path) + mark + query
    return url


def _merged(base, text):
    """The path and query of a reference that has no authority."""
    path = base.partition(b"?")[0]
    if not text:
        return base
    if text[:1] == b"?":
        return path + text
    return text if text[:1] == b"/" else path[: path.rfind(b"/") + 1] + text


def _without_dots(path):
    kept = []
    for part in path.split(b"/"):
        if part == b"..":
            kept[1:] = kept[1:-1]
        elif part != b".":
            kept.append(part)
    if part in (b".", b".."):
        kept.append(b"")
    return b"/".join(kept)
