# The command table: a command is a row, its four forms are four slots (as ESP-AT's
# esp_at_cmd_struct). A new command is a row and a function, never an elif.

from collections import namedtuple

from espat.pure.errors import NO_AT, OP_ERROR, AtError

# A tuple takes half the memory of an object, and there are many rows.
_Row = namedtuple("_Row", ("name", "module", "test", "query", "set", "exec"))


def Command(name, test=None, query=None, set=None, exec=None, module=None):
    """One row. `name` without the leading AT, e.g. b"+CWMODE". Each form is None or an
    `async def form(device, reply, args)`; args is an Args for `set`, else None. With `module` the
    forms are names of functions in it, and it is loaded when one of them is wanted."""
    return _Row(name, module, test, query, set, exec)


def by_name(rows):
    return {row.name: row for row in rows}


def forms(row):
    """Which forms exist, as 0 or 1, in the order AT+CMD? prints them."""
    return tuple(0 if slot is None else 1 for slot in row[2:])


def split(line):
    """(name, b"" or b"=" or b"?", what follows) of a command line; raises AtError."""
    if line[:2] != b"AT":
        raise AtError(NO_AT)
    for at in range(2, len(line)):
        if line[at] in b"=?":
            return line[2:at], line[at : at + 1], line[at + 1 :]
    return line[2:], b"", b""


def form(row, mark, rest):
    """(the slot of the form, argument bytes or None) for what split() gave; raises AtError."""
    slot, data = _form(row, mark, rest)
    if slot is None:
        raise AtError(OP_ERROR)
    return slot, data


def _form(row, mark, rest):
    if mark == b"":
        return row.exec, None
    if mark == b"?":
        return (row.query if rest == b"" else None), None
    if rest == b"?":
        return row.test, None
    return row.set, rest
