# One command sets everything up and runs the main job:   make demo
# One command sets everything up and passes the tests:    make test
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
REPORT ?= zcf-report

.PHONY: setup demo test lint types unit package reference bench clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml tools/setup.py
	$(PYTHON) tools/setup.py $(VENV)
	touch $@

demo: setup
	@$(BIN)/zcf-check examples/xingxi-tea-2025 --out $(REPORT) || test $$? -eq 1
	@echo "Open $(REPORT)/report.html. The example has findings, as a real dossier does."

test: setup lint types unit package

lint: setup
	$(BIN)/ruff check checker tests bench tools
	$(BIN)/ruff format --check checker tests bench tools

types: setup
	$(BIN)/mypy

unit: setup
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered

package: setup
	$(BIN)/python tools/try_wheel.py

reference: setup
	$(BIN)/python tools/reference.py

bench: setup
	$(BIN)/python -m bench.run

clean:
	rm -rf $(VENV) $(REPORT) dist build
