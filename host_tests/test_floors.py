"""A module imports only from floors below its own (design: firmware/espat/__init__.py)."""

import ast

import pytest

from espat_host.build.checkout import ROOT

ESPAT = ROOT / "firmware" / "espat"
FLOORS = {
    "__version__": -1,
    "build_info": 0,
    "pure": 0,
    "edges": 1,
    "services": 2,
    "commands": 3,
    "session": 4,
    "startup": 4,
    "app": 5,
    "run": 6,
}
PURE_MAY_IMPORT = {"espat", "collections"}
HARDWARE = {"machine", "network", "esp32", "socket", "ssl", "select", "_thread"}
MODULES = sorted(path for path in ESPAT.rglob("*.py") if path != ESPAT / "__init__.py")


def floor_of(module):
    """The floor of a dotted name below espat; the package itself is below all."""
    parts = module.split(".")
    return FLOORS[parts[1]] if len(parts) > 1 else -1


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = node.module or ""
            yield from (f"{prefix}.{name.name}" for name in node.names)


def name_of(path):
    return ".".join(("espat", *path.relative_to(ESPAT).with_suffix("").parts))


def test_there_are_modules():
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    own = name_of(path)
    floor = floor_of(own)
    for target in imports(path):
        if not target.startswith("espat"):
            continue
        same_room = target.split(".")[1:2] == own.split(".")[1:2]
        below = floor_of(target) < floor
        if floor == FLOORS["commands"] and not own.endswith("catalogue"):
            assert below, f"{own} imports {target}: families never import each other"
        assert below or same_room, f"{own} imports {target}, which is not below it"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_hardware_only_on_the_edges(path):
    floor = floor_of(name_of(path))
    used = {target.split(".")[0] for target in imports(path)}
    if floor == 0:
        assert used <= PURE_MAY_IMPORT
    elif 1 < floor < FLOORS["app"]:
        assert not used & HARDWARE


def test_what_starts_the_package_does_not_need_it():
    """An update replaces the package: the way back must work whatever has come."""
    starters = sorted(ESPAT.parent.glob("*.py"))
    assert {path.stem for path in starters} >= {"main", "espat_start", "espat_rescue"}
    used = {target for path in starters for target in imports(path)}
    assert {name for name in used if name.startswith("espat.")} == {"espat.run.run"}
