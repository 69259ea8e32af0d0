"""代码表的读取。"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import rules
from .models import CodeEntry
from .registry import table_of
from .rules import CodeTable, Entry


@dataclass
class _Request:
    """办着的一次请求：读过的改过的各表，还没有读的为空。"""

    entries: dict[str, list[Entry]] | None = None


_request: ContextVar[_Request | None] = ContextVar("code_request", default=None)


def begin_request(**_: Any) -> None:
    """一次请求开始：请求里代码表至多读一次。"""
    _request.set(_Request())


def end_request(**_: Any) -> None:
    """一次请求结束。"""
    _request.set(None)


def forget() -> None:
    """代码表改了：这次请求里读过的不再作数。"""
    if _request.get() is not None:
        _request.set(_Request())


def entries_of(table: CodeTable) -> list[Entry]:
    """一张表的全部各项，停用了的也在，按次序、先起用的在前。一次查询，一次请求里只查一次。"""
    return entries_of_several((table,))[table.slug]


def entries_of_several(tables: Iterable[CodeTable]) -> dict[str, list[Entry]]:
    """几张表的全部各项，按表的代号。一次查询，一次请求里只查一次。"""
    changed = _changed()
    return {table.slug: changed.get(table.slug) or list(table.packaged) for table in tables}


def _changed() -> dict[str, list[Entry]]:
    """改过的各表的各项；没有改过的不在其中。"""
    request = _request.get()
    if request is not None and request.entries is not None:
        return request.entries
    found: dict[str, list[Entry]] = {}
    for row in CodeEntry.objects.order_by("table", "position", "valid_from", "pk"):
        found.setdefault(row.table, []).append(row.entry)
    if request is not None:
        request.entries = found
    return found


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
