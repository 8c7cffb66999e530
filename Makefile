# The commands of this project. The first one typed in a fresh clone may be any of them.
# Needed beforehand: Python 3.11 or newer, make, and a package registry that pip can reach.

PYTHON ?= python3
UV     ?= uv
ARGS   ?=
JOBS   ?= auto

SHELL  := /bin/sh
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := $(VENV)/.stamps

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# An installation is known by the content of what it was made from and by where it stands, so a
# changed lock, a changed pyproject or a moved clone installs again and nothing else does.
digest     = $(firstword $(shell { printf '%s' '$(CURDIR)'; cat $(1); } 2>/dev/null | cksum))
RUN_FILES  := requirements/build.txt requirements/run.txt pyproject.toml
TEST_FILES := requirements/test.txt $(RUN_FILES)
RUN_STAMP  := $(STAMPS)/run-$(call digest,$(RUN_FILES))
TEST_STAMP := $(STAMPS)/test-$(call digest,$(TEST_FILES))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo serve test check bench soak docs lock python web browser

help:
	@echo 'make demo    install, start on 127.0.0.1:8000 with the Yunnan data   make demo ARGS="--port 8123"'
	@echo 'make test    install what the tests need and run all of them         make test ARGS="-k purple"'
	@echo 'make check   format, lint, types, import contracts, documents under test'
	@echo 'make bench   benchmarks, each beside its peer in the same run'
	@echo 'make soak    the property tests with 2000 random examples each, races and deaths by the thousand'
	@echo 'make docs    write the generated documents again'
	@echo 'make serve   start the service without the worked example'
	@echo 'make setup   only the installation that the others share'
	@echo 'make lock    pin the requirement files again (needs uv)'

setup: $(RUN_STAMP)

demo: $(RUN_STAMP) web
	@exec $(BIN)/greenchannel demo $(ARGS)

serve: $(RUN_STAMP) web
	@exec $(BIN)/greenchannel serve $(ARGS)

test: $(TEST_STAMP) web browser
	@$(BIN)/python -m pytest -n $(JOBS) --maxprocesses=4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy scripts
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/repository

bench: $(TEST_STAMP)
	@$(BIN)/python -m bench $(ARGS)

# The plugin of hypothesis marks every property test "hypothesis".
soak: $(TEST_STAMP)
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m hypothesis $(ARGS)
	@HYPOTHESIS_PROFILE=soak SOAK=1 $(BIN)/python -m pytest tests/app/storage tests/app/pressure \
	  tests/flows/test_fuzz.py tests/flows/test_night_at_size.py $(ARGS)

docs: $(TEST_STAMP)
	$(BIN)/python scripts/make_formulations.py
	$(BIN)/python scripts/make_commands.py
	$(BIN)/python scripts/make_openapi.py
	$(BIN)/python scripts/make_columns.py
	$(BIN)/python scripts/make_recorded.py
	$(BIN)/python scripts/make_example.py
	$(BIN)/python scripts/make_data_model.py
	$(BIN)/python scripts/make_guide.py

# Built again where a source of it has changed; the Node that does it came with pip.
web: $(RUN_STAMP)
	@$(BIN)/python hatch_build.py

browser:
	@sh scripts/ensure_browser.sh

# No address of a registry is written into a lock: everybody's pip asks the one it is set up for.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-header
lock:
	@command -v $(UV) >/dev/null 2>&1 || { \
	  echo 'make lock needs uv; type: $(PYTHON) -m pip install --user uv   (or: make lock UV=/path/to/uv)' >&2; exit 1; }
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt
	$(COMPILE) pyproject.toml requirements/test.in \
	  -c requirements/run.txt -c requirements/build.txt -o requirements/test.txt

python:
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { \
	  echo 'No $(PYTHON) here. Install Python 3.11 or newer, or name one: make demo PYTHON=python3.12' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$('$(PYTHON)' -V 2>&1). Name a newer one: make demo PYTHON=python3.12" >&2; exit 1; }
	@'$(PYTHON)' -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo 'This Python cannot make virtual environments. Type: apt-get install -y python3-venv' >&2; exit 1; }

# An environment that does not start, or that stands elsewhere (copied or moved clone), is made again.
$(RUN_STAMP): | python
	@$(BIN)/pip --version 2>/dev/null | grep -qF '$(CURDIR)/$(VENV)/' || { rm -rf $(VENV); '$(PYTHON)' -m venv $(VENV); }
	@echo 'Installing what the program needs (about a minute the first time) ...' >&2
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/run-* && touch $@

$(TEST_STAMP): $(RUN_STAMP)
	@echo 'Installing what the tests need ...' >&2
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/test-* && touch $@
