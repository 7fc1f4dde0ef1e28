# The table of commands and the families' handlers say the same; and the error where there is none.

from espat.commands import catalogue
from espat.edges.memory import Memory
from espat.pure.args import split
from espat.pure.errors import NO_AT, OP_ERROR, UNSUPPORTED, AtError
from espat.services.units import Units

rows = [row.split(b":") for row in catalogue.TABLE[1:-1].split(b" ")]
names = [name for name, _ in rows]
assert len(set(names)) == len(names) > 70
assert {letter for _, letter in rows} == set(catalogue.FAMILIES)
for letter in catalogue.FAMILIES:
    keys = [key for handlers in catalogue.FAMILIES[letter]() for key in handlers]
    assert len(set(keys)) == len(keys)
    handled = {key.rstrip(b"=?") for key in keys}
    assert handled == {name for name, its in rows if its == letter}, letter

units = Units(Memory())


def find(line):
    name, mark, rest = split(line)
    return catalogue.find(units, name, mark), rest


def code_of(line):
    try:
        find(line)
    except AtError as error:
        return error.code


for line, key, rest in (
    (b"AT", b"", None),
    (b"ATE0", b"E0", None),
    (b"AT+CWJAP", b"+CWJAP", None),
    (b"AT+CWJAP?", b"+CWJAP?", None),
    (b"AT+CWJAP=", b"+CWJAP=", b""),
    (b'AT+CWJAP=1,"?="', b"+CWJAP=", b'1,"?="'),
    (b"AT+HTTPCGET=?x", b"+HTTPCGET=", b"?x"),
):
    handler, found = find(line)
    assert found == rest, line
    every = [one for family in catalogue.FAMILIES.values() for one in family()]
    assert any(handlers.get(key) is handler for handlers in every), line

for code, lines in (
    (NO_AT, (b"at", b"At+X", b" AT", b"hello", b"A", b"")),
    (OP_ERROR, (b"AT+CWJAP=?", b"AT+CWJAP?1", b"AT+HTTPCGET", b"AT+HTTPCGET?", b"AT?")),
    (
        UNSUPPORTED,
        (b"ATE", b"AT ", b"AT+CWJAP ", b"AT+cwjap", b"AT+Y", b"AT+GMR +CMD?", b"AT+", b"AT+Y?"),
    ),
):
    for line in lines:
        assert code_of(line) == code, line
print("done")
