"""The file of units: each is found in it, on the board as on the PC."""

from espat_host.build import bundle, firmware

MODULES = {
    "espat/app.mpy": b"M1",
    "espat/flash.mpy": b"M\n2",
    "espat/mode.mpy": b"",
    "espat/x.mpy": b"4",
}


def test_what_is_bundled_is_found_again() -> None:
    files = bundle.bundled(MODULES, ["app"])
    assert files == {"espat/app.mpy": b"M1", bundle.PATH: b" flash:0 mode:3 x:3 \nM\n24"}
    assert bundle.parts(files[bundle.PATH]) == {"flash": b"M\n2", "mode": b"", "x": b"4"}
    assert bundle.parts(b"") == {}


def test_the_firmware_is_the_same_in_fewer_files() -> None:
    package, modules = firmware.package(), firmware.unit_files()
    units = {
        f"espat/{name}.mpy": data for name, data in bundle.parts(package.pop(bundle.PATH)).items()
    }
    assert package | units == modules
    assert set(package) == {f"espat/{name}.mpy" for name in ("run", "session", "app")}
