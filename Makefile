# The commands of a checkout. They need make and Python 3.11 or newer, nothing else.
#   make optimize [QUESTION=diversified]   answer a question; the plan lands in runs/
#   make quick                             the checks that ask no solver: less than a minute
#   make test                              every check a change has to pass
#   make deep                              what takes longer, or looks again at what others look at (docs/tests.md)
#   make docs                              write the pages of mathematics, question file and codes from the code
#   make mutants                           what the audit and the tests notice when plans and code are spoiled
#   make bench [SIZES="1000 10000"]         compare speed with other ways of writing the model; all sizes: the page
#              [LONG=1]                     with HiGHS alone at a million columns too: ten CPU minutes more
#   make fuzz [HOURS=8]                    damaged cases, questions and plans all night; goes on where it was stopped
#   make lowest                            the tests with the oldest versions allowed
#   make verify                            compare what pip would install with the archives that were tested
#   make advisories                        ask pip-audit for known weaknesses; it needs its data from the network
#   make clean                             remove what these commands built (never runs/)

QUESTION ?= diversified
PYTEST_ARGS ?= -n auto
# A file is run by one process: what its tests share is made once.
PYTEST := python -m pytest --dist loadfile
SIZES ?=
LONG ?=
HOURS ?= 8
# The first interpreter that is new enough and can make a virtual environment.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)

VENV := .venv
BIN := $(VENV)/bin
LOWEST := build/lowest
PIP_FLAGS := --quiet --disable-pip-version-check --no-input

export PIP_ROOT_USER_ACTION := ignore
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: optimize quick test deep docs mutants bench fuzz lowest verify advisories clean

optimize: $(VENV)/installed
	@$(BIN)/sourcing optimize $(QUESTION)

quick: $(VENV)/installed-test
	@$(BIN)/$(PYTEST) $(PYTEST_ARGS) -m quick

test: $(VENV)/installed-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/$(PYTEST) $(PYTEST_ARGS) -m "not deep"

# First the tests that are deep, then, with longer lists, files that have some. QSopt_ex, which solves in fractions, is Debian's
# package qsopt-ex; without it that part is skipped, and says so.
deep: $(VENV)/installed-test
	@$(BIN)/$(PYTEST) $(PYTEST_ARGS) -m deep
	@PROPERTIES=groups EXACT=1 FUZZ=1 ORACLE=500 $(BIN)/$(PYTEST) $(PYTEST_ARGS) --dist load -rs tests/test_properties.py \
		tests/test_exact_solver.py tests/test_oracle.py tests/test_interrupts.py tests/test_stages_elsewhere.py

docs: $(VENV)/installed
	@$(BIN)/python -m sourcing.report.mathematics tests/golden > docs/mathematics.md
	@$(BIN)/python -m sourcing.report.reference question > docs/question.md
	@$(BIN)/python -m sourcing.report.reference codes > docs/codes.md

# Half an hour and more. Each command writes its section of docs/mutants.md, and ends with 1 if it missed too much.
mutants: $(VENV)/installed-mutants
	@PYTHONPATH=tests $(BIN)/python -m spoiling.plans --page
	@PYTHONPATH=tests $(BIN)/python -m spoiling.code --page

# Hours with all sizes, a minute with SIZES="1000 10000". What was measured is kept in build/, and gone on from.
bench: $(VENV)/installed-bench
	@mkdir -p build
	@$(if $(SIZES),:,$(BIN)/python -m benchmarks.startup --results build/startup.json)
	@$(BIN)/python -m benchmarks.compare $(if $(LONG),--long) $(if $(SIZES),--sizes $(SIZES),--page docs/benchmarks.md --results build/benchmarks.json)
	@$(if $(SIZES),:,$(BIN)/python -m benchmarks.releases)

# Every input that ended badly is kept in build/fuzz; one that is worth keeping goes to tests/fuzzing/corpus.
fuzz: $(VENV)/installed-test
	@PYTHONPATH=tests $(BIN)/python -m fuzzing --hours $(HOURS)

lowest: $(LOWEST)/installed
	@$(LOWEST)/bin/$(PYTEST) $(PYTEST_ARGS)

# Nothing is installed: pip says what it would, and with which hash.
verify: | $(BIN)/python
	@mkdir -p build
	@$(BIN)/python -m pip install $(PIP_FLAGS) --dry-run --ignore-installed --report build/served.json \
		--constraint constraints.txt '.[charts]'
	@$(BIN)/python .ci/hashes.py build/served.json

# Apart from .venv, so that no tool stands among what it looks at. No part of make test: its data change by the day.
advisories: $(VENV)/installed
	@$(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip install $(PIP_FLAGS) pip-audit || \
		{ echo "pip-audit cannot be installed here: nothing was looked up" >&2; exit 2; }
	@site=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
		build/audit/bin/pip-audit --path "$$site" --progress-spinner off > build/advisories.txt 2>&1; found=$$?; \
		cat build/advisories.txt; if [ $$found -ne 0 ]; then \
		echo "Either weaknesses are listed above, or pip-audit cannot reach its data and nothing was looked up" >&2; exit 1; fi
	@if grep -v "sourcing" build/advisories.txt | grep "could not be audited" >/dev/null; then \
		echo "pip-audit has no data of what is listed above: of that nothing was looked up" >&2; exit 2; fi

clean:
	rm -rf $(VENV) build dist mutants .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find sourcing tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer that can make a virtual environment was found." \
		"Install one (Debian, Ubuntu: python3-venv), or name it: make PYTHON=/path/to/python" >&2; exit 2; }
	@echo "Making $(VENV) with $(PYTHON)" >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing sourcing into $(VENV) (once)" >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt --editable '.[charts]'
	@touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing sourcing and its checks into $(VENV) (once)" >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt --editable '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-mutants: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing sourcing, its checks and what mutates them into $(VENV) (once)" >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt --editable '.[test,mutants]'
	@touch $@ $(VENV)/installed $(VENV)/installed-test

$(VENV)/installed-bench: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing sourcing and what it is compared with into $(VENV) (once)" >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt --editable '.[charts,bench,fast]'
	@touch $@ $(VENV)/installed

# What sourcing and its pictures need at their lower bounds, and what runs its tests as in constraints.txt. Type stubs
# stay out: each release of them wants one release of what it describes.
TEST_RUNNERS := build hatchling hypothesis import-linter pytest pytest-xdist
define LOWEST_VERSIONS
import re, sys, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
needed = project["dependencies"] + project["optional-dependencies"]["charts"]
pins = dict(line.strip().lower().split("==") for line in open("constraints.txt") if "==" in line)
print(*(re.sub(r"^([\w-]+)\s*>=\s*([^,]+).*", r"\1==\2", line) for line in needed), sep="\n")
print(*(f"{tool}=={pins[tool]}" for tool in sys.argv[1:]), sep="\n")
endef
export LOWEST_VERSIONS

$(LOWEST)/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found." >&2; exit 2; }
	@$(PYTHON) -m venv --clear $(LOWEST)
	@$(LOWEST)/bin/python -c "$$LOWEST_VERSIONS" $(TEST_RUNNERS) > $(LOWEST)/constraints.txt
	@$(LOWEST)/bin/python -m pip install $(PIP_FLAGS) --constraint $(LOWEST)/constraints.txt --editable '.[charts]' $(TEST_RUNNERS)
	@touch $@
