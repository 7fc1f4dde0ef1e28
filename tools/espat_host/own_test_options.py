"""The options of this project's own tests: those of the plugin by shorter names, and one more.

pyproject.toml loads it, with all options, and it is no part of conftest.py: pytest must know them
before it looks for the tests, or it takes the port of `--port /dev/ttyUSB0` for a folder with
tests. It looks for its configuration even before that, so `host_tests` or `--config-file
pyproject.toml` has to be there as well.
"""

import socket

import pytest

from espat_host.pytest_options import add_options

DOCUMENTATION_NET = "192.0.2.1"  # RFC 5737: nobody has it, so it is reached by the default route


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser, "")
    parser.getgroup("espat").addoption(
        "--host-address",
        help="this PC's address, as the board reaches it (default: that of the default route)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("espat_port"):
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
