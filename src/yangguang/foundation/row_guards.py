"""由数据库触发器守着的规则：新的、改过的一行犯了规就不让写，绕过程序直接写 SQL 也一样被拒。

排他约束只有 PostgreSQL 才有，所以两种数据库都用触发器。SQLite 上凡是会重建表的迁移会连触发器一起
丢掉，那次迁移末尾要再装一次；重复执行无害。
"""

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


@dataclass(frozen=True)
class RowGuard:
    """``table`` 上的一条规则。

    ``condition`` 是犯规的条件（SQL，新的一行写作 ``NEW``），``refusal`` 是被拒的话；触发器名为
    ``{table}_{name}_insert``、``_update``，PostgreSQL 上的函数名为 ``function``。``lock`` 是
    PostgreSQL 上判断之前先锁的一行，同时写的两个事务才不会互相看不见。几项都是代码里的常量。
    """

    table: str
    name: str
    condition: str
    refusal: str
    function: str
    lock: str

    def operation(self) -> RunPython:
        """迁移操作：装上触发器。SQLite 与 PostgreSQL 通用，可撤销。"""

        def install(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
            remove(apps, editor)
            for statement in self.statements(editor.connection.vendor):
                editor.execute(statement)

        def remove(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
            suffix = f" ON {self.table}" if editor.connection.vendor == "postgresql" else ""
            for action in ("insert", "update"):
                editor.execute(f"DROP TRIGGER IF EXISTS {self._trigger(action)}{suffix}")

        return RunPython(install, remove)

    def statements(self, vendor: str) -> list[str]:
        """装上触发器的 SQL。别的数据库抛出 ``NotImplementedError``。"""
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER {self._trigger(action)} BEFORE {action.upper()} ON {self.table} "
                f"WHEN {self.condition} BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END"
                for action in ("insert", "update")
            ]
        if vendor == "postgresql":
            return [
                f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql "
                f"AS $$ BEGIN PERFORM {self.lock}; "
                f"IF {self.condition} THEN RAISE EXCEPTION '{self.refusal}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
                *(
                    f"CREATE TRIGGER {self._trigger(action)} BEFORE {action.upper()} "
                    f"ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.function}()"
                    for action in ("insert", "update")
                ),
            ]
        raise NotImplementedError(f"不支持的数据库：{vendor}")

    def _trigger(self, action: str) -> str:
        return f"{self.table}_{self.name}_{action}"
