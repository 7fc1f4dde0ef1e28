"""A module imports only from below its own place: on the firmware's floors
(firmware/espat/__init__.py), in the wings of the PC side and in the folders of the tests, both of
which CONTRIBUTING.md has from the ground up."""

import ast
import re

import pytest

from espat_host.build.checkout import ROOT

ESPAT = ROOT / "firmware" / "espat"
TOOLS = ROOT / "tools" / "espat_host"
TESTS = ROOT / "host_tests"
UNITS = {
    "access_point",
    "addresses",
    "config",
    "download",
    "files",
    "filter",
    "filters",
    "flash",
    "journey",
    "links",
    "listen",
    "mode",
    "passthrough",
    "request",
    "server",
    "settings",
    "sntp",
    "socket",
    "start",
    "station",
    "system",
    "tls",
    "udp",
    "update",
}
FLOORS = {
    "__version__": -1,
    "build_info": 0,
    "pure": 0,
    "edges": 1,
    "services": 2,
    "commands": 3,
    "session": 4,
    **dict.fromkeys(UNITS, 4),
    "app": 5,
    "run": 6,
}
PURE_MAY_IMPORT = {"espat", "binascii", "collections"}
HARDWARE = {"machine", "network", "esp32", "socket", "ssl", "select", "_thread"}
WINGS = (
    "client",
    "build",
    "boards",
    "sim",
    "local_world",
    "dialogues",
    "bench",
    "console",
    "term",
    "reference",
    "cli",
)
# Beside the wings: what `from espat_host import` finds, and what pytest loads.
DOORS = {"__init__", "own_test_options", "pytest_options"}
TEST_FOLDERS = (
    "pure",
    "client",
    "build",
    "boards",
    "sim",
    "bench",
    "any_board",
    "sim_only",
    "cli",
    "term",
    "documents",
    "installed",
)
IN_MICROPYTHON = {"device", "sim_scripts"}
MOST_MODULES = 20


def packages(top):
    """Every folder in which CPython finds modules."""
    return sorted(path.parent for path in top.rglob("__init__.py"))


def modules(top):
    return sorted(path for folder in packages(top) for path in folder.glob("*.py"))


MODULES = sorted(path for path in ESPAT.rglob("*.py") if path != ESPAT / "__init__.py")
HOST_MODULES, TEST_MODULES = modules(TOOLS), modules(TESTS)


def floor_of(module):
    """The floor of a dotted name below espat; the package itself is below all."""
    parts = module.split(".")
    return FLOORS[parts[1]] if len(parts) > 1 else -1


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            yield from (f"{prefix}.{name.name}" for name in node.names)


def name_of(path):
    return ".".join(("espat", *path.relative_to(ESPAT).with_suffix("").parts))


def inside(folder):
    """The path below `folder` as an id."""
    return lambda path: str(path.relative_to(folder))


def test_there_are_modules():
    assert len(MODULES) > 20
    assert len(HOST_MODULES) > 80
    assert len(TEST_MODULES) > 80


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


@pytest.mark.parametrize("path", HOST_MODULES, ids=inside(TOOLS))
def test_wings_point_down(path):
    own = path.relative_to(TOOLS).parts[0]
    for target in imports(path):
        package, *names = target.split(".")
        assert package, f"{own} imports {target}: write it in full"
        if package == "espat":
            assert names[0] == "pure", f"{own} imports {target}: a PC has only the pure floor"
        if package == "espat_host" and own in WINGS:
            assert names[0] in WINGS, f"{own} imports {target}: doors are for those outside"
            below = WINGS.index(names[0]) <= WINGS.index(own)
            assert below, f"{own} imports {target}, which is above it"


@pytest.mark.parametrize("path", TEST_MODULES, ids=inside(TESTS))
def test_tests_point_down(path):
    own = path.relative_to(TESTS).parts[0]
    own = "sim" if own == "conftest.py" else own  # the stage of all the others
    for target in imports(path):
        package, *names = target.split(".")
        assert package, f"{own} imports {target}: write it in full"
        if package == "host_tests" and names[0] != "conftest":
            below = TEST_FOLDERS.index(names[0]) <= TEST_FOLDERS.index(own)
            assert below, f"{own} imports {target}, which is above it"
            shared = not any(name.startswith("test_") for name in names[:-1])
            assert shared, f"{own} imports {target}: what tests share is in modules of its own"


def test_every_wing_has_its_place():
    assert {path.name for path in TOOLS.iterdir() if (path / "__init__.py").exists()} == {*WINGS}
    assert {path.stem for path in TOOLS.glob("*.py")} == DOORS
    project = (ROOT / "pyproject.toml").read_text()
    names = [".".join(path.relative_to(TOOLS.parent).parts) for path in packages(TOOLS)]
    assert [name for name in names if f'"{name}",' not in project] == []


def test_every_test_has_its_place():
    folders = {path.name for path in TESTS.iterdir() if any(path.glob("*.py"))}
    assert folders == {*TEST_FOLDERS, *IN_MICROPYTHON}
    assert {path.stem for path in TESTS.glob("*.py")} == {"__init__", "conftest", "test_floors"}


def test_the_maps_show_every_folder():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    shown = re.findall(r"^\| `(\w+)/`", text, re.MULTILINE)
    assert shown == [*WINGS, *TEST_FOLDERS]


def test_the_paths_on_the_maps_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    paths = set(re.findall(r"\b\w+(?:/\w+)+\.py\b", text))
    places = (ROOT, ESPAT, TOOLS)
    assert {path for path in paths if not any((top / path).exists() for top in places)} == set()
    assert len(paths) > 20


@pytest.mark.parametrize("top", [TOOLS, TESTS], ids=lambda path: path.name)
def test_no_folder_is_too_full(top):
    folders = {path.parent for path in top.rglob("*.py")}
    counts = {str(path): len({*path.glob("*.py")} - {path / "__init__.py"}) for path in folders}
    assert {path: n for path, n in counts.items() if n > MOST_MODULES} == {}


@pytest.mark.parametrize("folder", packages(TOOLS) + packages(TESTS), ids=inside(ROOT))
def test_every_folder_says_what_it_is_for(folder):
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
