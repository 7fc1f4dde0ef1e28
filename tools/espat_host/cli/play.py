"""`espat play FILE`: a transcript on a board, byte for byte."""

from pathlib import Path

import click
from rich.console import Console

from espat_host.cli.exit_codes import READ, CommandFault, exit_code
from espat_host.cli.options import BoardOptions, board_options, opened
from espat_host.client.board import BoardError
from espat_host.dialogues import demo, repertoire
from espat_host.dialogues.player import Player
from espat_host.dialogues.transcript import TranscriptError, read_transcript


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@board_options
def play(options: BoardOptions, file: Path) -> None:
    """Play a dialogue on a board and compare every byte of its answers.

    --ssid and --password stand for the transcript's "espressif" and "1234567890"."""
    try:
        transcript = read_transcript(file)
        with opened(options) as board:
            # A transcript meets a board as it comes from the factory: it echoes, and tells no code.
            board.ask("AT+SYSLOG=0")
            board.ask("ATE1")
            screen = demo.Screen(Console(highlight=False, soft_wrap=True), pause=False)
            screen.title(transcript.title)
            files = repertoire.local_files() if options.sim else {}
            player = Player(board, files=files, replace=_network(options), watcher=screen)
            player.play(transcript)
    except TranscriptError as error:
        raise CommandFault(READ, str(error)) from error
    except BoardError as error:
        # The evidence may hold the board's echo of a password.
        sentence = str(error).replace(options.password, "***") if options.password else str(error)
        raise CommandFault(exit_code(error), sentence) from error


def _network(options: BoardOptions) -> dict[str, str]:
    if options.ssid is None:
        return {}
    written = '"{ssid}","{password}"'.format(**repertoire.ACCESS_POINT)
    return {written: f'"{options.ssid}","{options.password or ""}"'}


COMMANDS = (play,)
