"""The figures as a table for the eye."""

from __future__ import annotations

from rich.table import Table

from espat_host.bench.figures import Figure, Results


def table(results: Results) -> Table:
    """All of them, group by group."""
    made = Table(title="quick: too short to judge by" if results.quick else None)
    made.add_column("figure")
    for name in ("espat", "unit"):
        made.add_column(name, justify="right")
    made.add_column("against")
    for name in ("theirs", "ratio", "target"):
        made.add_column(name, justify="right")
    made.add_column("")
    group = ""
    for figure in results.figures:
        if figure.group != group:
            group = figure.group
            made.add_section()
            made.add_row(f"[bold]{group}")
        made.add_row(*cells(figure), verdict(figure))
    return made


def cells(figure: Figure) -> tuple[str, ...]:
    """One row, without the verdict."""
    return (
        figure.name,
        number(figure.value),
        figure.unit,
        figure.against,
        number(figure.rival),
        number(figure.ratio),
        target(figure),
    )


def verdict(figure: Figure) -> str:
    """pass, MISSED, a note, or nothing."""
    word = {True: "pass", False: "MISSED", None: ""}[figure.passed]
    return f"{word}; {figure.note}" if word and figure.note else word or figure.note


def target(figure: Figure) -> str:
    """Such as ">= 0.70"."""
    if figure.target is None:
        return ""
    return f"{'<=' if figure.most else '>='} {number(figure.target)}"


def number(value: float | None) -> str:
    """Three digits, or none if there is nothing."""
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"
