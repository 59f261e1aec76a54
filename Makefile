# Every command of this project. Only python3 (3.11 or later), pip and make need to be there:
# uv is fetched into .uv/ when the machine has none.

PYTHON ?= python3
VENV ?= .venv
TORCH ?= torch==2.13.0+cpu
TRAINERS ?= pytorch-lightning==2.6.6 transformers==5.23.0 accelerate==1.15.0 keras==3.15.1
LAB ?= jupyterlab ipykernel pandas scikit-learn
PYTEST ?= -n auto --dist loadgroup

UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
BIN := $(VENV)/bin
PIP := $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --upgrade pyproject.toml
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help setup setup-torch demo test e2e web web-check web-types corpus validators check fix bench docs wheel lock clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.dev  ## make .venv with whence, its libraries and all tools
	@echo "Ready: $(BIN)/whence"

setup-torch: $(VENV)/.dev  ## add the CPU build of PyTorch and what trains with it, for their tests
	$(PYTHON) -m pip --python $(BIN)/python install --quiet "$(TORCH)"
	$(PYTHON) -m pip --python $(BIN)/python install --quiet $(TRAINERS) "$(TORCH)" || \
		echo "ATTENTION: $(TRAINERS) can't be installed: THEIR TESTS ARE SKIPPED"

demo: $(VENV)/.demo  ## run three plain scripts under whence and ask where a model came from
	@bash examples/demo.sh $(abspath $(BIN)) build/demo

test: $(VENV)/.dev build/corpus/prov-3.2.3/PKG-INFO build/validators/.made  ## run all tests; `make test PYTEST="tests/unit -x"` runs some
	@$(BIN)/python -m pytest $(PYTEST)

e2e: wheel $(VENV)/.dev  ## look at the page and the panel in Chromium, from the wheel in an environment of its own
	$(UV) venv --quiet --allow-existing --python $(BIN)/python build/e2e
	$(UV) pip install --quiet --python build/e2e/bin/python --reinstall-package whence dist/whence-*.whl
	$(UV) pip install --quiet --python build/e2e/bin/python --constraint requirements/dev.lock $(LAB)
	@$(BIN)/python -m pytest -m e2e tests/e2e

web: js/node_modules/.package-lock.json  ## build the web page and JupyterLab's panel into the Python package
	npm --prefix js run build --silent --workspace @whence/web --workspace @whence/labextension
	@echo "Built: src/whence/server/page; a server that runs has to be started anew"
	@echo "Built: src/jupyter/labextension; it comes with the wheel"

web-check: js/node_modules/.package-lock.json  ## types, lint, formatting and tests of the web page
	npm --prefix js run check --silent
	npm --prefix js test --silent

web-types: $(VENV)/.dev js/node_modules/.package-lock.json  ## make the page's types anew from the server's OpenAPI document
	$(BIN)/python -m whence.server.openapi > js/packages/api-client/openapi.json
	npm --prefix js run generate --silent --workspace @whence/api-client

js/node_modules/.package-lock.json: js/package-lock.json
	npm --prefix js ci --silent
	@touch $@

corpus: build/corpus/prov-3.2.3/PKG-INFO  ## fetch the test corpus of the `prov` library

build/corpus/prov-3.2.3/PKG-INFO:
	@mkdir -p build/corpus
	$(PYTHON) -m pip download --quiet --no-deps --no-binary :all: --dest build/corpus prov==3.2.3
	tar -xzf build/corpus/prov-3.2.3.tar.gz -C build/corpus
	@touch $@

validators: build/validators/.made  ## install the RO-Crate validator, whose libraries clash with ours

build/validators/.made: requirements/validators.lock | $(filter .uv/bin/uv,$(UV))
	$(UV) venv --quiet --allow-existing --python $(PYTHON) build/validators
	$(UV) pip install --quiet --python build/validators/bin/python --require-hashes -r $<
	@touch $@

check: $(VENV)/.dev  ## formatting, lint, types and layers; under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev  ## format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## measure every claim beside its floor or peer; ARGS="--quick record"
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/.docs  ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Built: site/index.html"

wheel: web $(VENV)/.dev  ## build the wheel into dist/
	$(UV) build --quiet --wheel --python $(BIN)/python --out-dir dist

lock: | $(filter .uv/bin/uv,$(UV))  ## solve the libraries anew and pin them in requirements/
	$(LOCK) --group dev --output-file requirements/dev.lock
	$(LOCK) --group demo --constraint requirements/dev.lock --output-file requirements/demo.lock
	$(LOCK) --group docs --constraint requirements/dev.lock --output-file requirements/docs.lock
	$(subst pyproject.toml,requirements/validators.in,$(LOCK)) --output-file requirements/validators.lock

clean:  ## remove all that these commands made
	rm -rf .venv .uv build dist site js/node_modules src/whence/server/page src/jupyter/labextension benchmarks/.peers .coverage .pytest_cache .mypy_cache \
		.ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.uv/bin/uv:
	$(PYTHON) -m pip install --quiet --target .uv uv

$(BIN)/python: | $(filter .uv/bin/uv,$(UV))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Whence needs Python 3.11 or later; say which with: make PYTHON=python3.12")'
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)

# A lock holds hashes of every file and no address of a registry (docs/adr/0005). What is already
# there and not in the lock, such as PyTorch, stays.
$(VENV)/.demo: requirements/demo.lock pyproject.toml src/whence.pth | $(BIN)/python
	$(PIP) --require-hashes -r $<
	$(PIP) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml src/whence.pth | $(BIN)/python
	$(PIP) --require-hashes -r $<
	$(PIP) --no-deps -e .
	@touch $(VENV)/.demo $@

$(VENV)/.docs: requirements/docs.lock $(VENV)/.dev
	$(PIP) --require-hashes -r $<
	@touch $@
