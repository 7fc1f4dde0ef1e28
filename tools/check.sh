#!/bin/sh
# What `make check` runs: format, lint, spelling, types on the host; boards, types and syntax on the chip.
# Names each step, goes on after a failure so that one run shows all, and ends with their count.
failed=0

step() {
    echo "== $1"
    shift
    "$@" || failed=$((failed + 1))
}

# Types as every chip with a board has them. Each has a cache of its own, so that only what has
# changed is looked at again.
type_firmware() {
    chips=$(espat boards chips) || return 1
    echo "$chips" | {
        wrong=0
        while read -r chip arch stubs; do
            printf '%s: ' "$chip"
            MYPYPATH="$CHIP_STUBS/$chip" mypy --config-file tools/firmware_types.ini \
                --cache-dir ".mypy_cache/firmware-$chip" ||
                { echo "  that was with $stubs, for the $chip" >&2; wrong=1; }
        done
        return "$wrong"
    }
}

# Both kinds of file exist only on the chip's side; MicroPython's own compiler knows its syntax.
# The chips' architectures matter to native code alone, which this compiles too if there is any.
compile_firmware() {
    arches=$(espat boards chips | cut -d ' ' -f 2 | sort -u)
    [ -n "$arches" ] || return 1
    for arch in $arches; do
        find firmware boards -name '*.py' ! -name 'manifest.py' -print | while read -r file; do
            mpy-cross "-march=$arch" -o /dev/null "$file" || exit 1
        done || return 1
    done
}

step "format" ruff format --check .
step "lint" ruff check .
step "spelling" codespell
step "types: host" mypy
step "boards" espat boards check
step "types: firmware against every chip's stubs" type_firmware
step "syntax: MicroPython" compile_firmware

[ "$failed" -eq 0 ] || echo "$failed of the checks failed" >&2
[ "$failed" -eq 0 ]
