"""代码表的读取。"""

from collections.abc import Iterable
from datetime import date

from . import rules
from .models import CodeEntry
from .registry import table_of
from .rules import CodeTable, Entry


def entries_of(table: CodeTable) -> list[Entry]:
    """一张表的全部各项，停用了的也在，按次序、先起用的在前。一次查询。"""
    rows = CodeEntry.objects.filter(table=table.slug).order_by("position", "valid_from", "pk")
    return [row.entry for row in rows] or list(table.packaged)


def entries_of_several(tables: Iterable[CodeTable]) -> dict[str, list[Entry]]:
    """几张表的全部各项，按表的代号。一次查询。"""
    wanted = list(tables)
    found: dict[str, list[Entry]] = {table.slug: [] for table in wanted}
    rows = CodeEntry.objects.filter(table__in=found).order_by("position", "valid_from", "pk")
    for row in rows:
        found[row.table].append(row.entry)
    return {table.slug: found[table.slug] or list(table.packaged) for table in wanted}


def choices_on(table: CodeTable, on: date, *, kept: str = "") -> list[tuple[str, str]]:
    """``on`` 当日可以选的：代码与说法。``kept`` 是记录上已经选了的，停用了也列着。一次查询。"""
    entries = entries_of(table)
    found = [(entry.code, entry.label) for entry in rules.in_force(entries, on)]
    if kept and kept not in dict(found):
        found.append((kept, f"{rules.label_on(entries, kept, on)}（已停用）"))
    return found


def label_on(table: CodeTable, code: str, on: date) -> str:
    """代码在 ``on`` 当日的说法。一次查询，没有代码的不查。"""
    return rules.label_on(entries_of(table), code, on) if code else ""


def is_in_force(table: CodeTable, code: str, on: date) -> bool:
    """``on`` 当日可不可以选这个代码。一次查询。"""
    return any(entry.code == code for entry in rules.in_force(entries_of(table), on))


def known(slug: str) -> CodeTable:
    """登记过的一张表；没有抛出 ``LookupError``。"""
    table = table_of(slug)
    if table is None:
        raise LookupError(f"没有登记过代码表 {slug}。")
    return table
