# What the commands about the system itself have set.


class SystemSettings:
    """messages: the bits of AT+SYSMSG. gather_ms: AT+TRANSINTVL. ram: the buffer of AT+USERRAM,
    a bytearray or None."""

    def __init__(self):
        self.messages = 0
        self.gather_ms = 20
        self.ram = None
