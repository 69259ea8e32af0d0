"""迁移好的测试数据库：迁移引用的每一样都算在它的名字里，内容与现在的迁移、模型相符。"""

import re

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.prepared import MIGRATIONS, ROOT, SOURCES, name

IMPORTED = re.compile(r"^\s*(?:from|import) (yangguang[\w.]*)", re.MULTILINE)


def test_everything_a_migration_imports_is_in_the_name() -> None:
    known = {path for pattern in SOURCES for path in ROOT.glob(pattern)}
    waiting = list(ROOT.glob(MIGRATIONS))
    assert len(waiting) > 50
    missing = set()
    for migration in waiting:
        for module in IMPORTED.findall(migration.read_text("utf-8")):
            path = ROOT / "src" / f"{module.replace('.', '/')}.py"
            if path not in known:
                missing.add(f"{migration.relative_to(ROOT)} → {module}")
    assert missing == set(), "请加到 tests/prepared.py 的 SOURCES"


def test_a_changed_migration_is_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    before = name()
    assert name() == before
    monkeypatch.setattr("tests.prepared.SOURCES", SOURCES[1:])
    assert name() != before


@pytest.mark.django_db
def test_every_migration_has_run_and_every_model_is_known_by_its_type() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        assert model._meta.proxy or model._meta.db_table in tables
        assert ContentType.objects.filter(
            app_label=model._meta.app_label, model=model._meta.model_name
        ).exists()
