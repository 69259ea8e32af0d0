"""测试结束时清空所有表，只增不改的表也不例外。

``TransactionTestCase`` 靠 ``flush`` 命令清库，会被触发器拒绝。这里只包住清库这一步：同一事务里
摘下触发器、清空、原样装回。测试运行当中触发器始终在位。产品代码里没有这样的入口。
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """这段代码里摘下所有只增不改的触发器，出来时原样装回。须在一个事务里。"""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield
            for _, sql in triggers:
                cursor.execute(sql)
        else:
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal"
            )
            tables = [table for (table,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield
            # 有待查的外键时不能改表
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


@contextmanager
def flush_despite_triggers() -> Iterator[None]:
    """清库语句在摘下触发器的情形下执行。"""
    operations = type(connection.ops)
    original = operations.execute_sql_flush

    def execute_sql_flush(self: object, sql_list: Sequence[str]) -> None:
        with transaction.atomic(), triggers_lifted():
            original(self, sql_list)

    operations.execute_sql_flush = execute_sql_flush
    try:
        yield
    finally:
        operations.execute_sql_flush = original
