# The pure modules inside MicroPython: the cases that CPython's tests run through, too.

import cases
from espat.pure import url
from espat.pure.args import parse
from espat.pure.body import Incomplete, body_of
from espat.pure.errors import AtError
from espat.pure.head import Malformed, ResponseHead
from espat.pure.lines import LineAssembler
from espat.pure.request import BadHeader, split_header


def refused(error, function, *args):
    try:
        function(*args)
    except error as caught:
        return caught
    raise AssertionError("%s took %r" % (function, args))


def same(got, wanted, case):
    assert got == wanted, "%r gave %r, not %r" % (case, got, wanted)


def arguments():
    for text, values in cases.ARGS:
        same(parse(text), values, text)
    for text, code in cases.ARGS_ERRORS:
        same(refused(AtError, parse, text).code, code, text)


def split_lines(data, step):
    assembler, lines = LineAssembler(cases.LINE_LIMIT), []
    for start in range(0, len(data), step):
        piece, at = bytearray(data[start : start + step]), 0
        while at < len(piece):
            at = assembler.feed(piece, at, len(piece))
            if assembler.done:
                lines.append(assembler.take())
    return lines


def lines():
    for data, wanted in cases.LINES:
        for step in cases.STEPS:
            same(split_lines(data, step), wanted, data)


def urls():
    for text, tls, host, port, target, authority in cases.URLS:
        found = url.parse(text)
        got = found.tls, found.host, found.port, found.target, found.authority()
        same(got, (tls, host, port, target, authority), text)
    for text in cases.BAD_URLS:
        refused(url.BadUrl, url.parse, text)
    for text in cases.BAD_HEADERS:
        refused(BadHeader, split_header, text)


def read(data, step):
    head = ResponseHead()
    cases.read_head(head, [cases.OK, cases.CHUNKED])
    return cases.read_body(body_of(head, b"GET"), data, step)


def responses():
    for lines, fields, meaning in cases.HEADS:
        head = ResponseHead()
        same(cases.read_head(head, lines), fields, lines)
        same((head.status, head.length, head.chunked, bool(head.keep_alive)), meaning, lines)
    for lines in cases.BAD_HEADS:
        refused(Malformed, cases.read_head, ResponseHead(), lines)
    for step in cases.STEPS:
        for data in cases.HELLO_CHUNKS:
            same(read(data + b"AT\r\n", step), (b"hello world", b"AT\r\n"), data)
        for data in cases.BAD_CHUNKS:
            refused(Malformed, read, data, step)
        for cut in range(len(cases.HELLO_CHUNKS[0])):
            refused(Incomplete, read, cases.HELLO_CHUNKS[0][:cut], step)


for run in (arguments, lines, urls, responses):
    run()
print("done")
