"""What a person asks for on the command line, and what the answer to it is."""

from dataclasses import dataclass, field
from pathlib import Path

from espat_host.cli.exit_codes import OK, exit_code
from espat_host.cli.http.ranges import Range
from espat_host.client.board import Answer, AtCommandError, HttpStatusError
from espat_host.client.http_lines import DEFAULT_TIMEOUT


@dataclass(frozen=True)
class HttpOptions:
    """What the command line says about the request. `anything`: also binary data may go to a
    terminal."""

    method: str
    url: str
    output: Path | None = None
    anything: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    data: bytes | Path | None = None
    timeout: float = DEFAULT_TIMEOUT
    max_time: float | None = None
    retry: int = 0
    fail: bool = False
    silent: bool = False
    json: bool = False
    range: Range | None = None
    resume: bool = False
    location: bool = False
    include: bool = False
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@dataclass
class Report:
    """What --json prints. `kept`: what stays of a download that broke; headers come as often as the
    server has sent them. Original ESP-AT tells no status below 400, and headers of HEAD alone."""

    method: str
    url: str
    bytes: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    exit_code: int = OK
    code: str | None = None
    status: int | None = None
    reason: str | None = None
    kept: str | None = None
    headers: dict[str, list[str]] = field(default_factory=dict)
    redirects: list[dict[str, int | str]] = field(default_factory=list)

    def tell(self, answer: Answer) -> None:
        """What has come."""
        self.status = answer.status
        self._keep(answer.headers)
        self.redirects = [{"status": status, "url": url} for status, url in answer.hops]

    def add(self, error: BaseException) -> None:
        """What went wrong."""
        self.exit_code = exit_code(error)
        self.reason = str(error).splitlines()[0]  # behind it is evidence, which -v has shown
        if isinstance(error, AtCommandError):
            self.reason = error.reason
            self.code = None if error.code is None else f"0x{error.code:08x}"
        if isinstance(error, HttpStatusError):
            self.status = error.status
            self._keep(error.headers)

    def _keep(self, fields: list[tuple[str, str]]) -> None:
        self.headers = {}
        for key, value in fields:
            self.headers.setdefault(key, []).append(value)
