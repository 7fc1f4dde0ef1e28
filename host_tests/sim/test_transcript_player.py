"""Transcripts: the format, and that the player lets nothing pass that the file does not say."""

from pathlib import Path

import pytest

from espat_host.client.board import Board, BoardError
from espat_host.dialogues.player import Player
from espat_host.dialogues.transcript import (
    Transcript,
    TranscriptError,
    difference,
    line_matches,
    read_transcript,
)
from host_tests.client.fake_board import FakeBoard


def transcript(tmp_path: Path, text: str) -> Transcript:
    path = tmp_path / "case.at"
    path.write_text(text)
    return read_transcript(path)


def play(tmp_path: Path, text: str, *replies: bytes, **options: object) -> Player:
    with FakeBoard(*replies) as fake, Board(fake.port, timeout=0.5) as board:
        player = Player(board, **options)  # type: ignore[arg-type]
        player.play(transcript(tmp_path, text))
        return player


CHUNKS = "> AT+X\n<chunks +HTTPCLIENT max=8 {checks}>\n<\n< OK\n"
BODY = b"AT+X\r\n+HTTPCLIENT:8,\r\nOK\r\n{}\r\n+HTTPCLIENT:2,zz\r\n\r\nOK\r\n"


def test_echo_prompt_and_restart(tmp_path: Path) -> None:
    quiet = "> ATE0\n<\n< OK\n> AT+D\n<\n< OK\n<\n<prompt>\n>> a\n"
    text = quiet + "> AT+RST\n<\n< ready\n> AT\n<\n< OK\n"
    replies = (
        b"ATE0\r\n\r\nOK\r\n",
        b"\r\nOK\r\n\r\n>",
        b"\r\nready\r\n",
        b"AT\r\n\r\nOK\r\n",
    )
    assert play(tmp_path, text, *replies).tally.commands == 4


@pytest.mark.parametrize("checks", ["size=10", "starts=0d0a4f", "file=body", "file=unknown"])
def test_body_is_taken_by_its_number(tmp_path: Path, checks: str) -> None:
    files = {"body": b"\r\nOK\r\n{}zz"}
    play(tmp_path, CHUNKS.format(checks=checks), BODY, files=files)


@pytest.mark.parametrize(
    ("checks", "fault"),
    [("size=9", "10 bytes"), ("starts=00", "starts with"), ("file=body", "not the body")],
)
def test_wrong_body_is_told(tmp_path: Path, checks: str, fault: str) -> None:
    with pytest.raises(BoardError, match=fault):
        play(tmp_path, CHUNKS.format(checks=checks), BODY, files={"body": b"other"})


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"\r\nERROR\r\n", "expected the line 'OK'"),
        (b"\r\nOK\r\nWIFI DISCONNECT\r\n", "WIFI DISCONNECT"),
        (b"\r\nOK\r\n\n", "silence"),
        (b"OK\r\n", "expected the line ''"),
        (b"\r\nOK\r", "waited 0.5 s"),
    ],
)
def test_every_byte_counts(tmp_path: Path, answer: bytes, fault: str) -> None:
    with pytest.raises(BoardError, match=fault):
        play(tmp_path, "> AT\n<\n< OK\n", b"AT\r\n" + answer)


def test_chunk_above_its_maximum_is_told(tmp_path: Path) -> None:
    with pytest.raises(BoardError, match="1 to 4 bytes"):
        play(tmp_path, "> AT+X\n<chunks +HTTPCLIENT max=4>\n<\n< OK\n", BODY)


def test_lines_in_any_order(tmp_path: Path) -> None:
    text = "> AT\n<any order>\n< +H:{len}, a: {text}\n< b\n<in order>\n< OK\n"
    play(tmp_path, text, b"AT\r\nb\r\n+H:7, a: 1234\r\nOK\r\n")
    with pytest.raises(BoardError, match="expected one of"):
        play(tmp_path, text, b"AT\r\nb\r\nb\r\n+H:7, a: 1234\r\nOK\r\n")


@pytest.mark.parametrize(
    ("pattern", "line", "matches"),
    [
        ("+X:{int}", b"+X:-12", True),
        ("+X:{int}", b"+X:1a", False),
        ("{text}", b"", True),
        ("+H:{len}, a: {text}", b"+H:4, a: b", True),
        ("+H:{len}, a: {text}", b"+H:5, a: b", False),
        ("+H:{len},{text}", b"+H:3,a b", True),
        ("a.c", b"abc", False),
        ('{"int"}', b'{"int"}', True),
    ],
)
def test_wildcards(pattern: str, line: bytes, matches: bool) -> None:
    assert line_matches(pattern, line) is matches


def test_json_subset() -> None:
    actual = {"a": {"b": "Root=1"}, "c": {}, "d": [1]}
    assert difference({"a": {"b": "Root={text}"}, "c": {}}, actual) is None
    assert difference({"a": {}}, actual) == "body.a is {'b': 'Root=1'}, expected {}"
    assert difference({"a": {"x": 1}}, actual) == "body.a has no 'x'"
    assert difference({"d": [2]}, actual) == "body.d is [1], expected [2]"


@pytest.mark.parametrize(
    "text",
    ["AT", "< {word}", "<any order>\n< a", "<chunks +X>", "<chunks +X max=1 size>", ">>hex 0g"],
)
def test_faults_in_a_transcript_are_told_with_their_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(TranscriptError, match=r"case\.at:2"):
        transcript(tmp_path, "# Title\n" + text + "\n")
