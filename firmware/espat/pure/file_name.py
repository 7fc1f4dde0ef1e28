# Names of the files that a host keeps on the board: one folder, no way out of it.

from espat.pure.errors import PARA_INVALID, AtError

_ARGUMENT = 255  # longer than is allowed: what is allowed is looked at here
_LONGEST = 64  # as ESP-AT's build has it (CONFIG_LITTLEFS_OBJ_NAME_LEN)
_FORBIDDEN = b'/\\:*?"<>|'
_NO_NAMES = (b".", b"..")


def argument(args, index):
    """The name that is parameter `index` of a command, as a str; raises AtError."""
    name = args.string(index, _ARGUMENT)
    strange = not 0 < len(name) <= _LONGEST or name in _NO_NAMES
    if strange or any(byte < 0x20 or byte == 0x7F or byte in _FORBIDDEN for byte in name):
        raise AtError(PARA_INVALID | index)
    try:
        return name.decode()
    except UnicodeError:
        raise AtError(PARA_INVALID | index)
