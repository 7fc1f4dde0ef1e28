"""Passwords: in a URL they become a header; what is shown or written has stars for them."""

import re
from base64 import b64encode
from urllib.parse import unquote_to_bytes

STARS = "***"
_AUTHORITY = re.compile(r"(?P<scheme>[a-z]+://)(?P<authority>[^/?#]*)(?P<rest>.*)", re.I | re.S)
# Commands and answers of which nothing is shown but their name.
_LINE = (
    r"AT\+(?:CWJAP|CWSAP|CWJEAP|SYSMFG|CIPSSLCPSK|CIPSSLCPSKHEX"
    r"|MQTTUSERCFG|MQTTPASSWORD|MQTTLONGPASSWORD)="
)
_ANSWER = r"\+(?:CWSAP|CIPSSLCPSK|CIPSSLCPSKHEX):"
_HEADER = r"(?:proxy-)?authorization|(?:set-)?cookie|[\w-]*(?:api-?key|token|secret|password)[\w-]*"
# The whole of a line; the password of a URL; a header; a value in a query or a form.
_MASKED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"({_LINE}|{_ANSWER})(?:(?!\\r)[^\r\n])*", re.I), rf"\1{STARS}"),
    (re.compile(r"(://)[^/\s\"?#]*@"), rf"\1{STARS}@"),
    (re.compile(rf"\b({_HEADER})(\s*:\s*)(?:(?!\\r)[^\"\r\n])+", re.I), rf"\1\2{STARS}"),
    (
        re.compile(r"\b([\w-]*(?:key|token|secret|password|passwd|signature))=[^&\s\"',]+", re.I),
        rf"\1={STARS}",
    ),
)
_SECRET = re.compile(
    rf"\s*{_LINE}|://[^/\"\s]*@|authorization|cookie|password|passwd|token|secret|key\s*[=:]",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text with stars for what may be a password or a key."""
    for pattern, stars in _MASKED:
        text = pattern.sub(stars, text)
    return text


def is_secret(line: str) -> bool:
    """Whether a line may hold a password, so that it is written into no file."""
    return _SECRET.search(line) is not None


def without_user(url: str) -> tuple[str, str | None]:
    """The URL without `user:password@`, and those as the value of the header Authorization, if they
    are there; curl does the same."""
    found = _AUTHORITY.fullmatch(url)
    if found is None or "@" not in found["authority"]:
        return url, None
    user, _, host = found["authority"].rpartition("@")
    return found["scheme"] + host + found["rest"], basic(unquote_to_bytes(user))


def basic(user: bytes) -> str:
    """`user:password` as Basic authorization (RFC 7617)."""
    return "Basic " + b64encode(user if b":" in user else user + b":").decode()
