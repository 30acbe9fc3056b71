# GNU make and a POSIX shell. `make` alone lists the targets.

PYTHON ?= python3
CASE ?= cases/parks/qarhan.yaml
DIST ?= dist
ARGS ?=

ATHERIS := 3.0.0

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.PHONY: help setup run test coverage lint format docs bench bench-solver oracle fuzz mutants build lock clean distclean

help: ## List the targets
	@echo 'Usage: make TARGET [PYTHON=python3.12] [CASE=FILE] [ARGS="..."]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.installed .typing/parkloop ## Make .venv with the locked libraries and parkloop in it

run: setup ## Solve CASE (default: the Qarhan park); ARGS go to `parkloop solve`
	@$(BIN)/parkloop solve $(CASE) $(ARGS)

test: setup ## Run the tests on all cores; ARGS go to pytest
	@$(BIN)/python -m pytest -n auto $(ARGS)

coverage: setup ## Run the tests and show which lines they miss
	@$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

lint: setup ## Check style, formatting, types and the one-way imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: setup ## Write the pages that are made from the code, and the picture
	@$(BIN)/python docs/pages.py
	@$(BIN)/python docs/pages.py --picture
	@$(BIN)/python docs/atlas.py

oracle: setup ## Compare with the independent model on EXAMPLES drawn cases (default 2000)
	@PARKLOOP_EXAMPLES=$(or $(EXAMPLES),2000) $(BIN)/python -m pytest tests/test_oracle.py tests/test_metamorphic.py \
		tests/test_diagnosis.py

# atheris has no wheels for some platforms, so it is no library of the lock. New inputs stay in .fuzz, findings too.
fuzz: setup ## Fuzz the loader and `validate`, RUNS executions each (default 100000)
	@test -d .fuzz/atheris-$(ATHERIS) || { mkdir -p .fuzz && $(PIP) install -q --only-binary :all: --no-deps \
		--target .fuzz/atheris-$(ATHERIS) atheris==$(ATHERIS); }
	@set -e; for target in document validate; do \
		mkdir -p .fuzz/$$target; echo "fuzz: $$target"; \
		PYTHONPATH=.fuzz/atheris-$(ATHERIS) PARKLOOP_FINDINGS=.fuzz/findings $(BIN)/python tests/fuzzing.py $$target \
			-max_len=9000 -timeout=60 -rss_limit_mb=3000 -runs=$(or $(RUNS),100000) -print_final_stats=1 $(ARGS) \
			.fuzz/$$target tests/corpus/$$target 2>&1 | grep -E '^(FINDING|==|ERROR|stat::)' || true; \
	done; \
	if ls .fuzz/findings/*.txt >/dev/null 2>&1; then echo "fuzz: findings in .fuzz/findings"; exit 1; fi

# Not in CI: each mutant runs the tests of its module once.
mutants: setup ## Change MODULES in one place at a time and see whether their tests notice
	@$(BIN)/python tests/mutating.py $(MODULES) $(ARGS)

bench: setup ## Time the commands and the parts of a solve
	@$(BIN)/python benchmarks/commands.py

# Half an hour on two idle cores; the tables of benchmarks/README.md are its output.
bench-solver: setup ## Time HiGHS alone, parkloop, windows and live sessions on large cases, in one run
	@$(BIN)/python benchmarks/solving.py S M --runs 5 --threads 1 2 --case cases/provinces/qinghai.yaml
	@$(BIN)/python benchmarks/solving.py L wide --runs 1 --threads 1 2 --case cases/parks/golmud_year.yaml
	@$(BIN)/python benchmarks/solving.py XL --runs 1 --threads 1 --windows
	@$(BIN)/python benchmarks/sessions.py --samples 200 --cold 50 --compiled 20

format: setup ## Mend style and formatting where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: setup ## Build the sdist, and the wheel from it, into DIST
	@rm -rf build parkloop.egg-info
	$(BIN)/python -m build --quiet --no-isolation --outdir $(DIST) .
	@rm -rf build parkloop.egg-info

# uv resolves for all platforms and Python versions at once. Pins stay unless ARGS=--upgrade asks for newer ones.
lock: ## Write requirements.lock again from pyproject.toml
	@set -e; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(PYTHON) -m venv "$$scratch/venv"; \
	"$$scratch/venv/bin/python" -m pip --disable-pip-version-check install -q uv; \
	cp requirements.lock "$$scratch/pins" 2>/dev/null || true; \
	"$$scratch/venv/bin/uv" pip compile -q --universal --fork-strategy fewest --generate-hashes \
		--no-header --group dev $(ARGS) -o "$$scratch/pins" pyproject.toml; \
	{ echo '# Every library with the hashes of all its files, for every platform. Made by `make lock`.'; \
	cat "$$scratch/pins"; } > requirements.lock; \
	echo "requirements.lock: $$(grep -c '==' requirements.lock) libraries"

clean: ## Remove what builds, tests and checks leave behind
	@rm -rf build dist parkloop.egg-info .coverage .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## Remove .venv as well
	@rm -rf $(VENV) .typing

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo 'setup: there is no $(PYTHON) here. parkloop needs Python 3.11 or newer.'; \
		echo 'mend:  apt install python3 python3-venv (or your system'\''s own way), then make setup'; \
		exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "setup: $(PYTHON) is $$($(PYTHON) --version 2>&1). parkloop needs Python 3.11 or newer."; \
		echo 'mend:  install one and name it, for example make setup PYTHON=python3.12'; \
		exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'setup: $(PYTHON) comes without venv or pip.'; \
		echo 'mend:  apt install python3-venv (or the package of that name for $(PYTHON))'; \
		exit 1; } >&2
	@echo 'setup: making $(VENV) with' "$$($(PYTHON) --version)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Wheels only: a source archive would fetch build tools that no hash guards, and run them. The lock is whole, so
# nothing is resolved again: older pips read an extra (`coverage[toml]`) as a library that the lock does not pin.
# awk shows the large downloads; the stamp is written only when pip succeeds.
$(VENV)/.locked: requirements.lock | $(VENV)/.made
	@rm -f $@
	@echo "setup: installing the $$(grep -c '==' requirements.lock) libraries of requirements.lock"
	@{ $(PIP) install --progress-bar off --only-binary :all: --no-deps --require-hashes -r requirements.lock \
		&& touch $@; } | awk '/ MB\)$$/ { sub(/^ +/, "  "); print } \
		/^Installing collected/ { print "  unpacking" } { fflush() }'
	@test -f $@ || { echo 'setup: the libraries are not installed; pip says why above' >&2; exit 1; }

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@
	@echo 'setup: done; $(BIN)/parkloop is ready'

# Type checkers cannot follow the hook of an editable install; they can follow a link.
.typing/parkloop:
	@mkdir -p .typing
	@ln -s .. $@
