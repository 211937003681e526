# Two commands do all: `make site` and `make test`. Each makes what it needs first.

# The system's own Python where that will do: it is built with optimisations, which those that people compile for
# themselves often lack, and a build takes an eighth less. Say `make PYTHON=python3.13 site` for another.
PYTHON ?= $(shell for python in /usr/bin/python3 python3; do $$python -c '$(FITS)' 2> /dev/null && break; done; echo $$python)
FITS := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.DEFAULT_GOAL := help
.PHONY: help site test test-long check fix lock bench fuzz sbom licences clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

site: .venv/site.stamp ## build content/ into output/
	$(BIN)/python build.py

test: .venv/dev.stamp node_modules/stamp ## run all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

test-long: .venv/dev.stamp node_modules/stamp ## run the tests that repeat, for long (docs/reliability.md)
	$(BIN)/python -m pytest -n auto --dist loadfile $(LONG)

test-long: export BULLETIN_BODIES ?= 2000
test-long: export BULLETIN_DOCUMENTS ?= 3000
test-long: export BULLETIN_KILLS ?= 600
test-long: export BULLETIN_EDITS ?= 200
test-long: export BULLETIN_ROWS ?= 100
test-long: export BULLETIN_FAULTS ?= all
test-long: export BULLETIN_SEARCH_ITEMS ?= 10000
test-long: export BULLETIN_SETTINGS ?= 300
test-long: export BULLETIN_WORKER_KILLS ?= 200
test-long: export BULLETIN_SHAPES ?= 300
test-long: export BULLETIN_SHEETS ?= 3000
test-long: export BULLETIN_PAYLOADS ?= 800
test-long: export BULLETIN_DESK_KILLS ?= 60
test-long: export BULLETIN_CLUSTER_KILLS ?= 40
test-long: export BULLETIN_SENDING_KILLS ?= 30
test-long: export BULLETIN_MAIL_PICTURES ?= 300
test-long: export BULLETIN_TEXTS ?= 5000
test-long: export BULLETIN_TRIES ?= 10000
test-long: export BULLETIN_WALK ?= 10
test-long: export BULLETIN_STORM ?= 900
LONG := tests/test_addresses.py tests/test_cluster.py tests/test_desk_payloads.py tests/test_desk_storms.py
LONG += tests/test_blocks.py tests/test_crashes.py tests/test_edits.py tests/test_fast_path.py tests/test_faults.py
LONG += tests/test_moves.py tests/test_python_markdown.py tests/test_search_page.py tests/test_settings.py
LONG += tests/test_small_change.py tests/test_spreadsheets.py tests/test_typed.py tests/test_work.py tests/test_workers.py
LONG += tests/test_ssh.py tests/test_writer.py tests/test_forged.py tests/test_storm.py tests/test_team_walk.py
LONG += tests/test_mail.py tests/test_pdf.py tests/test_sending.py

check: .venv/dev.stamp node_modules/stamp ## what must hold before a change is handed in: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile

fix: .venv/dev.stamp ## format, and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/dev.stamp ## pin the newest allowed versions, with hashes
	$(BIN)/uv pip compile -q --upgrade $(LOCK) $(EXTRAS) -o requirements.txt pyproject.toml
	$(BIN)/uv pip compile -q --upgrade $(LOCK) $(EXTRAS) -o requirements-dev.txt --group dev pyproject.toml
	$(BIN)/uv pip compile -q --upgrade $(LOCK) -o bench/requirements.txt bench/requirements.in

bench: .venv/site.stamp ## measure against Hugo, Eleventy and Pelican (bench/README.md)
	$(BIN)/python -m bench

EXTRAS := --extra editions --extra cluster
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

fuzz: .venv/dev.stamp ## try the readers of items on chance texts for FUZZ_MINUTES (60)
	$(BIN)/python -m tools.fuzz $(FUZZ_MINUTES)

sbom: .venv/dev.stamp ## print a bill of materials (CycloneDX) to sbom.json
	$(BIN)/python -m tools.supply sbom > sbom.json

licences: .venv/dev.stamp ## write docs/licences.md anew, after `make lock`
	$(BIN)/python -m tools.supply licences > docs/licences.md

FUZZ_MINUTES ?= 60

clean: ## remove all that was made
	rm -rf .venv .cache output node_modules

.venv/made.stamp:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/site.stamp: requirements.txt .venv/made.stamp
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	touch $@

.venv/dev.stamp: requirements-dev.txt .venv/site.stamp
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

# Test tools; a test that misses one is skipped, unless BULLETIN_REQUIRE_ALL=1.
node_modules/stamp: package-lock.json
	@mkdir -p node_modules
	if command -v npm > /dev/null; then npm ci --silent; fi
	@mkdir -p node_modules && touch $@
