"""`espat demo`, `espat size`: what the firmware does, and what it takes."""

import click

from espat_host.bench import size as size_module
from espat_host.bench import size_table
from espat_host.bench.size import SizeError
from espat_host.client.board import BoardError
from espat_host.console.waiting import waiting
from espat_host.dialogues import demo as demo_module
from espat_host.local_world.servers import ServerError
from espat_host.sim import SimError


@click.command()
@click.option("--fast", is_flag=True, help="Without pauses, and the port at full speed.")
def demo(fast: bool) -> None:
    """Play ESP-AT's HTTP dialogues on a simulated board, against servers on this PC."""
    try:
        demo_module.run(fast=fast)
    except (BoardError, ServerError, SimError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
def size() -> None:
    """Weigh the firmware on a simulated board; fails above the budget (docs/memory.md)."""
    try:
        with waiting("weighing the firmware"):
            sizes = size_module.measure()
    except (BoardError, ServerError, SimError, SizeError) as error:
        raise click.ClickException(str(error)) from error
    size_table.show(sizes)
    if over := sizes.over_budget():
        raise click.ClickException("; ".join(over))


COMMANDS = (demo, size)
