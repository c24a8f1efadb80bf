# Targets a person types; each is safe to repeat. Packages are installed with pip into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export KETNOI_HOME ?= var

.DEFAULT_GOAL := help
.PHONY: help setup demo test check unit bench eval-encoder eval-identity eval-understanding eval-restorer eval-documents eval-scans bench-events simulate-events clean fuzz crash-service bench-service experiments quality figures calibration exposure

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
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: setup  ## format, lint, types and import direction
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

unit: setup  ## unit tests alone, in seconds
	@$(BIN)/python -m pytest -q tests/unit

eval-encoder: setup  ## how well the encoder finds passages (needs ../shared)
	@$(BIN)/python -m training.retrieval ../shared/data/public/xquad_vi_en --cache-dir $(KETNOI_HOME)/models

eval-identity: setup  ## who is who: merges and proposals, held out by party (needs ../shared)
	@$(BIN)/python -m data.identity.measure ../shared/data/vn

eval-understanding: setup  ## precision by language and way of writing; then `make quality`
	@$(BIN)/python -m training.understanding --home $(KETNOI_HOME) --keep

eval-restorer: setup  ## accuracy and speed of the tone restorer (needs ../shared)
	@$(BIN)/python -m training.restorer_measure

simulate-events: setup  ## days of made-up events with no-shows, and their chart, ten minutes
	@$(BIN)/python -m training.simulation --figure docs/figures/events-simulation.svg

eval-documents: setup  ## accuracy on 1,000 made lists, some minutes
	@$(BIN)/python -m pytest -q -m benchmark -s tests/benchmark/test_documents_benchmark.py

eval-scans: setup  ## accuracy on made scans, if Tesseract is installed, ten minutes
	@$(BIN)/python -m pytest -q -m benchmark -s tests/benchmark/test_scans_benchmark.py

bench-events: setup  ## the figures of docs/events.md, some minutes
	@$(BIN)/python -m pytest -q -m benchmark -s tests/benchmark/test_schedule_benchmark.py

experiments: setup  ## measure anew what docs/quality.md says (needs ../shared, 15 minutes)
	@$(BIN)/ketnoi experiment training/experiments/*.toml

quality: setup  ## write tables and figures of docs/quality.md from kept results
	@$(BIN)/python -m training.experiments.pages
	@$(BIN)/python -m training.experiments.figures

figures: setup  ## draw the figures of docs/quality.md from kept results
	@$(BIN)/python -m training.experiments.figures

fuzz: setup  ## requests made up from the API's description, as each role, on both databases
	@$(BIN)/python -m tests.support.fuzz --cases $(or $(CASES),100)
	@$(BIN)/python -m tests.support.fuzz --cases $(or $(CASES),100) --database postgresql

crash-service: setup  ## kill the service 50 times under write load, on both databases
	@$(BIN)/python -m tests.support.crash --runs $(or $(RUNS),50)
	@$(BIN)/python -m tests.support.crash --runs $(or $(RUNS),50) --database postgresql

bench-service: setup  ## 200 clients for a minute, an import of 10,000 rows, costs: docs/performance.md
	@$(BIN)/python -m pytest -q -m benchmark tests/benchmark/test_service_benchmark.py -s

calibration: setup  ## learn how sure the shipped rule is; fill docs/sureness.md
	@$(BIN)/python -m training.house --home $(KETNOI_HOME)

exposure: setup  ## what caps cost and change; fill docs/exposure.md
	@$(BIN)/python -m training.exposure --home $(KETNOI_HOME)

bench: setup  ## benchmarks: ratios and figures for docs/
	@$(BIN)/python -m pytest -q -m benchmark tests/benchmark -s

clean:  ## remove the environment and caches; data in var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
