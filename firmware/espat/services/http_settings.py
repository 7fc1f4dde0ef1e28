# What AT+HTTPURLCFG, AT+HTTPCHEAD and AT+HTTPCFG have set; none of it is saved.


class HttpSettings:
    """url: a Url or None, with its text in url_text; headers: list of (key, value);
    identity: how TLS proves itself and checks the server, None = not at all."""

    def __init__(self):
        self.url = None
        self.url_text = b""
        self.headers = []
        self.identity = None
