# Every way in which a command can fail, as the number that ERR CODE prints (AT+SYSLOG=1).
#
# Layout of a code (ESP-AT, "AT Error Codes"): bits 31-24 module, always 0x01; bits 23-16 the
# sub-category; bits 15-0 an extension, for parameter errors the index of the parameter.

NO_AT = 0x01030000
PARA_LENGTH = 0x01040000
PARA_TYPE = 0x01050000
PARA_NUM = 0x01060000  # and how many are wanted, and given: 0x0106nngg
PARA_INVALID = 0x01070000
PARA_PARSE = 0x01080000
UNSUPPORTED = 0x01090000
EXEC_FAIL = 0x010A0000
PROCESSING = 0x010B0000
OP_ERROR = 0x010C0000
LINE_TOO_LONG = NO_AT  # as ESP-AT, which takes the rest for a line of its own


class AtError(Exception):
    """The command is answered ERROR; `code` is the 32-bit number for ERR CODE."""

    def __init__(self, code, detail=""):
        super().__init__("0x%08x" % code)
        self.code = code
        self.detail = detail  # for the log


class Failure(AtError):
    """The command was understood and could not be done; `reason` is one of reasons.py."""

    def __init__(self, reason, detail=""):
        super().__init__(EXEC_FAIL | reason, detail)
        self.reason = reason
