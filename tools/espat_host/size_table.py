"""The numbers of `espat size` for the eye."""

from rich.console import Console
from rich.table import Table

from .size import BUDGET, Sizes


def show(sizes: Sizes) -> None:
    """Print all of them."""
    console = Console()
    table = Table("What", "Bytes", title="Firmware on the 64-bit simulated board")
    table.columns[1].justify = "right"
    for what, number in (
        ("source, lines", sizes.lines),
        (".mpy, all modules, in flash", sizes.mpy),
        ("buffers", sizes.buffers),
        ("after import", sizes.imported),
        ("worst moment of the boot", sizes.boot_peak),
        (f"ready (budget {BUDGET:,})", sizes.ready),
        (f"after all HTTP commands (budget {BUDGET:,})", sizes.after),
    ):
        table.add_row(what, f"{number:,}")
    console.print(table)
    table = Table("Command", "Plain", "TLS", title=f"Most live bytes (budget {BUDGET:,})")
    for column in table.columns[1:]:
        column.justify = "right"
    for peak in sizes.peaks:
        tls = "" if peak.tls is None else f"{peak.tls:,}"
        table.add_row(peak.command, f"{peak.plain:,}", tls)
    console.print(table)
