# Two commands matter: `make run` and `make test`. PYTHON=python3.12 picks another interpreter.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: run test setup check models clean

run: setup ## the demo station, page at http://127.0.0.1:8080
	@$(BIN)/fieldstation demo

test: setup ## every test
	@$(BIN)/python -m pytest -q

setup: $(STAMP) ## the environment alone

$(STAMP): pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: apt install python3 (Debian 12 has 3.11)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "venv is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[dev]'
	@touch $@

check: setup ## all gates, before a commit
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/gates

models: setup ## train the shipped models again, from our own simulated seasons (deterministic)
	$(BIN)/python -m fieldstation.season.train --out fieldstation/learning/models

clean: ## everything that setup and tools made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
