# Everything from a fresh clone, with Python 3.11 or newer and make. `make help` lists the targets.
PYTHON ?= python3
PORT ?= 8000
KILLS ?= 40
EXAMPLES ?= 30
BIN := .venv/bin
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

.venv/run.done: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Outcomes needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=python3.11.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the service needs (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

# The bench's scripts are tests of the engine too, and they need what the bench needs.
.venv/test.done: requirements/test.txt .venv/bench.done
	@echo "Installing what the tests need (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/test.txt
	@touch $@

.venv/bench.done: requirements/bench.txt .venv/run.done
	@echo "Installing what the benchmarks need (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/bench.txt
	@touch $@

demo: .venv/run.done ## set up, load invented data (once), serve on http://127.0.0.1:8000 (PORT=… to change)
	@sh tools/demo.sh $(BIN) $(PORT)

test: .venv/test.done ## every test, on SQLite and PostgreSQL, and in a browser where Chromium is found
	@sh tools/test.sh $(BIN)

bench: .venv/bench.done ## the benchmarks, as ratios measured in one run; writes instance/bench.json
	$(BIN)/python -m bench

test-crash: .venv/test.done ## kill -9 the service 40 times on each database while eight clients write (minutes; KILLS=…)
	@$(BIN)/python -m tests.drills.crash --kills $(KILLS)

test-matrix: .venv/test.done ## every address, role and relationship, on both databases (some minutes)
	$(BIN)/python -m pytest -n 2 -m matrix

test-api: .venv/test.done ## made-up requests at length, some 25,000 (EXAMPLES=… good and bad ones for each operation and role)
	OUTCOMES_API_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 2 --show-capture=stdout -rP tests/api/test_generated.py

check: .venv/test.done ## format, lint, import floors, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/architecture

clean: ## remove what was installed and built; keeps instance/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

.PHONY: help demo test test-crash test-matrix test-api bench check clean
