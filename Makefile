# Everything that is done with this project. `make help` lists it.
# Only Python 3.11 or newer and make are needed; the rest is installed into .venv.

PYTHON ?= python3
ADDR ?= 127.0.0.1:8080
VENV ?= $(if $(filter python3,$(PYTHON)),.venv,.venv-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help serve install test check format lock bench compliance clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: $(VENV)/.installed ## run the server (ADDR=127.0.0.1:8080)
	@$(BIN)/duologue serve $(ADDR)

install: $(VENV)/.installed ## install the program: .venv/bin/duologue

test: $(VENV)/.tooled ## run every test
	@$(BIN)/python -m tools.test

check: $(VENV)/.tooled ## check format, lint, types and the import law
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.tooled ## put the code into its one format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(VENV)/.tooled ## bring the lock files up to date
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade -o requirements.lock requirements.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade -o requirements-dev.lock requirements-dev.in

clean: ## remove what was installed and made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$$(tools/find-python $(PYTHON)) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Duologue into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tooled: requirements-dev.lock $(VENV)/.installed
	@echo "Installing the tools for tests and checks into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
