# Programs of Regex: lists of small integers, one an instruction. All jumps are relative, so that
# fragments can be put together and repeated as they are.

SPLIT, CHAR, SET, BOL, EOL = range(5)
BIAS = 1024  # of a relative jump, so that it is stored as a positive number
_LARGEST = 300  # instructions; {m,n} repeats the fragment before it


class BadRegex(Exception):
    pass


def instruction(op, x=0, y=0):
    """CHAR takes one of two bytes, SET a member of the set of that number; BOL and EOL hold at the
    beginning and end of a line."""
    return op | x << 4 | y << 16


def split(first, second):
    """Go on at both of two instructions, given by their distance from this one."""
    return instruction(SPLIT, BIAS + first, BIAS + second)


def unpack(packed):
    """(op, x, y); of a SPLIT x and y are the two distances, and BIAS more."""
    return packed & 15, packed >> 4 & 0xFFF, packed >> 16


def sized(fragment):
    """The fragment, if it is not too large."""
    if len(fragment) > _LARGEST:
        raise BadRegex("it is too large")
    return fragment


def optional(body):
    return [split(1, len(body) + 1)] + body


def star(body):
    size = len(body)
    return [split(1, size + 2)] + body + [split(-size - 1, -size - 1)]


def either(left, right):
    over = len(right) + 1
    return sized([split(1, len(left) + 2)] + left + [split(over, over)] + right)


def repeat(body, low, high):
    """`low` to `high` times; `high` -1: any number of times."""
    if max(low, high) * (len(body) + 1) > _LARGEST:
        raise BadRegex("it is too large")
    rest = star(body) if high < 0 else optional(body) * (high - low)
    return sized(body * low + rest)


def other_case(byte):
    """The same ASCII letter, large for small and small for large; other bytes as they are."""
    letter = 0x41 <= byte & 0xDF <= 0x5A and byte < 0x80
    return byte ^ 0x20 if letter else byte
