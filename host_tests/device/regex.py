# The matcher of AT+SYSMSGFILTER inside MicroPython: same matches and errors as under CPython, and
# no expression of 64 bytes that takes the C stack or for ever.

import time

import regex_cases as cases
from espat.pure.regex import Regex
from espat.pure.regex_program import BadRegex
from espat.pure.regex_syntax import compiled

for expression, flags, text, wanted in cases.MATCHES:
    found = Regex(*compiled(expression, flags)).search(text)
    assert found == wanted, (expression, flags, text, found)

for expression, flags in cases.BAD:
    try:
        Regex(*compiled(expression, flags))
    except BadRegex:
        continue
    raise AssertionError(expression)

for expression, flags in cases.SLOW:
    begin = time.ticks_ms()
    assert Regex(*compiled(expression, flags)).search(b"a" * 512) is None, expression
    assert time.ticks_diff(time.ticks_ms(), begin) < 15000, expression

print("done")
