"""How every command ends: with a number, one sentence if something is wrong, and no traceback."""

import errno
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from espat_host.cli.exit_codes import INTERRUPTED, READ, WRITE, CommandFault, exit_code
from espat_host.client.faults import BoardError
from espat_host.console.signals import last_word, leave_on_signals
from espat_host.console.streams import StdinFault, forget_stdout, take_closed_places

FAILED = 1
# What a write to a stream may fail with; other errors have the name of a file.
_STREAM_ERRORS = {errno.EPIPE, errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG, errno.EDQUOT}


class Commands(click.Group):
    """The commands of `espat`. What they do not handle themselves becomes a sentence here; a fault
    of this program still shows its traceback."""

    def main(self, *arguments: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run = partial(super().main, *arguments, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        take_closed_places()
        leave_on_signals()
        sys.exit(_ended(run))

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt as interrupt:
            # click would say "Aborted!", after an empty line.
            raise CommandFault(INTERRUPTED, "interrupted") from interrupt


def _ended(run: Callable[[], object]) -> int:
    """The exit code, after the sentence."""
    try:
        status = run()
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        last_word(_sentence(error))
        return error.exit_code
    except (BoardError, click.Abort, StdinFault, OSError) as error:
        fault = _fault(error)
        last_word(f"espat: {str(fault).splitlines()[0]}")
        return fault.exit_code


def _sentence(error: click.ClickException) -> str:
    """What was wrong, and where help is."""
    context = getattr(error, "ctx", None)
    if context is None:
        return f"espat: {error.format_message()}"  # behind the sentence may be a board's traceback
    text = error.format_message().rstrip(".").replace("\n", " ")
    path = context.command_path
    return f"{path}: {text[:1].lower()}{text[1:]} (see `{path} --help`)"


def _fault(error: Exception) -> CommandFault:
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, StdinFault):
        return CommandFault(READ, str(error))
    if isinstance(error, click.Abort):
        return CommandFault(INTERRUPTED, "interrupted")
    return CommandFault(exit_code(error), str(error))


def _of_system(error: OSError) -> CommandFault:
    """What the system refuses."""
    why = error.strerror or str(error)
    if error.filename is not None:
        return CommandFault(FAILED, f"{os.fsdecode(error.filename)}: {why}")
    if error.errno in _STREAM_ERRORS:
        forget_stdout()
        return CommandFault(WRITE, f"standard output cannot be written: {why}")
    if isinstance(error, FileNotFoundError):  # tempfile, which has looked in several places
        why = f"{why}; set TMPDIR to a folder that can be written"
    return CommandFault(FAILED, why)
