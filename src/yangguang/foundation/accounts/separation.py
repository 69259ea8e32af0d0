"""三员分立由数据库守着：同一个人的任职，期间重叠的必须同属一路（``rules.lane``）。

绕过程序直接写 SQL 也一样被拒。已经提前结束的任职不算。SQLite 上凡是会重建表的迁移会连触发器一起
丢掉，那次迁移末尾要再写一次 ``forbid_sharing_lanes()``；重复执行无害。
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from .rules import ADMINISTRATORS

TABLE = "accounts_roleassignment"
FUNCTION = "yangguang_administrators_are_apart"
REFUSAL = "三员分立：一个人不能同时任其中两员，三员也不得兼任业务角色"


def forbid_sharing_lanes() -> RunPython:
    """迁移操作：装上触发器。SQLite 与 PostgreSQL 通用，可撤销。"""

    def install(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, editor)
        for statement in _install(editor.connection.vendor):
            editor.execute(statement)

    def remove(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        suffix = f" ON {TABLE}" if editor.connection.vendor == "postgresql" else ""
        for action in ("insert", "update"):
            editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart_{action}{suffix}")

    return RunPython(install, remove)


def _lane(row: str) -> str:
    roles = ", ".join(f"'{role}'" for role in sorted(ADMINISTRATORS))
    return f"CASE WHEN {row}.role IN ({roles}) THEN {row}.role ELSE '' END"


def _shares() -> str:
    return f"""
    NEW.ended_at IS NULL AND EXISTS (
        SELECT 1 FROM {TABLE} other
        WHERE other.user_id = NEW.user_id
          AND other.id <> NEW.id
          AND other.ended_at IS NULL
          AND {_lane("other")} <> {_lane("NEW")}
          AND (NEW.valid_until IS NULL OR other.valid_from <= NEW.valid_until)
          AND (other.valid_until IS NULL OR other.valid_until >= NEW.valid_from)
    )
"""  # noqa: S608  只有常量


def _install(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_apart_{action} BEFORE {action.upper()} ON {TABLE} "
            f"WHEN {_shares()} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for action in ("insert", "update")
        ]
    if vendor == "postgresql":
        # 先锁账号那一行，同时授予的两个事务才不会互相看不见
        return [
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE; "
            f"IF {_shares()} THEN RAISE EXCEPTION '{REFUSAL}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            *(
                f"CREATE TRIGGER {TABLE}_apart_{action} BEFORE {action.upper()} ON {TABLE} "
                f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
                for action in ("insert", "update")
            ),
        ]
    raise NotImplementedError(f"不支持的数据库：{vendor}")
