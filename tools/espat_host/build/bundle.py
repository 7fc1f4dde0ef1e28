"""The units that come and go, in one file: a board gets few files, and looks among few.

A line of names, each with the place where its .mpy begins behind that line, " flash:0 mode:5488 ";
and then those, one behind the other. MicroPython reads of a .mpy what belongs to it, and no more:
espat_start opens the file and goes to that place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

PATH = "espat/units.pack"


def bundled(modules: Mapping[str, bytes], apart: Collection[str]) -> dict[str, bytes]:
    """The files of a package: those called `apart` as they are, all others in one. `modules`: by
    path, "espat/mode.mpy"."""
    index, units = " ", b""
    files = {}
    for path, data in modules.items():
        name = path.rpartition("/")[2].removesuffix(".mpy")
        if name in apart:
            files[path] = data
        else:
            index += f"{name}:{len(units)} "
            units += data
    return files | {PATH: f"{index}\n".encode() + units}


def parts(bundle: bytes) -> dict[str, bytes]:
    """The units of such a file, by their names."""
    index, _, units = bundle.partition(b"\n")
    rows = [row.rpartition(b":") for row in index.split()]
    places = [int(place) for _, _, place in rows]
    spans = zip(places, [*places[1:], len(units)], strict=False)
    return {
        name.decode(): units[slice(*span)] for (name, _, _), span in zip(rows, spans, strict=False)
    }
