# The table of commands and the families' handlers say the same; and the error where there is none.

from espat.commands import catalogue
from espat.edges.memory import Memory
from espat.pure.args import split
from espat.pure.errors import NO_AT, OP_ERROR, UNSUPPORTED, AtError
from espat.services.units import Units


def own_forms(its, letters):
    """The marks of the forms that these families have. A letter before a form is for that one."""
    found = []
    for at, form in enumerate(its if its[1:] else its + "?="):
        before = its[at - 1 : at]
        family = before if before.isalpha() else its[0]
        if form in MARKS and family in letters:
            found.append(MARKS[form])
    return found


MARKS = {"!": b"", "?": b"?", "=": b"="}
units = Units(Memory())
rows = [row.split(b":") for row in catalogue.TABLE[1:-1].split(b" ")]
names = [name for name, _ in rows]
assert len(set(names)) == len(names) > 70
units_of = {
    chr(letter): catalogue.FAMILIES.split()[at] for at, letter in enumerate(catalogue.LETTERS)
}
families = {letter: units.bring(name).HANDLERS for letter, name in units_of.items()}
resident = {chr(its[0]) for _, its in rows} - set(families)
assert resident == {"b", "h"}
families["b h"] = catalogue.RESIDENT
for letter in families:
    keys = [key for handlers in families[letter] for key in handlers]
    assert len(set(keys)) == len(keys)
    used = set()
    for name, its in rows:
        forms = own_forms(its.decode(), letter)
        own = {name + mark for mark in forms} & set(keys)
        # Each form has a handler: its own, or the one of the name; and no key is for nothing.
        assert name in keys or len(own) == len(forms), name
        if forms:
            used |= own | ({name} & set(keys))
    assert used == set(keys), letter


def find(line):
    name, mark, rest = split(line)
    return catalogue.find(units, name, mark, rest), rest


def code_of(line):
    try:
        find(line)
    except AtError as error:
        return error.code


# What frees memory needs no family.
for name in "HTTPURLCFG", "HTTPCHEAD", "USERRAM", "SYSMSGFILTERCFG":
    for zero in "0", "00", "0x0":
        line = "AT+%s=%s" % (name, zero)
        assert find(line.encode())[0] is catalogue.give_back, line
    assert find(b"AT+%s=0,1" % name.encode())[0] is not catalogue.give_back, name

for line, key, rest in (
    (b"AT", b"", None),
    (b"ATE0", b"E0", None),
    (b"AT+CWJAP", b"+CWJAP", None),
    (b"AT+CWJAP?", b"+CWJAP?", None),
    (b"AT+CWJAP=", b"+CWJAP=", b""),
    (b'AT+CWJAP=1,"?="', b"+CWJAP=", b'1,"?="'),
    (b"AT+CWMODE?", b"+CWMODE", None),
    (b"AT+CWMODE=1", b"+CWMODE", b"1"),
    (b"AT+HTTPCGET=?x", b"+HTTPCGET", b"?x"),
    (b"at+cwjap=x", b"+CWJAP=", b"x"),
    (b"aT+CWmode?", b"+CWMODE", None),
    (b"ate0", b"E0", None),
):
    handler, found = find(line)
    assert found == rest, line
    every = [one for handlers in families.values() for one in handlers]
    assert any(handlers.get(key) is handler for handlers in every), line

for code, lines in (
    (NO_AT, (b" AT", b"hello", b"a", b"A", b"")),
    (OP_ERROR, (b"AT+CWJAP=?", b"AT+CWJAP?1", b"AT+HTTPCGET", b"AT+HTTPCGET?", b"AT?")),
    (OP_ERROR, (b"AT+GMR?", b"AT+GMR=1", b"AT+CWMODE", b"AT+CWMODE=?")),
    (
        UNSUPPORTED,
        (
            b"ATE",
            b"AT ",
            b"AT+CWJAP ",
            b"AT+GMR!",
            b"AT+GMR:s",
            b"AT+GMR:s! +RESTORE",
            b"AT+Y",
            b"AT+GMR +CMD?",
            b"AT+",
            b"AT+Y?",
        ),
    ),
):
    for line in lines:
        assert code_of(line) == code, line
print("done")
