"""The options that say which board the tests are for.

A plugin and not part of conftest.py: pytest must know them before it looks for the tests, or it
takes the port of `--port /dev/ttyUSB0` for a folder with tests. It looks for its configuration
even before that, so `host_tests` or `--config-file pyproject.toml` has to be there as well.
"""

import os
import socket

import pytest

DOCUMENTATION_NET = "192.0.2.1"  # RFC 5737: nobody has it, so it is reached by the default route


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("board", "the board under test")
    group.addoption("--port", help="serial port of a real board; without it a simulated one boots")
    group.addoption(
        "--ssid",
        default=os.environ.get("ESPAT_SSID", "espressif"),
        help="the network it joins (default: ESPAT_SSID)",
    )
    group.addoption(
        "--password",
        default=os.environ.get("ESPAT_PASSWORD", "1234567890"),
        help="and its password (default: ESPAT_PASSWORD, which no list of processes shows)",
    )
    group.addoption(
        "--host-address",
        help="this PC's address, as the board reaches it (default: that of the default route)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--port"):
        return
    if not config.inipath:
        raise pytest.UsageError("with --port name the tests too: pytest host_tests --port ...")
    if not config.getoption("--host-address"):
        config.option.host_address = _own_address()


def _own_address() -> str:
    """The address from which this PC talks to others. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((DOCUMENTATION_NET, 9))
        except OSError as error:
            message = f"--port needs --host-address: this PC has no route to others ({error})"
            raise pytest.UsageError(message) from error
        return str(probe.getsockname()[0])
