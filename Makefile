# Two commands matter: `make run` and `make test`. PYTHON=python3.12 picks another interpreter.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
BENCH := .venv-bench
FOUR := -n 4 --dist loadscope --no-loadscope-reorder
PURE := $(foreach room,agronomy binding config policies safety wire,fieldstation/$(room) tests/$(room)) fieldstation/domain tests/guard tests/learning tests/shape
PAGE := web/hatch_build.py web/package-lock.json $(shell find web/src -type f)

.PHONY: run fast test coverage setup page check bench bench-slice models clean

run: setup ## the demo station, page at http://127.0.0.1:8080; ARGS=--fresh begins anew
	@$(BIN)/fieldstation demo $(ARGS)

test: setup ## every test, four at a time: many wait for real processes
	@$(BIN)/python -m pytest -q $(FOUR)

fast: setup ## the pure rooms, without a process, in under 15 seconds
	@$(BIN)/python -m pytest -q -n 2 -m "not slow" $(PURE)

coverage: setup ## which lines and branches of the pure rooms `make fast` reaches; fails below the floor
	@$(BIN)/python -m pytest -q -n 2 -m "not slow" --cov --cov-report=term $(PURE)

setup: $(STAMP) ## the environment alone

$(STAMP): pyproject.toml .ci/constraints.txt $(PAGE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: apt install python3 (Debian 12 has 3.11)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "venv is missing: apt install python3-venv"; exit 1; }
	@echo "Setting up the environment: a few minutes"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[dev]'
	@test -f fieldstation/page/built/built.json || echo "The page's script could not be built: pages stand still until they are loaded again. With network: make page"
	@touch $@

page: $(STAMP) ## the page's style and script again, after a build without network
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .

check: setup ## all gates, before a commit
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/gates

bench: $(BENCH)/.ready ## the referee: every rule over the same seasons of AquaCrop and two further models
	$(BENCH)/bin/python -m tests.benchmarks.decisions

bench-slice: $(BENCH)/.ready ## a few of its seasons; fails when ours falls behind the tuned bucket
	$(BENCH)/bin/python -m tests.benchmarks.decisions --slice

models: $(BENCH)/.ready ## train the shipped models again (deterministic; about half an hour on two cores)
	$(BENCH)/bin/python -m tests.benchmarks.decisions.gather build/rows.npz
	$(BENCH)/bin/python -m tests.benchmarks.decisions.train --only soil --rows build/rows.npz --out fieldstation/learning/models --also-left build/left
	$(BENCH)/bin/python -m tests.benchmarks.decisions.yield_seasons build/yields.npz
	$(BENCH)/bin/python -m tests.benchmarks.decisions.train --only yield --yields build/yields.npz --out fieldstation/learning/models

# An environment of its own: LightGBM imports pandas and scikit-learn merely because they are installed.
$(BENCH)/.ready: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[bench]'
	@touch $@

clean: ## everything that setup and tools made
	rm -rf $(VENV) $(BENCH) build web/node_modules fieldstation/page/built .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
