"""One HTTP request for a person or a script: what the commands of http.py do."""

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from espat.pure import errors, reasons
from espat_host.cli.exit_codes import OK, RANGE, READ, CommandFault
from espat_host.cli.http.attempts import GIVEN_UP, Deadline, attempt, is_transient
from espat_host.cli.http.certificates import certificates
from espat_host.cli.http.outputs import Nowhere, Part, Stdout, kept_of, to_path
from espat_host.cli.http.ranges import CHANGED, Continuation, Range, RangeCheck, check_status
from espat_host.cli.http.report import HttpOptions, Report
from espat_host.cli.options import BoardOptions, online
from espat_host.client.board import AtCommandError, Board, BoardError, Head, HttpStatusError
from espat_host.client.http.headers import header_lines
from espat_host.client.http.sources import blocks
from espat_host.client.http_lines import MOST_REDIRECTS, BadRequest, Request, plan
from espat_host.console.progress import Bar, among_output, seen
from espat_host.console.waiting import Waiting

NOT_SATISFIABLE = 416
UNKNOWN = "the server does not tell the size, so nothing can be continued"
# After these what came is the begin of the body, and no error page.
BROKEN = {GIVEN_UP} | {
    errors.EXEC_FAIL | reason
    for reason in (reasons.INCOMPLETE, reasons.READ_TIMEOUT, reasons.CLOSED, reasons.NO_WIFI)
}


def perform(options: HttpOptions, where: BoardOptions) -> Report:
    """Do it. What a board, a server, a network or a disk does wrong is in the report."""
    report = Report(options.method, options.url)
    where = replace(where, silent=options.silent)
    deadline = Deadline(options.max_time)
    try:
        # What cannot be sent is told before a board is looked for.
        headers = header_lines(options.headers)
        plan(Request(options.method, options.url, headers, None, options.timeout))
        with online(where) as board, deadline.ends(board), certificates(board, options, where):

            def run(last: bool) -> None:
                _Run(board, options, where.talks, report, deadline, last=last).run()

            attempt(run, board, options.retry, report, silent=options.silent)
    except (BoardError, BadRequest) as error:
        report.add(deadline.explained(error))
    if report.exit_code != OK and options.method == "GET" and options.output is not None:
        report.kept = kept_of(options.output)
    return report


