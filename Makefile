# Targets a person types; each is safe to repeat. Packages are installed with pip into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export KETNOI_HOME ?= var

.DEFAULT_GOAL := help
.PHONY: help setup demo test check unit bench eval-encoder eval-understanding eval-restorer bench-events clean

help:  ## show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

setup: $(READY)  ## environment in .venv with everything installed

# torch first, alone and pinned: a range would bring the build for graphics cards.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Ketnoi needs Python 3.11 or newer; this is $$($(PYTHON) --version). Set PYTHON=python3.11."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "No environment could be made; on Debian and Ubuntu install python3-venv first."; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup  ## load the sample, build the index, print shortlists with reasons
	@$(BIN)/ketnoi demo

test: setup check  ## checks and all tests but the benchmarks
	@$(BIN)/python -m pytest -q

check: setup  ## format, lint, types and import direction
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

unit: setup  ## unit tests alone, in seconds
	@$(BIN)/python -m pytest -q tests/unit

eval-encoder: setup  ## how well the encoder finds passages (needs ../shared)
	@$(BIN)/python -m training.retrieval ../shared/data/public/xquad_vi_en --cache-dir $(KETNOI_HOME)/models

eval-understanding: setup  ## precision by language and way of writing
	@$(BIN)/python -m training.understanding

eval-restorer: setup  ## accuracy and speed of the tone restorer (needs ../shared)
	@$(BIN)/python -m training.restorer_measure

bench-events: setup  ## the figures of docs/events.md, some minutes
	@$(BIN)/python -m pytest -q -m benchmark -s tests/benchmark/test_schedule_benchmark.py

bench: setup  ## benchmarks: ratios and figures for docs/
	@$(BIN)/python -m pytest -q -m benchmark tests/benchmark -s

clean:  ## remove the environment and caches; data in var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
