"""The commands that send a request: (line, its data, how it ends when it fails)."""

ERROR, FAIL = b"\r\nERROR\r\n", b"\r\nSEND FAIL\r\n"
Case = tuple[str, bytes | None, bytes]


def requests(url: str) -> list[Case]:
    return [
        (f'AT+HTTPCLIENT=2,0,"{url}",,,1', None, ERROR),
        (f'AT+HTTPCGET="{url}"', None, ERROR),
        (f'AT+HTTPGETSIZE="{url}"', None, ERROR),
        (f'AT+HTTPCPOST="{url}",3', b"abc", FAIL),
        (f'AT+HTTPCPUT="{url}",3', b"abc", FAIL),
    ]


def transfers(url: str) -> list[Case]:
    """Those from files and into files."""
    return [
        (f'AT+HTTPGET_TO_FS="f",{len(url)}', url.encode(), ERROR),
        (f'AT+FS_TO_HTTP_SERVER="f",{len(url)}', url.encode(), ERROR),
    ]
