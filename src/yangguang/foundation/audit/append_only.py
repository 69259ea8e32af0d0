"""只增不改的表：由数据库触发器拒绝 UPDATE 和 DELETE，绕过程序直接写 SQL 也一样被拒。

用法有两步，缺一步测试就不过（``tests/foundation/audit/test_append_only.py`` 逐个模型核对）：

1. 模型继承 ``AppendOnly``；
2. 迁移里在建表之后写一句 ``forbid_changes("表名")``。

SQLite 上凡是会重建表的迁移（``AlterField`` 之类）会连触发器一起丢掉，那次迁移末尾要再写一次
``forbid_changes``；重复执行无害。

``TransactionTestCase`` 结束时要清空所有表。测试环境（``tests/conftest.py`` 的
``django_db_setup``）在清库的那一刻摘下触发器，清完原样装回；产品代码里没有摘下触发器的办法。
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

REFUSAL = "只增不改，不能修改或删除已有的行"
FUNCTION = "yangguang_forbid_changes"
SUFFIXES = {"update": "_no_update", "delete": "_no_delete"}


class AppendOnly(models.Model):
    """只增不改的模型。程序里误用时在这里就给出中文说明，真正的保证是数据库触发器。"""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """只能新增。"""
        if not self._state.adding:
            raise TypeError(f"{self._meta.verbose_name}{REFUSAL}。")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """不能删除。"""
        raise TypeError(f"{self._meta.verbose_name}{REFUSAL}。")


def forbid_changes(table: str) -> RunPython:
    """迁移操作：此后 ``table`` 里的行只能增加。SQLite 与 PostgreSQL 通用，可撤销。"""

    def install(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, editor)
        for statement in _install(editor.connection.vendor, table):
            editor.execute(statement, None)

    def remove(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _remove(editor.connection.vendor, table):
            editor.execute(statement, None)

    return RunPython(install, remove)


def _install(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}{suffix}" BEFORE {action.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"
            for action, suffix in SUFFIXES.items()
        ]
    if vendor == "postgresql":
        rows = [
            f'CREATE TRIGGER "{table}{suffix}" BEFORE {action.upper()} ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
            for action, suffix in SUFFIXES.items()
        ]
        return [
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '% {REFUSAL}', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            *rows,
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
        ]
    raise NotImplementedError(f"不支持的数据库：{vendor}")


def _remove(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{table}{suffix}"' for suffix in SUFFIXES.values()]
    return [
        f'DROP TRIGGER IF EXISTS "{table}{suffix}" ON "{table}"'
        for suffix in (*SUFFIXES.values(), "_no_truncate")
    ]
