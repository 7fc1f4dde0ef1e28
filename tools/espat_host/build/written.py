"""Files in the repository that are made from others: which of them are due, and writing them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from espat_host.build.checkout import ROOT


@dataclass(frozen=True)
class Made:
    """Paths below the root with their text, and the folders that hold nothing else."""

    texts: dict[Path, str]
    folders: tuple[Path, ...]


def stale(made: Made, root: Path = ROOT) -> list[Path]:
    """The files that are missing, not as they should be, or left over."""
    there = {
        path.relative_to(root) for folder in made.folders for path in (root / folder).glob("*")
    }
    changed = [path for path, text in made.texts.items() if _text(root / path) != text]
    return sorted({*changed, *(there - set(made.texts))})


def write(made: Made, root: Path = ROOT) -> list[Path]:
    """Bring all of them up to date; returns what has changed."""
    changed = stale(made, root)
    for path in changed:
        if path in made.texts:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(made.texts[path], encoding="utf-8")
        else:
            (root / path).unlink()
    return changed


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None
