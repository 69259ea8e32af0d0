# 阳光：两条命令足矣——make demo 与 make test。
SHELL := /bin/bash
PY := .venv/bin/python
YG := .venv/bin/yangguang
.PHONY: setup demo demo-reset test lint format drill bench screenshots test-postgres

setup:
	@python3 scripts/setup.py

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache
	.venv/bin/mypy
	.venv/bin/djlint --check --lint src --quiet

format: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djlint --reformat src --quiet || true

test: lint
	.venv/bin/pytest -n 2
	$(PY) scripts/postgres.py --if-reachable -q -m postgres

test-postgres: setup
	$(PY) scripts/postgres.py
