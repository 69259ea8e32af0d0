# 阳光：两条命令足矣——make demo 与 make test。
SHELL := /bin/bash
PY := .venv/bin/python
YG := .venv/bin/yangguang
.PHONY: setup demo demo-reset test lint format drill bench screenshots openapi test-postgres

setup:
	@python3 scripts/setup.py

# 演示只要 Python 的依赖，不装 Chromium 和字体。选项经 ARGS 传入，例如 make demo ARGS="--port 8001 --as-of 2020-10-20"
demo:
	@python3 scripts/setup.py --python-only
	@$(YG) demo $(ARGS)

# 只删 var/demo；有演示正在用它就不删
demo-reset:
	@if [ -e var/demo/.running ] && ! flock -n var/demo/.running true; then \
	  echo "演示正在运行，请先用 Ctrl-C 结束它。" >&2; exit 1; fi
	@rm -rf var/demo && echo "演示数据已删去。"

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

drill: setup
	$(PY) scripts/drill.py $(ARGS)

bench: setup
	$(PY) bench/run.py $(ARGS)

screenshots: setup
	$(PY) scripts/screenshots.py $(ARGS)

# 接口改了，更新 docs/openapi.json；测试核对两者相同
openapi: setup
	@$(YG) openapi --write docs/openapi.json
