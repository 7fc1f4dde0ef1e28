"""To wait for what another thread or process does."""

import time
from collections.abc import Callable

PATIENCE = 30.0


def wait_until(
    condition: Callable[[], bool], what: str = "what is waited for", limit: float = PATIENCE
) -> None:
    """Look again and again; fail after `limit` seconds."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, f"{what} has not come in {limit:g} s"
        time.sleep(0.01)
