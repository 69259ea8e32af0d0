"""登记：各应用在自己的 ``codes`` 模块里登记自己用的代码表。"""

from .rules import CodeTable

_tables: dict[str, CodeTable] = {}


def register(table: CodeTable) -> CodeTable:
    """登记一张；登记过的抛出 ``ValueError``。"""
    if table.slug in _tables:
        raise ValueError(f"代码表 {table.slug} 已经登记过。")
    _tables[table.slug] = table
    return table


def tables() -> tuple[CodeTable, ...]:
    """全部代码表，按登记的次序。"""
    return tuple(_tables.values())


def table_of(slug: str) -> CodeTable | None:
    """代号为 ``slug`` 的一张；没有为空。"""
    return _tables.get(slug)
