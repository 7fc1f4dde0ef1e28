# What ends a command on the port, byte for byte (wire.md 1.4, 1.5).

CRLF = b"\r\n"
OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
SEND_OK = b"\r\nSEND OK\r\n"
SET_OK = b"\r\nSET OK\r\n"
SEND_FAIL = b"\r\nSEND FAIL\r\n"
PROMPT = b"\r\nOK\r\n\r\n>"
BUSY = b"\r\nbusy p...\r\n"
READY = b"\r\nready\r\n"
FORCED_RESTART = b"\r\nWill force to restart!!!\r\n"


def err_code(code):
    """The line that goes before a failure while AT+SYSLOG=1."""
    return b"ERR CODE:0x%08x\r\n" % code
