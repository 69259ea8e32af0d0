"""四张表合在一起是否对得上：上级在不在、代码合不合格、名称重不重叠。"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from .rules import DEMONSTRATION_PREFIX, DatedName, overlap, uscc_is_valid
from .tables import SHEETS, Fault, Row, Tables

_EARLIEST = date.min
_DIVISION = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")
_HEADINGS = {
    (sheet.field, column.field): (sheet.name, column.heading)
    for sheet in SHEETS
    for column in sheet.columns
}


def check(tables: Tables) -> list[Fault]:
    """全部不一致之处。``tables`` 是写入之后的全貌，错误记在新来的那一行上。"""
    codes = {row.values["code"] for row in tables.organisations}
    found = [
        *_organisations(tables.organisations, codes),
        *_names(tables, codes),
        *_successions(tables.successions, codes),
        *_groups(tables.groups, codes),
    ]
    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    return sorted(found, key=lambda fault: (order[fault.sheet], fault.row))


def _fault(table: str, row: Row, name: str, reason: str) -> Fault:
    sheet, heading = _HEADINGS[table, name]
    return Fault(sheet, row.number, heading, reason)


def _known(table: str, row: Row, name: str, codes: set[str]) -> Iterator[Fault]:
    value = row.values[name]
    for code in value if isinstance(value, list) else [value]:
        if code and code not in codes:
            yield _fault(table, row, name, f"没有代码为“{code}”的机构。")


def _dates(table: str, row: Row) -> Iterator[Fault]:
    start, end = row.values["valid_from"], row.values["valid_until"]
    if start and end and end < start:
        yield _fault(table, row, "valid_until", f"{end} 早于起日 {start}。")


def _organisations(rows: list[Row], codes: set[str]) -> Iterator[Fault]:
    table = "organisations"
    parents = {row.values["code"]: row.values["parent"] for row in rows}
    bearers: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        values = row.values
        yield from _known(table, row, "parent", codes)
        yield from _known(table, row, "disclosure_authority", codes)
        yield from _dates(table, row)
        if _is_own_ancestor(values["code"], parents):
            yield _fault(table, row, "parent", "上级绕回了自己。")
        if values["division_code"] and not _DIVISION.fullmatch(values["division_code"]):
            yield _fault(table, row, "division_code", "行政区划代码应为 6、9 或 12 位数字。")
        yield from _uscc(row)
        if values["uscc"]:
            bearers[values["uscc"]].append(row)
    for same in bearers.values():
        if len(same) > 1:
            names = "、".join(row.values["code"] for row in same)
            newest = max(same, key=lambda row: row.number)
            yield _fault(table, newest, "uscc", f"几个机构用了同一个信用代码：{names}。")


def _is_own_ancestor(code: str, parents: dict[str, str]) -> bool:
    current, seen = parents.get(code), set()
    while current and current not in seen:
        if current == code:
            return True
        seen.add(current)
        current = parents.get(current)
    return False


def _uscc(row: Row) -> Iterator[Fault]:
    code, marked = row.values["uscc"], row.values["uscc_is_demonstration"]
    if code and not uscc_is_valid(code):
        yield _fault("organisations", row, "uscc", f"“{code}”不合格：位数、字符或校验位有误。")
    elif marked != code.startswith(DEMONSTRATION_PREFIX):
        reason = "演示代码须标“是”。" if code and not marked else "不是演示代码，不能标“是”。"
        yield _fault("organisations", row, "uscc_is_demonstration", reason)


def _names(tables: Tables, codes: set[str]) -> Iterator[Fault]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in tables.names:
        yield from _known("names", row, "organisation", codes)
        yield from _dates("names", row)
        groups[row.values["organisation"], row.values["kind"]].append(row)
    for (_, kind), rows in groups.items():
        yield from _overlaps(kind, rows)
    for row in tables.organisations:
        for kind, name in (("official", "name"), ("short", "short_name")):
            latest = _latest(groups[row.values["code"], kind])
            if latest is None or latest.values["name"] == row.values[name]:
                continue
            if row.number:
                reason = f"与“名称”表里现用的“{latest.values['name']}”不一致；改名请用更名。"
                yield _fault("organisations", row, name, reason)
            else:
                reason = f"是期间最晚的，却与机构现名“{row.values[name]}”不一致。"
                yield _fault("names", latest, "name", reason)


def _overlaps(kind: str, rows: list[Row]) -> Iterator[Fault]:
    rows = sorted(rows, key=lambda row: row.number)
    for place, row in enumerate(rows):
        for earlier in rows[:place]:
            if kind == "alias" and earlier.values["name"] != row.values["name"]:
                continue
            if overlap(_dated(earlier.values), _dated(row.values)):
                reason = f"与“{earlier.values['name']}”的期间重叠。"
                yield _fault("names", row, "valid_from", reason)
                break


def _dated(values: dict[str, Any]) -> DatedName:
    return DatedName(values["name"], values["kind"], values["valid_from"], values["valid_until"])


def _latest(rows: list[Row]) -> Row | None:
    """期间最晚的名称。"""
    return max(rows, key=lambda row: row.values["valid_from"] or _EARLIEST, default=None)


def _successions(rows: list[Row], codes: set[str]) -> Iterator[Fault]:
    for row in rows:
        yield from _known("successions", row, "predecessor", codes)
        yield from _known("successions", row, "successor", codes)
        if row.values["predecessor"] == row.values["successor"]:
            yield _fault("successions", row, "successor", "机构不能承接自己。")


def _groups(rows: list[Row], codes: set[str]) -> Iterator[Fault]:
    for row in rows:
        for name in ("organisation", "within", "except", "members"):
            yield from _known("groups", row, name, codes)
