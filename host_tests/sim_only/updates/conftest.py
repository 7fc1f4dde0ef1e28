"""What the tests of updates share beside the fixtures for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.build.updates import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A web server for the files that a test puts into it."""
    folder = tmp_path / "site"
    folder.mkdir()
    with Site(folder) as running:
        yield running
