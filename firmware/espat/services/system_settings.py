# What the commands about the system itself have set.


class SystemSettings:
    """messages: the bits of AT+SYSMSG. gather_ms: AT+TRANSINTVL. ram: the buffer of AT+USERRAM,
    a bytearray or None. update_state: AT+CIUPDATE's 0..4 or -1. updating: whether one runs."""

    def __init__(self):
        self.messages = 0
        self.gather_ms = 20
        self.ram = None
        self.update_state = 0
        self.updating = False
