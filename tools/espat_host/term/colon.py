"""The terminal's own commands, which begin with a colon."""

import shlex

# Name, argument, what it does.
COLON: tuple[tuple[str, str, str], ...] = (
    ("help", "[COMMAND]", "Help: keys and these commands, or about an AT command."),
    ("send", "FILE", "Sends a file as the data that the board waits for."),
    ("hex", "[00ff..]", "Sends bytes as they are; alone: shows what comes as bytes, or as text."),
    ("log", "[FILE]", "Writes what goes over the port into a file; without one, stops that."),
    ("play", "TRANSCRIPT", "Plays a dialogue and compares every byte of the answers."),
    ("time", "", "Shows the time before each line that comes, or does not."),
    ("baud", "[RATE]", "Sets the rate of this side, or tells it."),
    ("rts", "[on|off]", "Switches RTS; alone: a pulse."),
    ("dtr", "[on|off]", "Switches DTR; alone: a pulse."),
    ("break", "[MS]", "Holds the line low, for 250 ms or so many."),
    ("quit", "", "Ends the terminal, as Ctrl-D does."),
)
FILES = ("send", "log", "play")


class Refused(Exception):
    """What was typed cannot be done; the message says why."""


def parse(line: str) -> tuple[str, str]:
    """The name and the argument of a line with a colon. Raises Refused."""
    name, _, rest = line[1:].partition(" ")
    row = next((row for row in COLON if row[0] == name), None)
    if row is None:
        known = " ".join(f":{row[0]}" for row in COLON)
        raise Refused(f"there is no :{name}; there are {known}")
    argument = _unquoted(rest.strip()) if name in FILES else rest.strip()
    if row[1] and not row[1].startswith("[") and not argument:
        raise Refused(f":{name} needs {row[1]}")
    if argument and not row[1]:
        raise Refused(f":{name} has no argument")
    return name, argument


def hex_bytes(text: str) -> bytes:
    """The bytes that hex digits stand for. Raises Refused."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Refused("after :hex come pairs of hex digits, such as :hex 00 ff 0d0a") from error


def _unquoted(text: str) -> str:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Refused(f"{text}: a quote is missing") from error
    if len(words) > 1:
        raise Refused(f"{text}: one file is meant; quote a name with blanks")
    return words[0] if words else ""
