# Two commands do everything on a fresh machine: make run, make test. Windows and macOS: pip install . && gan-studio

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=
unexport PYTHONDONTWRITEBYTECODE  # else every process compiles the program again
INJURED := tests/end2end/test_leaving_for_good.py tests/end2end/test_crash_report.py tests/end2end/test_faults.py \
	tests/end2end/test_going_back.py tests/end2end/test_observing.py tests/ui/test_qt_warnings.py

.DEFAULT_GOAL := help
.PHONY: help run test test-slow test-measuring soak check shots bench gpu clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1\t/p' Makefile

run: $(VENV)/installed  ## make the environment, install, open the window (ARGS="--run DIR")
	$(PY) tools/preflight.py qt
	$(PY) -m gan_studio $(ARGS)

# A crashed worker is not replaced, because pytest-xdist 3.8 then waits for ever (its issue 1323).
PYTEST := QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart=0

test: $(VENV)/installed-dev  ## the same environment, then the tests in two processes, without a screen (ARGS="tests/ui -k plot")
	$(PY) tools/preflight.py qt --platform offscreen
	$(PYTEST) -m "not slow" --ignore tests/measuring $(ARGS)

test-slow: $(VENV)/installed-dev  ## the tests that `make test` leaves out as too slow: further cases of what it tests
	$(PY) tools/preflight.py qt --platform offscreen
	$(PYTEST) -m slow --ignore tests/measuring $(ARGS)

test-measuring: $(VENV)/installed-dev  ## the tests of the programs that measure (benchmarks/, gan-studio bench)
	$(PY) tools/preflight.py qt --platform offscreen
	$(PYTEST) tests/measuring $(ARGS)

soak: $(VENV)/installed-dev  ## inject every fault (most of an hour); write docs/reliability.md (ARGS="-k kills": its rows)
	$(PY) tools/preflight.py qt --platform offscreen
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest --soak --timeout 5400 -o faulthandler_timeout=0 tests/reliability $(INJURED) $(ARGS)

check: $(VENV)/installed-dev  ## lint, format, types, layers
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q tests/test_architecture.py

shots: $(VENV)/installed-dev  ## draw the screenshots under docs/images again
	$(PY) tools/preflight.py qt --platform offscreen
	$(PY) docs/make_screenshots.py $(ARGS)

bench: $(VENV)/installed-dev  ## measure speed and latency; prints ratios
	$(PY) benchmarks/run_all.py $(ARGS)

gpu:  ## measure on a CUDA device: needs torch and numpy, no environment, no Qt, no network
	$(PYTHON) benchmarks/gpu.py $(ARGS)

clean:  ## remove the environment and every cache
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installing runs again only when pyproject.toml changed.
$(VENV)/created:
	$(PYTHON) tools/preflight.py python
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: pyproject.toml $(VENV)/created
	$(PY) -m pip install -e .
	$(PY) -m compileall -q gan_studio
	touch $@

$(VENV)/installed-dev: pyproject.toml $(VENV)/created
	$(PY) -m pip install -e ".[dev]"
	touch $(VENV)/installed $@
