"""Every dialogue in transcripts/, on the board under test."""

from pathlib import Path

import pytest

from conftest import Target
from espat_host import dialogues
from espat_host.board import Board, quoted
from espat_host.player import Player
from espat_host.servers import Servers
from espat_host.transcript import read_transcript


@pytest.mark.parametrize("path", dialogues.paths(), ids=lambda path: path.stem)
def test_transcript(path: Path, dut: Board, target: Target, servers: Servers) -> None:
    dut.ask("ATE1")
    # A simulated board finds these names in its world; a real one must be led here by address.
    hosts = dialogues.by_address(path, servers) if target.port else {}
    own_network = quoted(target.ssid) + b"," + quoted(target.password)
    player = Player(
        dut,
        files=dialogues.local_files(),
        replace={'"espressif","1234567890"': own_network.decode()},
    )
    player.play(read_transcript(path, hosts))
