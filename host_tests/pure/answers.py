"""Answers of HTTP servers, made and mutated: the same ones for the same seed.

The first of each kind of part is the usual one."""

import random
from collections.abc import Iterator

VERSIONS = [
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/1.0",
    b"HTTP/1.2",
    b"HTTP/1.9",
    b"HTTP/2.0",
    b"HTTP/0.9",
    b"http/1.1",
    b"ICY",
]
STATUSES = [b"200", b"204", b"205", b"206", b"304", b"404", b"500", b"599"]
STATUSES += [b"600", b"999", b"301", b"099", b"000", b"20", b"2000", b"2x0", b"101"]
REASONS = [b" OK"] * 20 + [
    b"",
    b" ",
    b"  Two blanks",
    b" \xfcml\xe4ut",
    b" a\x00b",
    b" a\rb",
    b" \t",
]
INFORMATIONAL = [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 X\r\nLink: <a>\r\n\r\n"]
FIELDS = [
    b"Server: x",
    b"Server:x",
    b"Set-Cookie: a=b;\r\n\tpath=/",
    b"X-Folded:\r\n  one\r\n\ttwo  ",
    b"X-Folded: one\r\n \r\n two",
    b"X-Empty:",
    b"X-Blanks: \t  ",
    b"X-Tabs:\tv\t",
    b"X-Latin: \xe4\xf6",
    b"X-Control: \x01\x1b[0m",
    b"X-Delete: \x7f",
    b"X-Nul: a\x00b",
    b"X-Bare: a\rb",
    b"X-Twice: a\r",
    b"X Y: 1",
    b"X-Before : 1",
    b"X-Tab\t: 1",
    b"X@Y: 1",
    b"X\xe4: 1",
    b": none",
    b"no colon",
    b" folded first",
    b"X-Long: " + b"x" * 3000,
    b"X-Longer: " + b"y" * 9000,
    b"z" * 3000 + b": 1",
    b"Location: http://elsewhere/",
    b"Keep-Alive: timeout=5, max=100",
    b"Trailer: X-Sum",
    b"Content-Type: text/html;\r\n charset=utf-8",
]
CONNECTION = [
    b"Connection: close",
    b"Connection: keep-alive",
    b"connection: Keep-Alive, Upgrade",
    b"Connection: close, keep-alive",
    b"Connection: keep-alive\r\nConnection: close",
    b"Connection: close\r\nConnection: keep-alive",
    b"Connection:\r\n close",
    b"Connection: upgrade",
]
CODINGS = [
    b"Transfer-Encoding: chunked",
    b"transfer-encoding: Chunked",
    b"Transfer-Encoding:chunked ",
    b"Transfer-Encoding:\r\n chunked",
    b"Transfer-Encoding: chunked\t",
    b"Transfer-Encoding: chunked\r\n ",
    b"Transfer-Encoding: chunked,",
    b"Transfer-Encoding: , chunked",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked, gzip",
    b"Transfer-Encoding: gzip",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding: chunkedx",
    b"Transfer-Encoding: chunked;q=1",
    b'Transfer-Encoding: "chunked"',
    b"Transfer-Encoding: chu\r\n nked",
    b"Transfer-Encoding: ",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding: identity",
    b"Transfer-Encoding: Identity ",
]
LENGTHS = [
    b"Content-Length: %d",
    b"content-length:%d",
    b"Content-Length:\t%d ",
    b"Content-Length: 000%d",
    b"Content-Length: %020d",
    b"Content-Length: %025d",
    b"Content-Length:\r\n %d",
    b"Content-Length: %d\r\n ",
    b"Content-Length: %d\r\n 1",
    b"Content-Length: +%d",
    b"Content-Length: -%d",
    b"Content-Length: 0x%d",
    b"Content-Length: %d, %d",
    b"Content-Length: %d,%d",
    b"Content-Length: %d,",
    b"Content-Length: %d, 7",
    b"Content-Length: %d\r\nContent-Length: %d",
    b"Content-Length: %d\r\nX: y\r\ncontent-length: 0%d",
    b"Content-Length: %d\r\nContent-Length: 7",
    b"Content-Length: %d 7",
    b"Content-Length: %d.0",
    b"Content-Length: %d\r",
    b"Content-Length: ",
    b"Content-Length : %d",
    b"Content-Length: %d\r\nTransfer-Encoding: identity",
    b"Content-Length: %d\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: %d",
    b"Transfer-Encoding: identity\r\nContent-Length: %d",
]
SIZES = [b"%x", b"%X", b"000%x", b"%016x", b"%018x", b"%025x", b"%x ", b"%x\t", b" %x"]
SIZES += [b"0x%x", b"+%x", b"-%x", b"%x\x0b", b""]
EXTENSIONS = [
    b"",
    b";a=b",
    b";",
    b" ; a = b",
    b';q="x y"',
    b';q="\\""',
    b";a\nb",
    b";a\rb",
    b" x",
    b",x",
    b";" + b"e" * 1500,
]
ENDS = [b"\r\n", b"\n", b"\r", b"\r\r\n", b""]
TRAILERS = [
    b"",
    b"X-Sum: 1\r\n",
    b"X-Sum: 1\r\nMore: 2\r\n",
    b"X-Sum: 1\r\n folded\r\n",
    b"Content-Length: 3\r\n",
    b"garbage\r\n",
    b"X-Sum: 1\n",
    b"X: a\rb\r\n",
    b"X-Sum: " + b"t" * 5000 + b"\r\n",
]
BODIES = [b"", b"x", b"hello", b"hello world", b"AT\r\n\r\n", b"0\r\n\r\n", b"\x00\xff" * 40]
BEHIND = [b"", b"\r\n", b"AT\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"]
BEFORE = [b"", b"\r\n", b"\n", b"\r\n\r\n", b" ", b"\x00"]
# What mutations write into an answer.
PIECES = [b"\r", b"\n", b"\r\n", b" ", b"\t", b"\x00", b":", b",", b";", b"0", b"5", b"x", b"\x80"]
PIECES += [b"\x0b", b"\x7f", b"\r\n ", b"\r\n\t", b"\n ", b"\r\n\r\n", b"chunked", b"identity"]


def answers(count: int, seed: int) -> Iterator[tuple[bytes, bytes]]:
    """So many (method, answer)."""
    dice = random.Random(seed)
    for _ in range(count):
        answer = Maker(dice, dice.choice([0.02, 0.05, 0.1, 0.3])).answer()
        for _ in range(dice.choice([0, 0, 0, 1, 2])):
            answer = mutate(dice, answer)
        yield b"HEAD" if dice.random() < 0.1 else b"GET", answer


class Maker:
    """Puts an answer together; `odds`: how likely a part is an unusual one."""

    def __init__(self, dice: random.Random, odds: float) -> None:
        self.dice = dice
        self.odds = odds

    def pick(self, parts: list[bytes]) -> bytes:
        """One of them."""
        return self.dice.choice(parts) if self.dice.random() < self.odds else parts[0]

    def answer(self) -> bytes:
        """Head and body, and what may stand before and behind them."""
        dice = self.dice
        end = b"\n" if dice.random() < self.odds else b"\r\n"
        fields = [dice.choice(FIELDS) for _ in range(4) if dice.random() < self.odds]
        if dice.random() < 0.25:
            fields.append(dice.choice(CONNECTION))
        body = dice.choice(BODIES)
        kind = dice.random()
        if kind < 0.4:
            length = self.pick(LENGTHS)
            fields.append(length % ((len(body),) * length.count(b"%")))
        elif kind < 0.85:
            fields.append(self.pick(CODINGS))
            if dice.random() > self.odds:
                body = self.chunks(body)
        dice.shuffle(fields)
        status = self.pick(VERSIONS) + b" " + self.pick(STATUSES) + self.pick(REASONS)
        head = end.join([status, *fields]) + end + self.pick(ENDS)
        first = dice.choice(INFORMATIONAL) if dice.random() < 0.1 else b""
        return first + self.pick(BEFORE) + head + body + self.pick(BEHIND)

    def chunks(self, body: bytes) -> bytes:
        """The body in chunks."""
        out, at = b"", 0
        while at < len(body):
            piece = body[at : at + self.dice.choice([1, 3, 10, 100])]
            out += self.size(len(piece)) + piece + self.pick(ENDS)
            at += len(piece)
        return out + self.size(0) + self.pick(TRAILERS) + self.pick(ENDS)

    def size(self, size: int) -> bytes:
        """The line before a chunk."""
        form = self.pick(SIZES)
        written = form % size if form else form
        return written + self.pick(EXTENSIONS) + self.pick(ENDS)


def mutate(dice: random.Random, answer: bytes) -> bytes:
    """The answer with one place of it changed, left out, doubled or cut off."""
    at = dice.randrange(len(answer) + 1)
    to = min(len(answer), at + dice.choice([1, 1, 2, 5]))
    kind = dice.random()
    if kind < 0.4:
        return answer[:at] + dice.choice(PIECES) + answer[at:]
    if kind < 0.6:
        return answer[:at] + dice.choice(PIECES) + answer[to:]
    if kind < 0.8:
        return answer[:at] + answer[to:]
    if kind < 0.95:
        return answer[:to] + answer[at:]
    return answer[:at]
