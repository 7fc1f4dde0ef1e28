"""Every dialogue in transcripts/, on the board under test."""

from pathlib import Path

import pytest

from espat_host.client.board import Board, quoted
from espat_host.dialogues import repertoire
from espat_host.dialogues.player import Player
from espat_host.dialogues.transcript import read_transcript
from espat_host.local_world.servers import Servers
from host_tests.conftest import Target


@pytest.mark.parametrize("path", repertoire.paths(), ids=lambda path: path.stem)
def test_transcript(path: Path, dut: Board, target: Target, servers: Servers) -> None:
    dut.ask("ATE1")
    # A simulated board finds these names in its world; a real one must be led here by address.
    hosts = repertoire.by_address(path, servers) if target.port else {}
    own_network = quoted(target.ssid) + b"," + quoted(target.password)
    player = Player(
        dut,
        files=repertoire.local_files(),
        replace={'"espressif","1234567890"': own_network.decode()},
    )
    player.play(read_transcript(path, hosts))
