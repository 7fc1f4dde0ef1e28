"""Every dialogue in transcripts/, on the board under test."""

from pathlib import Path

import pytest

from conftest import Target
from espat_host import dialogues
from espat_host.board import Board
from espat_host.player import Player
from espat_host.transcript import read_transcript


@pytest.mark.parametrize("path", dialogues.paths(), ids=lambda path: path.stem)
def test_transcript(path: Path, dut: Board, target: Target) -> None:
    dut.ask("ATE1")
    # A real board asks the real servers, whose picture is another one.
    files = {} if target.port else dialogues.local_files()
    own_network = f'"{target.ssid}","{target.password}"'
    player = Player(dut, files=files, replace={'"espressif","1234567890"': own_network})
    player.play(read_transcript(path))
