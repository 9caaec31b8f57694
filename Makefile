# Two commands to know: `make demo` and `make test`. Each sets up what it needs, on any machine with
# Python 3.11 or later (with venv and pip), make and git. `make help` lists the rest.

VENV ?= .venv
BIN := $(VENV)/bin
# Processes that `make test` spreads the tests over.
JOBS ?= 2
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command "make requirements"

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Nothing of the caller's own Python set-up reaches the environment.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-all test-slow test-pythons lint format types layers docs portuguese api bench setup tools requirements changelog clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.ready-run ## set up, then score four models on real data and show the leaderboard
	@$(BIN)/bancada demo

test: setup tools ## set up, then run the tests (of the code, the docstrings, the documentation) but for the slow ones
	@$(BIN)/python -m pytest --numprocesses $(JOBS)

test-all: ## run every test, then those that take longer
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test-slow

test-slow: setup tools ## the slow ones: 1,000 mistypings of each verb, 200 kills, whole stories on real tools
	@$(BIN)/python -m pytest --numprocesses $(JOBS) -m slow
	@BANCADA_FUZZ=1 BANCADA_FAULTS=50 $(BIN)/python -m pytest --numprocesses $(JOBS) tests/fuzz tests/faults

test-pythons: ## run every test under each Python from 3.11 on that is installed
	@found=; for version in 3.11 3.12 3.13 3.14; do \
		if python$$version -c '' 2>/dev/null; then \
			found=1; echo "== Python $$version"; \
			$(MAKE) --no-print-directory test VENV=.venvs/$$version PYTHON=python$$version || exit 1; \
		fi; \
	done; \
	test -n "$$found" || { echo "make test-pythons looks for python3.11, python3.12, … on the PATH and found none." >&2; exit 1; }

lint: setup ## check style and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: setup ## repair what style and format can repair
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: setup ## check types, strictly
	@$(BIN)/mypy

layers: setup ## check that each package imports earlier rows only
	@$(BIN)/lint-imports

docs: setup ## build the documentation into site/; a broken link or reference is an error
	@$(BIN)/zensical build --clean --strict

portuguese: setup ## copy the examples of the English pages into the Portuguese ones; show which page is missing
	@$(BIN)/python docs/shared_examples.py

api: setup ## write docs/api.md anew, after a public name came or went
	@$(BIN)/python docs/api_page.py

bench: setup ## measure beside the peers; prints the table for benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

setup: $(VENV)/.ready-dev ## set up the environment in .venv

tools: .venvs/poetry/.ready ## set up the programs that tests start, each in an environment of its own

requirements: ## pin the newest versions of all dependencies (needs uv)
	$(COMPILE) --upgrade pyproject.toml requirements/run.in --output-file requirements/run.txt
	$(COMPILE) --upgrade pyproject.toml requirements/run.in requirements/dev.in \
		--constraints requirements/run.txt --output-file requirements/dev.txt
	$(COMPILE) --upgrade requirements/poetry.in --output-file requirements/poetry.txt

changelog: setup ## show what changelog.d/ says about the next release
	@$(BIN)/towncrier build --draft

clean: ## remove everything that was built, environments included
	rm -rf .venv .venvs .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage* site dist

# An environment is as new as the files it was installed from: its stamp stands for that.
.venvs/%/.ready: requirements/%.txt requirements/install.sh
	@VENV=".venvs/$*" PYTHON="$(PYTHON)" ALONE=1 sh requirements/install.sh requirements/$*.txt
	@touch $@

$(VENV)/.ready-%: requirements/%.txt pyproject.toml requirements/install.sh
	@VENV="$(VENV)" PYTHON="$(PYTHON)" sh requirements/install.sh requirements/$*.txt
	@touch $@
