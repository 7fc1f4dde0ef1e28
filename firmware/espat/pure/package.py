# The update package: a firmware in one file, made by tools/espat_host/build/update_package.py.
#
#     espat-package 1 <version> <board, or *> <.mpy version> <files> <blocks of 4 KB>
#     <size> <SHA-256> <path>        and so many bytes of the file; for each file
#     end <SHA-256 of all before this line>
#
# Lines end with LF. Numbers are plain decimal, a SHA-256 is 64 lower-case hexadecimal digits.
#
# The list of an update server, its resource `latest`, has a line for each version, newest first:
#
#     <version> <SHA-256 of the file> <file name>

from espat.pure.errors import Failure
from espat.pure.reasons import NO_PACKAGE

LONGEST_LINE = 160
LIST_LIMIT = 2047  # bytes
_DIGITS = b"0123456789"
_HEX = b"0123456789abcdef"
_NAME = b"abcdefghijklmnopqrstuvwxyz0123456789_"
_WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"
_LONGEST_WORD = 64
_LONGEST_PATH = 80
_DIGEST = 64


def header(line):
    """(board, or b"*", .mpy version, files, blocks) of the first line; as all here raises Failure
    for what is no package, or a damaged one."""
    magic, form, version, board, mpy, files, blocks = _words(line, 7)
    if magic != b"espat-package" or form != b"1":
        raise Failure(NO_PACKAGE, line)
    _word(version)
    if board != b"*":
        _word(board)
    return board, _number(mpy), _number(files), _number(blocks)


def entry(line):
    """(size, SHA-256, path) of the line before a file."""
    size, digest, path = _words(line, 3)
    return _number(size), _digest(digest), _path(path)


def end(line):
    """The SHA-256 of the last line."""
    word, digest = _words(line, 2)
    if word != b"end":
        raise Failure(NO_PACKAGE, line)
    return _digest(digest)


def releases(text):
    """[(version, SHA-256, file name)] of an update server's list."""
    found = []
    for line in text.split(b"\n"):
        line = line.strip()
        if line:
            version, digest, name = _words(line, 3)
            found.append((_word(version), _digest(digest), _word(name)))
    if not found:
        raise Failure(NO_PACKAGE, "an empty list")
    return found


def _words(line, count):
    words = line.split(b" ")
    if len(words) != count:
        raise Failure(NO_PACKAGE, line)
    return words


def _word(text):
    """A version, a board or a file name: no blank, no slash, and no way out of a folder."""
    if text[:1] == b".":
        raise Failure(NO_PACKAGE, text)
    return _made_of(text, _WORD, 1, _LONGEST_WORD)


def _number(text):
    return int(_made_of(text, _DIGITS, 1, 8))


def _digest(text):
    return bytes.fromhex(_made_of(text, _HEX, _DIGEST, _DIGEST).decode())


def _path(text):
    """Modules of the package, the file of its units, and nothing else."""
    path, _, ending = text.rpartition(b".")
    if len(text) > _LONGEST_PATH or text[:6] != b"espat/" or ending not in (b"mpy", b"pack"):
        raise Failure(NO_PACKAGE, text)
    for name in path.split(b"/"):
        _made_of(name, _NAME, 1, _LONGEST_PATH)
    return text.decode()


def _made_of(text, allowed, least, most):
    """The text, if it has so many bytes and no others than these: strip() leaves nothing of it."""
    if not least <= len(text) <= most or text.strip(allowed):
        raise Failure(NO_PACKAGE, text)
    return text
