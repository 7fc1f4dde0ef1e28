# The command table: a command is a row, its four forms are four slots (as ESP-AT's
# esp_at_cmd_struct). A new command is a row and a function, never an elif.

from espat.pure.errors import NO_AT, OP_ERROR, UNSUPPORTED, AtError


class Command:
    """One row. `name` without the leading AT, e.g. b"+CWMODE". Each form is None or an
    `async def form(device, reply, args)`; args is an Args for `set`, else None. With `module` the
    forms are names of functions in it, and it is loaded when one of them is first wanted."""

    def __init__(self, name, test=None, query=None, set=None, exec=None, module=None):
        self.name = name
        self.module = module
        self.test = test
        self.query = query
        self.set = set
        self.exec = exec

    def forms(self):
        """Which forms exist, as 0 or 1, in the order AT+CMD? prints them."""
        slots = (self.test, self.query, self.set, self.exec)
        return tuple(0 if slot is None else 1 for slot in slots)


class Table:
    """All rows in their order of registration, found by name."""

    def __init__(self, *families):
        self.rows = [row for family in families for row in family]
        self._by_name = {row.name: row for row in self.rows}

    def find(self, line):
        """Split a command line into (handler, argument bytes or None); raises AtError."""
        if line[:2] != b"AT":
            raise AtError(NO_AT)
        name, mark, rest = _split(line[2:])
        row = self._by_name.get(name)
        if row is None:
            raise AtError(UNSUPPORTED)
        handler, data = _form(row, mark, rest)
        if handler is None:
            raise AtError(OP_ERROR)
        if row.module is not None:
            handler = getattr(__import__(row.module, None, None, (handler,)), handler)
        return handler, data


def _split(text):
    for i in range(len(text)):
        if text[i] in b"=?":
            return text[:i], text[i : i + 1], text[i + 1 :]
    return text, b"", b""


def _form(row, mark, rest):
    if mark == b"":
        return row.exec, None
    if mark == b"?":
        return (row.query if rest == b"" else None), None
    if rest == b"?":
        return row.test, None
    return row.set, rest
