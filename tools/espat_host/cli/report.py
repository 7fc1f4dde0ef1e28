"""What a person asks for on the command line, and what the answer to it is."""

from dataclasses import dataclass, field
from pathlib import Path

from espat_host.cli.exit_codes import OK, exit_code
from espat_host.cli.ranges import Range
from espat_host.client.board import AtCommandError, HttpStatusError
from espat_host.client.http_lines import DEFAULT_TIMEOUT


@dataclass(frozen=True)
class HttpOptions:
    """What the command line says about the request."""

    method: str
    url: str
    output: Path | None = None
    headers: tuple[tuple[str, str], ...] = ()
    data: bytes | Path | None = None
    timeout: float = DEFAULT_TIMEOUT
    fail: bool = False
    json: bool = False
    range: Range | None = None
    resume: bool = False
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@dataclass
class Report:
    """What --json prints."""

    method: str
    url: str
    bytes: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    exit_code: int = OK
    code: str | None = None
    status: int | None = None
    reason: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def add(self, error: BaseException) -> None:
        """What went wrong."""
        self.exit_code = exit_code(error)
        self.reason = str(error)
        if isinstance(error, AtCommandError):
            self.reason = error.reason
            self.code = None if error.code is None else f"0x{error.code:08x}"
        if isinstance(error, HttpStatusError):
            self.status = error.status
