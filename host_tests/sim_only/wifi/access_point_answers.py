"""What the access point's queries are answered with."""

OK = b"\r\nOK\r\n"


def address(ip: bytes, gateway: bytes, mask: bytes = b"255.255.255.0") -> bytes:
    """That of AT+CIPAP?."""
    lines = b'+CIPAP:ip:"%s"\r\n+CIPAP:gateway:"%s"\r\n+CIPAP:netmask:"%s"\r\n'
    return lines % (ip, gateway, mask) + OK
