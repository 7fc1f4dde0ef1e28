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

LONGEST_LINE = 160
LIST_LIMIT = 2048  # bytes
_FORMAT = b"1"
_HEX = b"0123456789abcdef"
_NAMES = b"abcdefghijklmnopqrstuvwxyz0123456789_/"
_WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"
_LONGEST_WORD = 64
_LONGEST_PATH = 80
_ROOT = b"espat/"
_SUFFIX = b".mpy"


class BadPackage(Exception):
    """It is no package, or a damaged one."""


def header(line):
    """(version, board, .mpy version, files, blocks) of the first line."""
    name, form, version, board, *numbers = _words(line, 7)
    if name != b"espat-package" or form != _FORMAT:
        raise BadPackage("no package of format 1")
    if board != b"*":
        _word(board)
    return (_word(version), board) + tuple(_number(number) for number in numbers)


def entry(line):
    """(size, SHA-256, path) of the line before a file."""
    size, digest, path = _words(line, 3)
    return _number(size), _digest(digest), _path(path)


def end(line):
    """The SHA-256 of the last line; None: it is another line."""
    return _digest(_words(line, 2)[1]) if line[:4] == b"end " else None


def releases(text):
    """[(version, SHA-256, file name)] of an update server's list."""
    found = []
    for line in text.split(b"\n"):
        line = line.strip()
        if line:
            version, digest, name = _words(line, 3)
            found.append((_word(version), _digest(digest), _word(name)))
    if not found:
        raise BadPackage("an empty list")
    return found


def _words(line, count):
    words = line.split(b" ")
    if len(words) != count:
        raise BadPackage("a line of %d words, not %d" % (len(words), count))
    return words


def _word(text):
    """A version, a board or a file name: no blank, no slash, and no way out of a folder."""
    if not 0 < len(text) <= _LONGEST_WORD or text.strip(_WORD) or text[:1] == b".":
        raise BadPackage("a word that is none")
    return text


def _number(text):
    if len(text) > 8 or not text.isdigit():
        raise BadPackage("a number that is none")
    return int(text)


def _digest(text):
    if len(text) != 64 or text.strip(_HEX):
        raise BadPackage("a checksum that is none")
    return bytes.fromhex(text.decode())


def _path(text):
    """Modules of the package and nothing else."""
    stem = text[: -len(_SUFFIX)]
    strange = len(text) > _LONGEST_PATH or stem + _SUFFIX != text or stem.strip(_NAMES)
    if strange or stem[: len(_ROOT)] != _ROOT or b"" in stem.split(b"/"):
        raise BadPackage("a path that is too long, or leads elsewhere")
    return text.decode()
