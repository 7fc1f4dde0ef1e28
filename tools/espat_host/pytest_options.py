"""The options that say which board the tests are for.

A plugin and not part of conftest.py: pytest must know them before it looks for the tests, or it
takes the port of `--port /dev/ttyUSB0` for a folder with tests. It looks for its configuration
even before that, so `host_tests` or `--config-file pyproject.toml` has to be there as well.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("board", "the board under test")
    group.addoption("--port", help="serial port of a real board; without it a simulated one boots")
    group.addoption("--ssid", default="espressif", help="the network it joins")
    group.addoption("--password", default="1234567890", help="and its password")
    group.addoption("--host-address", help="this PC's address, as the board reaches it")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--port") and not config.inipath:
        raise pytest.UsageError("with --port name the tests too: pytest host_tests --port ...")
    if config.getoption("--port") and not config.getoption("--host-address"):
        raise pytest.UsageError("--port needs --host-address: how does the board reach this PC?")
