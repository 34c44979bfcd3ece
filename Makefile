# Everything that is done with this project. `make help` lists it.
# Only Python 3.11 or newer and make are needed; the rest is installed into .venv.

PYTHON ?= python3
ADDR ?= 127.0.0.1:8080
STEPS ?= 50000
FUZZ_S ?= 600
VENV ?= $(if $(filter python3,$(PYTHON)),.venv,.venv-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

NODE := $(BIN)/python -m tools.node
PLAIN := $(if $(MAKE_TERMOUT),,--colors=off)
NODE_MODULES := node_modules/.package-lock.json

BENCH_VENV := benchmarks/.venv
BENCH_NODE := benchmarks/peers/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help serve install test soak fuzz wheel check format lock bench jitter upgrade attack compliance clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: $(VENV)/.installed ## run the server (ADDR=127.0.0.1:8080)
	@$(BIN)/duologue serve $(ADDR)

install: $(VENV)/.installed ## install the program: .venv/bin/duologue

wheel: $(VENV)/.installed ## make what is released: dist/*.whl, a source archive, the lock file
	@$(BIN)/python -m tools.wheel

test: $(VENV)/.tooled ## run every test
	@$(BIN)/python -m tools.test

soak: $(VENV)/.tooled ## look long for a way to lose a message (STEPS=50000)
	@DUOLOGUE_MODEL_STEPS=$(STEPS) $(BIN)/python -m pytest -q -s --timeout=0 tests/test_delivery.py

fuzz: $(VENV)/.tooled ## let Atheris look for input that does harm (FUZZ_S=600, TARGETS='frames tickets')
	@$(BIN)/python -m fuzzing --seconds $(FUZZ_S) $(TARGETS)

check: $(VENV)/.tooled $(NODE_MODULES) ## check format, lint, types and the import law
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NODE) node_modules/@biomejs/biome/bin/biome ci --error-on-warnings $(PLAIN)
	@for project in tsconfig*.json; do \
		$(NODE) node_modules/typescript/bin/tsc --project $$project || exit 1; \
	done

format: $(VENV)/.tooled $(NODE_MODULES) ## put the code into its one format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(NODE) node_modules/@biomejs/biome/bin/biome check --write $(PLAIN)

bench: $(VENV)/.installed $(BENCH_VENV)/.installed $(BENCH_NODE) ## measure it against its peers (BENCH=--quick)
	@$(BIN)/python -m benchmarks --program $(BIN)/duologue $(BENCH)

jitter: $(VENV)/.installed ## reset every connection, lose no message (JITTER='--kill-every 10')
	@$(BIN)/python -m benchmarks.jitter $(JITTER)

upgrade: $(VENV)/.installed ## put a new server in an old one's place, unnoticed (UPGRADE='--pairs 50')
	@$(BIN)/python -m benchmarks.upgrade $(UPGRADE)

attack: $(VENV)/.installed ## attack a server in every way, beside a pair that chats (ATTACK='pings rooms')
	@$(BIN)/python -m attacks $(ATTACK)

compliance: $(VENV)/.installed ## check the edge with Autobahn's fuzzing client (CASES='6.*,7.*')
	@$(BIN)/python -m compliance.run $(if $(CASES),--cases '$(CASES)')

lock: $(VENV)/.tooled ## bring the lock files up to date
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade -o requirements.lock requirements.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade -o requirements-dev.lock requirements-dev.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade \
		-o benchmarks/requirements.lock benchmarks/requirements.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --upgrade \
		-o fuzzing/requirements.lock fuzzing/requirements.in
	@$(NODE) npm install --package-lock-only --ignore-scripts --loglevel=error >/dev/null

clean: ## remove what was installed and made
	rm -rf $(VENV) .venv-* $(BENCH_VENV) benchmarks/.build benchmarks/peers/node_modules \
		node_modules compliance/.venv27 compliance/reports \
		fuzzing/.atheris-* fuzzing/.corpus fuzzing/findings dist \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis

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

$(NODE_MODULES): package-lock.json | $(VENV)/.tooled
	@echo "Installing the tools for JavaScript into node_modules ..."
	@$(NODE) npm ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

$(BENCH_VENV)/.installed: benchmarks/requirements.lock
	@echo "Installing the peers into $(BENCH_VENV) ..."
	@$$(tools/find-python $(PYTHON)) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r $<
	@touch $@

$(BENCH_NODE): benchmarks/peers/package-lock.json
	@if command -v npm >/dev/null; then \
		cd benchmarks/peers && npm ci --silent && touch node_modules/.package-lock.json; \
	else echo "npm is missing: the peers that run on Node are left out."; fi
