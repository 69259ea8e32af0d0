"""用过的词典不能改：由数据库触发器拒绝，绕过程序直接写 SQL 也一样。

一版离开“起草”以后，它的词条不能增、不能改、不能删。迁移里建表之后写一句 ``freeze_entries``；
以后的迁移若要重建这两张表，先撤下这几个触发器，末尾再写一次。
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

REFUSAL = "用过的词典不能改"
_FUNCTION = "yangguang_freeze_entries"
_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def freeze_entries(table: str, versions: str) -> RunPython:
    """迁移操作：``versions`` 里不在“起草”的一版，``table`` 里它的行不再变动。可撤销。"""

    def install(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, editor)
        for statement in _install(editor.connection.vendor, table, versions):
            editor.execute(statement, None)

    def remove(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        for action in _ROWS:
            editor.execute(f'DROP TRIGGER IF EXISTS "{table}_frozen_{action}"{on}', None)

    return RunPython(install, remove)


def _install(vendor: str, table: str, versions: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_frozen_{action}" BEFORE {action.upper()} ON "{table}" '
            f"WHEN {' OR '.join(_closed(row, versions) for row in rows)} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for action, rows in _ROWS.items()
        ]
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF TG_OP <> 'INSERT' AND {_closed('OLD', versions)} "
            f"OR TG_OP <> 'DELETE' AND {_closed('NEW', versions)} THEN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            *(
                f'CREATE TRIGGER "{table}_frozen_{action}" BEFORE {action.upper()} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
                for action in _ROWS
            ),
        ]
    raise NotImplementedError(f"不支持的数据库：{vendor}")


def _closed(row: str, versions: str) -> str:
    query = f'SELECT state FROM "{versions}" WHERE id = {row}.version_id'  # noqa: S608  都是表名
    return f"({query}) <> 'draft'"
