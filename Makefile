# Each target says what it does; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export KB_HOME ?= var
# Modules are compiled once, when first used: pip compiling all of them takes a minute.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile

.DEFAULT_GOAL := help
.PHONY: help run test unit bench lint style types contracts lock assets clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: .make/run assets ## Set everything up and serve http://127.0.0.1:8000
	$(BIN)/kb init
	$(BIN)/kb serve

# Types and contracts are looked at while tests wait for browsers and for one another.
test: .make/dev assets ## Set up what the tests need, and run checks and tests
	$(MAKE) --no-print-directory style
	$(MAKE) --no-print-directory --jobs=3 types contracts unit

unit: .make/dev assets
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

lint: style types contracts ## Style, types and import contracts

style: .make/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .make/dev
	nice $(BIN)/mypy

contracts: .make/dev
	nice $(BIN)/lint-imports --no-logo

bench: .make/bench ## Measure speed and quality side by side with other engines, as ratios
	$(BIN)/python -m tests.benchmarks

assets: .make/run ## Build style sheets (only when their sources are newer)
	$(BIN)/python -m web.build

.make/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	@mkdir -p .make && touch $@

.make/run: .make/venv requirements.lock pyproject.toml
	$(PIP_INSTALL) -r requirements.lock
	$(PIP_INSTALL) --no-deps --editable .
	@touch $@

.make/dev: .make/run requirements-dev.lock
	$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

.make/bench: .make/dev
	$(PIP_INSTALL) --editable '.[bench]'
	@touch $@

lock: ## Resolve the dependencies afresh and write both lock files
	rm -rf .make/lock && $(PYTHON) -m venv .make/lock
	.make/lock/bin/pip install --quiet --editable .
	echo '# What the site needs to run; made by `make lock`.' > requirements.lock
	.make/lock/bin/pip freeze --exclude-editable | sed -E 's/\+cpu$$//' >> requirements.lock
	.make/lock/bin/pip install --quiet --editable '.[dev]'
	echo '# What the tests and checks need beside requirements.lock; made by `make lock`.' > requirements-dev.lock
	.make/lock/bin/pip freeze --exclude-editable | sed -E 's/\+cpu$$//' | grep -vxFf requirements.lock >> requirements-dev.lock
	rm -rf .make/lock

clean: ## Remove what was built; keeps the data in KB_HOME
	rm -rf $(VENV) .make node_modules web/assets/build
