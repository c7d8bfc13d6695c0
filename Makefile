# Each target sets up what it needs, inside this folder, and is quick the second time.
# Needed: make and Python 3.11 or newer, as python3 or named: make run PYTHON=python3.12

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ARGS ?=

VENV := .venv
PEERS := .cache/peers
GATEWAY := .cache/gateway
PY := $(VENV)/bin/python

# What is installed has a stamp with the checksum of its lock, so a changed lock is installed anew.
sum = $(shell cksum < $(1) | cut -d ' ' -f 1)
RUN_STAMP := $(VENV)/.installed-run-$(call sum,requirements.txt)
DEV_STAMP := $(VENV)/.installed-dev-$(call sum,requirements-dev.txt)
PEERS_STAMP := $(PEERS)/.installed-$(call sum,requirements-peers.txt)
GATEWAY_STAMP := $(GATEWAY)/.installed-$(call sum,requirements-gateway.txt)

# A Python that is gone (upgraded, removed) takes what was installed for it along.
_ := $(shell [ -x $(PY) ] || rm -f $(VENV)/.installed-*; [ -x $(PEERS)/bin/python ] || rm -f $(PEERS)/.installed-*; [ -x $(GATEWAY)/bin/python ] || rm -f $(GATEWAY)/.installed-*)

# The cache is off so that nothing outside this folder changes. Python compiles what it imports at
# the first start; compiling everything here would double the time. A lock names everything, so pip
# looks for no more; older ones would stumble over extras that only a dependency asks for.
INSTALL := -m pip --disable-pip-version-check install --quiet --no-cache-dir --no-compile --no-deps \
	--require-hashes --requirement

# As many tests at once as there are processors: half of the time goes by waiting for a browser.
WORKERS := --numprocesses logical --maxprocesses 4 --dist worksteal

.PHONY: help run test check check-format check-lint check-types check-imports format texts lock upgrade faults bench clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' Makefile

run: $(RUN_STAMP) ## Serve the playground on http://127.0.0.1:8501 (options: ARGS="--server.port 8502")
	@exec $(PY) -m streamlit run app.py $(ARGS)

test: $(DEV_STAMP) $(PEERS_STAMP) $(GATEWAY_STAMP) ## Run all tests, in a real browser too, and measure the coverage (ARGS="-k stop")
	@$(PY) -m tools.chromium
	@$(PY) -m pytest --cov $(WORKERS) $(ARGS)

check: check-format check-lint check-types check-imports ## Check format, lint, types and the direction of imports (make -k check: all of them)

check-format: $(DEV_STAMP)
	@$(PY) -m ruff format --check --output-format concise

check-lint: $(DEV_STAMP)
	@$(PY) -m ruff check --output-format concise

# The second time as Windows would see it: what only POSIX has is not there.
check-types: $(DEV_STAMP)
	@$(PY) -m mypy
	@$(PY) -m mypy --platform win32 --cache-dir .mypy_cache/win32

check-imports: $(DEV_STAMP)
	@$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo

format: $(DEV_STAMP) ## Format the code and mend what the linter can
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format

texts: $(DEV_STAMP) ## Collect the texts of the interface for translation, and compile what is translated
	@$(PY) -m tools.texts

lock: $(DEV_STAMP) ## Make the lock files anew after a change of a .in file
	@$(PY) -m tools.lock

upgrade: $(DEV_STAMP) ## Make the lock files anew with the newest versions
	@$(PY) -m tools.lock --upgrade

faults: $(DEV_STAMP) ## Kill, fill up and cut off the store many times; make test does some of it
	@FAULTS_THOROUGH=1 $(PY) -m pytest tests/faults $(ARGS)

bench: $(DEV_STAMP) ## Measure the speed beside the bare SDK and st.write_stream
	@$(PY) -m tools.chromium
	@$(PY) -m benchmarks $(ARGS)

clean: ## Remove what the other targets made; keeps data/
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results

$(VENV)/bin/python $(PEERS)/bin/python $(GATEWAY)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is not one. Name one: make PYTHON=python3.12" >&2; \
		exit 1; }
	@echo "Making $(@:/bin/python=) ..."
	@$(PYTHON) -m venv --clear $(@:/bin/python=) || { rm -rf $(@:/bin/python=); exit 1; }

$(RUN_STAMP): | $(VENV)/bin/python
	@echo "Installing what the playground needs ..."
	@$(PY) $(INSTALL) requirements.txt
	@rm -f $(VENV)/.installed-run-* && touch $@

$(DEV_STAMP): | $(VENV)/bin/python
	@echo "Installing what tests and checks need ..."
	@$(PY) $(INSTALL) requirements-dev.txt
	@rm -f $(VENV)/.installed-* && touch $@ $(RUN_STAMP)

$(PEERS_STAMP): | $(PEERS)/bin/python
	@echo "Installing the gateway that the tests talk to ..."
	@$(PEERS)/bin/python $(INSTALL) requirements-peers.txt
	@rm -f $(PEERS)/.installed-* && touch $@

$(GATEWAY_STAMP): | $(GATEWAY)/bin/python
	@echo "Installing the second gateway that the tests talk to ..."
	@$(GATEWAY)/bin/python $(INSTALL) requirements-gateway.txt
	@rm -f $(GATEWAY)/.installed-* && touch $@
