# The checkout's own work; `make` alone lists it. All Python tools live in .venv/, made from the hashed locks.

BIN := .venv/bin
# Debian's own Python first, if it can make environments: built by the profile of a long run, it takes a sixth less time for
# the same work than what pyenv compiles, which may come before it on the path.
PYTHON = $(firstword $(shell for each in /usr/bin/python3.11 python3.11 python3; do \
	$$each -c 'import ensurepip' 2>/dev/null && command -v $$each; done) python3)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --group build

# The tests start hundreds of processes that load the same modules; where the environment forbids to keep what was
# compiled, each would compile them all again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve demo test cover check compiled migrations packages tools format bench lock clean

help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: .venv/runtime ## serve the site; options go in ARGS="--port 9000"
	@exec $(BIN)/society serve $(ARGS)

demo: .venv/runtime ## fill an empty installation with a fictional society; options go in ARGS
	@$(BIN)/society demo $(ARGS)

test: ## everything: style, types, contracts, migrations, tests on SQLite and on PostgreSQL
	@$(MAKE) --no-print-directory --jobs=3 --output-sync packages check compiled migrations tools
	$(BIN)/pytest
	$(BIN)/pytest --database=postgresql

cover: .venv/dev ## the tests on SQLite once more, telling which lines none of them reaches
	$(BIN)/pytest --cov --cov-report=term

check: .venv/dev ## the quick part of it: style, types, contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

migrations: .venv/dev
	@instance=$$(mktemp -d) && trap 'rm -rf "$$instance"' EXIT && \
	export SOCIETY_INSTANCE="$$instance" SOCIETY_DATABASE_URL= && \
	$(BIN)/society db upgrade && $(BIN)/society db check

packages:
	@bin/system-packages

tools: .venv/dev packages
	@$(MAKE) --no-print-directory .venv/engines

# Each worker of the tests would else compile all of them for itself, at the same moment as the others.
compiled: .venv/dev
	@$(BIN)/pytest --collect-only -qq --numprocesses=0 >/dev/null

format: .venv/dev ## put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/dev ## measure, each figure beside a bare limit; options go in ARGS
	@bin/system-packages wrk
	$(BIN)/python -m tests.bench $(ARGS)

lock: .venv/dev ## pin the newest releases that pyproject.toml allows, with their hashes
	$(UV_COMPILE) --upgrade --output-file requirements.txt pyproject.toml
	$(UV_COMPILE) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

clean: ## remove what make and the tests have made; an installation's instance/ stays
	rm -rf .venv .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache htmlcov
	find app.py migrations society tests -name __pycache__ -prune -exec rm -rf {} +

# Each is touched when the environment holds what its lock says, so that a later `make` costs a look at the clock.
# The locks name everything, so pip looks for nothing else: asked for `coverage[toml]` with hashes, it would refuse the
# one that is pinned as soon as there is a newer one. An environment that is there keeps the Python that it was made with.
.venv/runtime: requirements.txt pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PIP_INSTALL) --no-deps --require-hashes --requirement requirements.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.txt
	$(PIP_INSTALL) --no-deps --require-hashes --requirement requirements-dev.txt
	@touch $@

# A reader of calendars for the tests, which make it themselves. The lock holds its hash and no address.
.venv/engines: tests/calendars/engines/package-lock.json
	@mkdir -p $@
	@cp tests/calendars/engines/package.json tests/calendars/engines/package-lock.json $@
	@npm ci --prefix $@ --silent --ignore-scripts --no-audit --no-fund
	@touch $@
