"""The command behind `make bench`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from espat_host.bench import (
    cost,
    document,
    growth,
    instructions,
    latency,
    links,
    plot,
    streaming,
    wire,
)
from espat_host.bench.figures import Results, from_dict
from espat_host.bench.report import table
from espat_host.bench.server import Server
from espat_host.bench.stage import REST, on, set_up
from espat_host.build.checkout import ROOT, SourcesNeeded, need_sources
from espat_host.client.board import BoardError
from espat_host.sim import SimError

LAST = ROOT / ".cache" / "bench.json"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Under a minute; too short to judge by.")
@click.option("--strict", is_flag=True, help="End with status 1 if a target is missed.")
@click.option(
    "--json",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default=LAST,
    help="Where the figures go.  [default: .cache/bench.json]",
)
@click.option("--docs", is_flag=True, help="Write docs/benchmarks.md and its plot.")
@click.option("--again", is_flag=True, help="Do not measure: show what the JSON file holds.")
def main(quick: bool, strict: bool, target: Path, docs: bool, again: bool) -> None:
    """Measure the firmware on a simulated board beside bare loops on another."""
    console = Console()
    try:
        need_sources("the benchmark")
        results = _read(target) if again else _measure(console, quick)
    except (BoardError, SimError, SourcesNeeded) as error:
        raise click.ClickException(str(error)) from error
    if not again:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(results.as_dict(), indent=1) + "\n")
    console.print(table(results))
    console.print(f"figures: {target}")
    if docs:
        document.write(results, ROOT / "docs" / "benchmarks.md")
        plot.draw(results, ROOT / "docs" / "images" / "benchmarks.png")
    if strict and results.missed:
        console.print(f"{len(results.missed)} targets missed")
        sys.exit(1)


def _measure(console: Console, quick: bool) -> Results:
    with on(REST):
        return _figures(console, quick)


def _figures(console: Console, quick: bool) -> Results:
    results = Results(quick)
    with set_up() as stage:
        console.print("Streaming ...", style="dim")
        results.figures += streaming.measure(stage, quick)
        results.figures += streaming.with_reports(stage, quick)
        console.print("Links ...", style="dim")
        results.figures += links.measure(stage, quick)
        console.print("Latency ...", style="dim")
        results.figures += latency.measure(stage, quick)
        boot = cost.boot_time(stage, quick)
    with Server() as server:
        console.print("The wire ...", style="dim")
        results.figures += wire.measure(server, quick)
        console.print("Cost ...", style="dim")
        results.figures += [boot, *cost.measure(server, quick)]
        results.figures += instructions.measure(server, quick)
        console.print("Growth ...", style="dim")
        results.growth = growth.measure(server, quick)
        results.figures += growth.summary(results.growth)
    return results


def _read(path: Path) -> Results:
    try:
        return from_dict(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = f"{path} holds no figures ({error}); measure first, without --again"
        raise click.ClickException(sentence) from error


if __name__ == "__main__":
    main()
