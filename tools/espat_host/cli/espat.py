"""The `espat` command."""

import click

from espat_host.cli.boundary import Commands
from espat_host.cli.on_demand import OnDemand
from espat_host.reference import completion

# The module in which each command is; it is loaded when the command is asked for.
MODULES = {
    "boards": "boards",
    "delete": "http.commands",
    "demo": "show",
    "deploy": "deploy",
    "flash": "flash",
    "generate": "boards",
    "get": "http.commands",
    "head": "http.commands",
    "package": "package",
    "play": "play",
    "ports": "ports",
    "post": "http.commands",
    "put": "http.commands",
    "sim": "sim",
    "size": "show",
    "term": "term",
    "traceback": "traceback",
    "wifi": "wifi",
}


@click.group(
    cls=Commands,
    commands=OnDemand(MODULES),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="espat")
def main() -> None:
    """An ESP-AT compatible HTTP modem in MicroPython: run it, watch it, talk to it."""


@main.command("help")
@click.argument("command", nargs=-1, shell_complete=completion.commands)
@click.pass_context
def help_command(context: click.Context, command: tuple[str, ...]) -> None:
    """Show the help of a command: `espat help get`, `espat help wifi join`."""
    shown: click.Command = main
    above = context.find_root()
    for word in command:
        found = shown.get_command(above, word) if isinstance(shown, click.Group) else None
        if found is None:
            raise click.UsageError(
                f"there is no command {above.command_path} {word}; `espat help` lists them",
            )
        shown, above = found, click.Context(found, parent=above, info_name=word)
    click.echo(shown.get_help(above))
