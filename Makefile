# Everything there is to do in this checkout; `make` alone lists it.
# PYTHON names the interpreter to start with: make PYTHON=python3.12 demo

PYTHON ?= python3
START = exec $(PYTHON) ops/start.py
LOCK = $(PYTHON) ops/start.py --uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock'

# A second `make` inside would only add noise on Ctrl-C.
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help demo test test-long check lint bench lock wire clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: export HUB_HOME ?= $(CURDIR)/.hub
demo: ## start the hub with all it needs and show it at work (ARGS="--port 8081"); Ctrl-C stops it
	@trap : INT; $(PYTHON) ops/start.py hub demo $(ARGS) || test $$? -eq 130 # stopped by Ctrl-C: no error

test: ## run the tests
	@$(START) --dev pytest -n 3

test-long: ## run all tests, those that take minutes too
	@$(START) --dev pytest -n 2 -m "slow or not slow"

check: lint test ## lint, check types and run the tests

lint: ## lint and check types
	@$(PYTHON) ops/start.py --dev ruff check .
	@$(PYTHON) ops/start.py --dev ruff format --check .
	@$(PYTHON) ops/start.py --dev mypy

bench: ## measure: all, or make bench NAME=append
	@$(START) --dev ops.bench $(NAME)

lock: ## write the lock files anew from pyproject.toml (UPGRADE=1 takes the newest versions)
	@$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.lock
	@$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra dev -c requirements.lock \
		-o requirements-dev.lock
	@$(LOCK) $(if $(UPGRADE),--upgrade) ops/requirements-uv.in -o ops/requirements-uv.lock

wire: ## make the messages of Salesforce's stream anew from pubsub.proto
	@$(START) --dev grpc_tools.protoc --proto_path=. --python_out=. --pyi_out=. \
		hub/connectors/pubsub/pubsub.proto

clean: ## remove what was installed; the demo's data in .hub stays
	rm -rf .venv .tool .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
