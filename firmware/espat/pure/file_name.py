# Names of the files that a host keeps on the board: one folder, no way out of it.

from espat.pure.errors import PARA_INVALID, AtError

_ARGUMENT = 255  # longer than is allowed: check() decides
_LONGEST = 64  # as ESP-AT's build has it (CONFIG_LITTLEFS_OBJ_NAME_LEN)
_FORBIDDEN = b'/\\:*?"<>|'
_NO_NAMES = (b".", b"..")


class BadName(Exception):
    pass


def check(name):
    """The name in `name` (bytes) as a str; raises BadName."""
    if not 0 < len(name) <= _LONGEST or name in _NO_NAMES:
        raise BadName("bad length, or a folder")
    if any(byte < 0x20 or byte == 0x7F or byte in _FORBIDDEN for byte in name):
        raise BadName("a byte that does not belong into a name")
    try:
        return name.decode()
    except UnicodeError:
        raise BadName("not UTF-8")


def argument(args, index):
    """The name that is parameter `index` of a command, as a str; raises AtError."""
    try:
        return check(args.string(index, _ARGUMENT))
    except BadName:
        raise AtError(PARA_INVALID | index)
