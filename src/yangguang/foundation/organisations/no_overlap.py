"""同一机构的全称（简称）期间不得重叠：由数据库触发器保证，绕过程序直接写 SQL 也一样被拒。

排他约束只有 PostgreSQL 才有，所以两种数据库都用触发器。SQLite 上凡是会重建表的迁移会连触发器
一起丢掉，那次迁移末尾要再写一次 ``forbid_overlap()``；重复执行无害。
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

TABLE = "organisations_organisationname"
FUNCTION = "yangguang_names_do_not_overlap"
REFUSAL = "同一机构的全称或简称期间重叠"
_OVERLAPS = f"""
    NEW.kind <> 'alias' AND EXISTS (
        SELECT 1 FROM {TABLE} other
        WHERE other.organisation_id = NEW.organisation_id
          AND other.kind = NEW.kind
          AND other.id <> NEW.id
          AND (other.valid_from IS NULL OR NEW.valid_until IS NULL
               OR other.valid_from <= NEW.valid_until)
          AND (other.valid_until IS NULL OR NEW.valid_from IS NULL
               OR other.valid_until >= NEW.valid_from)
    )
"""  # noqa: S608  只有常量


def forbid_overlap() -> RunPython:
    """迁移操作：装上触发器。SQLite 与 PostgreSQL 通用，可撤销。"""

    def install(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, editor)
        for statement in _install(editor.connection.vendor):
            editor.execute(statement)

    def remove(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        suffix = f" ON {TABLE}" if editor.connection.vendor == "postgresql" else ""
        for action in ("insert", "update"):
            editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_overlap_{action}{suffix}")

    return RunPython(install, remove)


def _install(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_no_overlap_{action} BEFORE {action.upper()} ON {TABLE} "
            f"WHEN {_OVERLAPS} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for action in ("insert", "update")
        ]
    if vendor == "postgresql":
        # 先锁机构那一行，同时改名的两个事务才不会互相看不见。
        return [
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM organisations_organisation WHERE id = NEW.organisation_id FOR UPDATE; "
            f"IF {_OVERLAPS} THEN RAISE EXCEPTION '{REFUSAL}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            *(
                f"CREATE TRIGGER {TABLE}_no_overlap_{action} BEFORE {action.upper()} ON {TABLE} "
                f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
                for action in ("insert", "update")
            ),
        ]
    raise NotImplementedError(f"不支持的数据库：{vendor}")
