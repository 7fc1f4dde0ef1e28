# The table of commands and the families' handlers say the same; and the error where there is none.

from espat.commands import catalogue
from espat.edges.memory import Memory
from espat.pure.args import split
from espat.pure.errors import NO_AT, OP_ERROR, UNSUPPORTED, AtError
from espat.services.units import Units

families = {}
for family, keys in catalogue.TABLE:
    assert keys[:1] == keys[-1:] == b" ", keys
    known = families.setdefault(family, [])
    known.extend(keys[1:-1].split(b" "))
assert len(families) > 8
every = [key for keys in families.values() for key in keys]
assert len(set(every)) == len(every) > 100
for family, keys in families.items():
    handled = [key for handlers in family() for key in handlers]
    assert sorted(handled) == sorted(keys), (family, set(handled) ^ set(keys))

names = [name for name, _ in catalogue.commands()]
assert len(set(names)) == len(names) == len({key.rstrip(b"=?") for key in every})
assert dict(catalogue.commands())[b"+CWJAP"] == (0, 1, 1, 1)
assert dict(catalogue.commands())[b"+HTTPCGET"] == (0, 0, 1, 0)

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
    assert any(handlers.get(key) is handler for family in families for handlers in family()), line

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
