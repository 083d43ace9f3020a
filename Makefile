# Needs Python 3.11 or newer, make, and a package registry to install from. Every path is relative, so that the
# checkout may lie in a folder with spaces in its name.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test soak fuzz bench lint types lock clean

VENV := .venv
RUN := $(VENV)/bin/python
# Apart, so that no test and no run ever sees the libraries that are measured beside ours.
BENCH := .venv-bench
INSTALL = $(RUN) -m pip install --quiet --no-input --disable-pip-version-check
# The package itself goes in as a link to this folder, so that the command `flushwatch` exists beside `python -m bot`.
INSTALL_SELF = $(INSTALL) --no-deps --no-build-isolation --editable .

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile

demo: $(VENV)/runtime.stamp ## Run the simulated market: cards in this terminal and on a page in the browser
	$(RUN) -m bot demo

# Commands that tests run are compiled once, not each time, whatever the shell says of compiled files.
unexport PYTHONDONTWRITEBYTECODE

# A file of tests is one worker's, since its tests share what it played; the longest come first (tests/conftest.py).
test: $(VENV)/test.stamp ## Run the tests, without the slow ones
	$(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not soak and not slow"

soak: $(VENV)/test.stamp ## Run the slow tests and those that take minutes
	$(RUN) -m pytest --hypothesis-profile thorough -m "slow or soak"

fuzz: $(VENV)/test.stamp ## Feed every parser a million spoilt inputs (over an hour; INPUTS=10000 is short)
	$(RUN) -m tests.market.venues.fuzz $(INPUTS) $(SEED)

bench: $(BENCH)/bench.stamp ## Measure what things cost on this machine, and beside ccxt and cryptofeed
	$(BENCH)/bin/python -m pytest --quiet tests/market/venues/test_against_ccxt.py
	$(BENCH)/bin/python -m tests.bench

lint: $(VENV)/test.stamp ## Check style and formatting
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check

types: $(VENV)/test.stamp ## Check types
	$(RUN) -m mypy

lock: ## Bring the locks in line with pyproject.toml (needs uv)
	$(LOCK) pyproject.toml --group build --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --group test --constraint requirements/runtime.txt --output-file requirements/test.txt
	cp requirements/test.txt requirements/bench.txt
	$(LOCK) pyproject.toml --group bench --output-file requirements/bench.txt

clean: ## Remove the virtual environment and everything built
	rm -rf $(VENV) $(BENCH) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find bot commands tests -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	--custom-compile-command "make lock"

INPUTS ?= 1000000
SEED ?= $(shell date +%Y%m%d)

# The first Python that is new enough, unless one is given: make demo PYTHON=/path/to/python
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

$(VENV)/bin/python $(BENCH)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Flushwatch needs Python 3.11 or newer. Name one like this: make demo PYTHON=python3.12" >&2; exit 1; }
	"$(PYTHON)" -m venv $(@:/bin/python=)

$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Flushwatch needs to run (once, a minute or two)"
	$(INSTALL) --require-hashes --requirement requirements/runtime.txt
	$(INSTALL_SELF)
	@touch $@

# The test lock holds everything of the runtime lock in the same versions, so this one serves both stamps.
$(VENV)/test.stamp: requirements/test.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Flushwatch needs to run and to be tested (once, a minute or two)"
	$(INSTALL) --require-hashes --requirement requirements/test.txt
	$(INSTALL_SELF)
	@touch $(VENV)/runtime.stamp $@

# What is measured is what runs: the bench lock begins as the test lock, and differs where ccxt asks for exact versions.
$(BENCH)/bench.stamp: RUN := $(BENCH)/bin/python
$(BENCH)/bench.stamp: requirements/bench.txt pyproject.toml | $(BENCH)/bin/python
	@echo "Installing what Flushwatch is measured beside (once, a minute or two)"
	$(INSTALL) --require-hashes --requirement requirements/bench.txt
	$(INSTALL_SELF)
	@touch $@