class _Run:
    """One request on a board that is online. `last`: it is not tried again."""

    def __init__(
        self,
        board: Board,
        options: HttpOptions,
        talks: bool,
        report: Report,
        deadline: Deadline,
        *,
        last: bool,
    ) -> None:
        self._board, self._options, self._report, self._last = board, options, report, last
        to_terminal = not (options.output or options.json) and among_output()
        self._sending_shown = talks and seen()
        self._receiving_shown = self._sending_shown and not to_terminal
        self._deadline, self._word, self._target = deadline, Waiting(shown=talks), Nowhere()

    def run(self) -> None:
        started = time.monotonic()
        try:
            self._word.begin("waiting for the server")
            self._run()
        finally:
            self._word.end()
            self._report.seconds = round(time.monotonic() - started, 3)
            if self._report.seconds:
                self._report.rate = round(self._report.bytes / self._report.seconds, 1)

    def _run(self) -> None:
        if self._options.method == "HEAD":
            self._head()
        elif self._options.resume:
            self._resume()
        else:
            self._transfer()

    def _head(self) -> None:
        with self._status_as_an_answer():
            limit = self._deadline.of_request(self._board)
            answer = self._board.http("HEAD", self._options.url, max_time=limit, **self._common())
            self._report.tell(answer)
            self._show_head(Head(answer.status, None, answer.headers))

    def _show_head(self, head: Head) -> None:
        output = self._output()
        self._word.end()
        output.write(head.text(self._options.include).encode("latin-1"))
        output.complete()

    def _transfer(self) -> None:
        chosen = self._options.range
        told = self._board.has_http_extensions()
        size = self._size() if chosen or (self._receiving_shown and not told) else None
        self._target = output = self._output()
        check = RangeCheck(output, chosen, size) if chosen else None
        with self._kept_or_not(output):
            total = chosen.length(size)[0] if chosen else size
            self._load(check or output, self._bar(total), chosen)
            if check is not None:
                check.finish()
        output.complete()

    def _before_the_body(self, chosen: Range | None, bar: Bar, head: Head) -> None:
        check_status(chosen, head.status)
        bar.expect(head.length)
        if self._options.include:
            self._word.end()
            self._target.write(head.text(True).encode("latin-1") + b"\n")

    def _resume(self) -> None:
        assert self._options.output is not None
        output = Part(self._options.output, resume=True)
        with self._kept_or_not(output):
            size = self._size()
            if size is None or output.size > size:
                raise CommandFault(RANGE, UNKNOWN if size is None else CHANGED.format(output.part))
            if output.size < size:
                rest = Continuation(output, size)
                chosen = rest.wanted if output.size else None
                self._load(rest, self._bar(size, done=rest.wanted.first or 0), chosen)
                rest.finish()
        output.complete()

    def _bar(self, total: int | None, *, done: int = 0) -> Bar:
        return Bar(self._options.method, shown=self._receiving_shown, total=total, done=done)

    def _load(self, target: Any, bar: Bar, chosen: Range | None) -> None:
        """The request, with its body in target.write()."""
        with ExitStack() as stack:
            stack.callback(bar.stop)

            def take(data: bytes) -> None:
                self._word.end()
                target.write(data)
                self._report.bytes += len(data)
                bar.advance(len(data))

            common = self._common() | {"max_time": self._deadline.of_request(self._board)}
            if chosen:
                common["headers"].append(("Range", f"bytes={chosen}"))
            if self._options.include or self._board.has_http_extensions():
                common["on_head"] = partial(self._before_the_body, chosen, bar)
            data, length = self._data(stack)
            if data and length:
                data = self._shown(data, length)
            method, url = self._options.method, self._options.url
            answer = self._board.http(method, url, data, length=length, sink=take, **common)
            self._report.tell(answer)

    def _data(self, stack: ExitStack) -> tuple[Iterable[bytes] | None, int | None]:
        data = self._options.data
        if data is None:
            return None, None
        if not isinstance(data, Path):
            return (data,), len(data)
        try:
            file = stack.enter_context(data.open("rb"))
            return blocks(file), data.stat().st_size
        except OSError as error:
            raise CommandFault(READ, f"{data} cannot be read: {error.strerror}") from error

    def _shown(self, pieces: Iterable[bytes], length: int) -> Iterator[bytes]:
        bar = Bar("sending", shown=self._sending_shown, total=length)
        try:
            for piece in bar.through(pieces):
                self._word.end()
                yield piece
        finally:
            bar.stop()
        self._word.begin("waiting for the server's answer")

    def _size(self) -> int | None:
        """What a HEAD says; a server that does not want to say has not failed yet."""
        if self._options.method != "GET":
            return None
        try:
            return self._board.size(self._options.url, **self._common())
        except AtCommandError:
            return None

    def _common(self) -> dict[str, Any]:
        return {
            "headers": list(self._options.headers),
            "timeout": self._options.timeout,
            "redirects": MOST_REDIRECTS if self._options.location else None,
        }

    def _output(self) -> Nowhere:
        if self._options.output is not None:
            return to_path(self._options.output)
        if self._options.json:
            return Nowhere()
        held = self._options.fail or not self._last
        return Stdout(held=held, anything=self._options.anything)

    @contextmanager
    def _kept_or_not(self, output: Nowhere) -> Iterator[None]:
        """End the output as it should be when the request does not succeed."""
        try:
            with self._status_as_an_answer():
                yield
        except HttpStatusError as error:
            output.give_up(keep=False)
            if error.status == NOT_SATISFIABLE and (self._options.resume or self._options.range):
                raise CommandFault(RANGE, "the server has no such range") from error
            raise
        except AtCommandError as error:
            output.give_up(keep=error.code in BROKEN)
            raise
        except CommandFault as error:
            output.give_up(keep=error.exit_code != RANGE)
            raise
        except (BoardError, BadRequest, OSError, KeyboardInterrupt):
            output.give_up(keep=True)
            raise

    @contextmanager
    def _status_as_an_answer(self) -> Iterator[None]:
        """As curl has it: an error status is no failure, unless --fail says so."""
        try:
            yield
        except HttpStatusError as error:
            whole = not (self._options.resume or self._options.range)
            repeated = is_transient(error) and not self._last
            if self._options.fail or not whole or repeated:
                raise
            self._report.add(error)
            self._report.exit_code = OK
            if self._options.method == "HEAD":
                self._show_head(Head(error.status, None, error.headers))
