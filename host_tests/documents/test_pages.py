"""Every page is played: its commands are typed, its dialogues held, and what comes is what it
shows."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from espat_host.build.checkout import ROOT
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.documents import pages, stage
from host_tests.documents.stage import Stage

pytestmark = pytest.mark.sim_only

PLAYED = {page: [block for block in pages.blocks(page) if block.played] for page in pages.names()}
Setting = Callable[[Servers, Path], AbstractContextManager[Stage]]
# Pages that need a board of their own.
SETTINGS: dict[str, Setting] = {
    "docs/certificates.md": stage.checking,
    "docs/install.md": stage.bare,
    "docs/update.md": stage.updating,
}
# What is in the source folder, for pages that name it.
SOURCES = ("boards", "firmware", "host_tests")


@pytest.fixture(scope="session")
def shared(servers: Servers) -> Iterator[SimBoard]:
    with stage.shared(servers) as board:
        yield board


@pytest.mark.parametrize("page", [page for page, blocks in PLAYED.items() if blocks])
def test_a_page(
    page: str,
    servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    for name in SOURCES:
        (folder / name).symlink_to(ROOT / name)
    (folder / "ca.pem").write_bytes(servers.authority.root_pem)
    setting = SETTINGS.get(page)
    if setting is None:
        board = request.getfixturevalue("shared")
        play(stage.on(board, folder), page, monkeypatch)
    else:
        with setting(servers, folder) as own:
            play(own, page, monkeypatch)


def play(where: Stage, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where.apply(monkeypatch)
    with closing(where.shell()) as shell:
        for block in PLAYED[page]:
            (shell if block.language == "console" else where).play(block)


def test_there_are_programs() -> None:
    programs = [one for blocks in PLAYED.values() for one in blocks if one.language == "python"]
    assert len(programs) >= 9
