"""年度报告的勾稽：表三、表四各格合不合。纯函数，不碰数据库、时钟和配置。

R1 每一列：一加二等于三（七）加四（表三左上角的文字）。R2 每一列：（七）等于各种办理结果之和。
R3 每一行：自然人加五种法人或其他组织等于总计。R4 表四每一组：四种结果之和等于总计。
R5 每一列：上年报告的结转下年度等于本年的上年结转。R9 空着的格与 0 分开，提醒；负数是错误。
空着的格不猜：有它在内的那几条不核。
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .table3 import (
    APPLICANTS,
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    FORMS,
    GROUPS,
    OUTCOMES,
    PROCESSED,
    RECEIVED,
    results_of,
    row_label,
    rows_of,
)

Cells = Mapping[str, Mapping[str, int | None]]
OUTCOMES_SUMMED = tuple(name for name in OUTCOMES if name != "total")


class NotAReport(ValueError):
    """读不成一份报告。信息是一句中文，指明哪一格。"""


@dataclass(frozen=True)
class Report:
    """一份年度报告里要核的：样式，表三，表四（没有为空），上年的表三（没有为空）。"""

    form: str
    table3: Cells
    table4: Cells | None = None
    previous: Cells | None = None


@dataclass(frozen=True)
class Finding:
    """一处不合。``expected``、``found`` 是应当的数和现在的数，不是数目不合的为空。"""

    rule: str
    severity: str
    row: str
    column: str
    expected: int | None
    found: int | None
    message: str


def read_report(given: Any) -> Report:
    """由 JSON 的值读成一份报告；缺行缺列、不认识的行列、不是整数的抛出 ``NotAReport``。"""
    if not isinstance(given, dict):
        raise NotAReport("应是一个 JSON 对象，有 form、table3 两项。")
    _known(given, ("form", "table3", "table4", "previous"), "报告")
    form = given.get("form")
    if form not in FORMS:
        raise NotAReport(f"form：应是 {'、'.join(FORMS)} 之一。")
    table3 = _cells(given.get("table3"), rows_of(form), tuple(COLUMNS), "table3")
    table4 = given.get("table4")
    if table4 is not None:
        table4 = _cells(table4, tuple(GROUPS), tuple(OUTCOMES), "table4")
    return Report(form, table3, table4, _previous(given.get("previous")))


def _previous(given: Any) -> Cells | None:
    """上年的表三：整份报告，或者只有要用到的那一行。"""
    if given is None:
        return None
    if isinstance(given, dict) and "table3" in given:
        given = given["table3"]
    if not isinstance(given, dict) or CARRIED_OUT not in given:
        raise NotAReport(f"previous：上年的表三里没有 {CARRIED_OUT} 这一行。")
    row = {CARRIED_OUT: given[CARRIED_OUT]}
    return _cells(row, (CARRIED_OUT,), tuple(COLUMNS), "previous")


def _cells(given: Any, rows: Sequence[str], columns: Sequence[str], where: str) -> Cells:
    if not isinstance(given, dict):
        raise NotAReport(f"{where}：缺少这张表，或者不是一个对象。")
    _known(given, rows, where)
    if missing := [row for row in rows if row not in given]:
        raise NotAReport(f"{where}：缺少 {'、'.join(missing)}。没有的数写 null，不要去掉那一行。")
    found: dict[str, dict[str, int | None]] = {}
    for row in rows:
        line = given[row]
        if not isinstance(line, dict):
            raise NotAReport(f"{where}.{row}：应是一个对象，各列一个数。")
        _known(line, columns, f"{where}.{row}")
        if missing := [column for column in columns if column not in line]:
            raise NotAReport(f"{where}.{row}：缺少 {'、'.join(missing)}。没有的数写 null。")
        for column in columns:
            value = line[column]
            if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise NotAReport(f"{where}.{row}.{column}：应是整数或者 null，不能是 {value!r}。")
        found[row] = {column: line[column] for column in columns}
    return found


def _known(given: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    if unknown := [name for name in given if name not in names]:
        raise NotAReport(f"{where}：不认识 {'、'.join(map(str, unknown))}。")


def check(report: Report) -> list[Finding]:
    """一份报告的全部不合之处，照规则、行、列的次序。"""
    return [
        *_balanced(report), *_summed(report), *_across(report), *_remedies(report),
        *_carried(report), *_written(report),
    ]  # fmt: skip


def _balanced(report: Report) -> Iterator[Finding]:
    """R1。"""
    for column, label in COLUMNS.items():
        came = _sum(report.table3, (RECEIVED, CARRIED_IN), column)
        done, out = report.table3[PROCESSED][column], report.table3[CARRIED_OUT][column]
        if came is None or done is None or out is None or came == done + out:
            continue
        yield Finding(
            "R1", "error", CARRIED_OUT, column, came - done, out,
            f"“{label}”一列：第一项加第二项之和是 {came}，第三项加第四项之和是 {done + out}。",
        )  # fmt: skip


def _summed(report: Report) -> Iterator[Finding]:
    """R2。"""
    parts = [each.code for each in results_of(report.form)]
    for column, label in COLUMNS.items():
        expected, found = _sum(report.table3, parts, column), report.table3[PROCESSED][column]
        if expected is None or found is None or expected == found:
            continue
        yield Finding(
            "R2", "error", PROCESSED, column, expected, found,
            f"“{label}”一列：各种办理结果之和是 {expected}，（七）总计填的是 {found}。",
        )  # fmt: skip


def _across(report: Report) -> Iterator[Finding]:
    """R3。"""
    for row in rows_of(report.form):
        line = report.table3[row]
        expected, found = _sum_of(line[column] for column in APPLICANTS), line["total"]
        if expected is None or found is None or expected == found:
            continue
        yield Finding(
            "R3", "error", row, "total", expected, found,
            f"“{row_label(row)}”一行：六类申请人之和是 {expected}，总计填的是 {found}。",
        )  # fmt: skip


def _remedies(report: Report) -> Iterator[Finding]:
    """R4。"""
    for group, label in GROUPS.items() if report.table4 is not None else ():
        line = (report.table4 or {})[group]
        expected, found = _sum_of(line[name] for name in OUTCOMES_SUMMED), line["total"]
        if expected is None or found is None or expected == found:
            continue
        yield Finding(
            "R4", "error", group, "total", expected, found,
            f"表四“{label}”：四种结果之和是 {expected}，总计填的是 {found}。",
        )  # fmt: skip


def _carried(report: Report) -> Iterator[Finding]:
    """R5。"""
    for column, label in COLUMNS.items() if report.previous is not None else ():
        expected = (report.previous or {})[CARRIED_OUT][column]
        found = report.table3[CARRIED_IN][column]
        if expected is None or found is None or expected == found:
            continue
        yield Finding(
            "R5", "error", CARRIED_IN, column, expected, found,
            f"“{label}”一列：上年报告结转下年度 {expected}，本年的上年结转填的是 {found}；"
            "机构撤并的，请在报告里说明。",
        )  # fmt: skip


def _written(report: Report) -> Iterator[Finding]:
    """R9。"""
    tables = [(report.table3, row_label), (report.table4 or {}, GROUPS.__getitem__)]
    for cells, named in tables:
        for row, line in cells.items():
            for column, value in line.items():
                told = f"“{named(row)}”一行“{(COLUMNS | OUTCOMES)[column]}”"
                if value is None:
                    yield Finding(
                        "R9", "warning", row, column, None, None,
                        f"{told}空着：没有的填 0，用到它的几条没有核。",
                    )  # fmt: skip
                elif value < 0:
                    yield Finding(
                        "R9", "error", row, column, None, value, f"{told}是负数：{value}。"
                    )


def _sum(cells: Cells, rows: Sequence[str], column: str) -> int | None:
    return _sum_of(cells[row][column] for row in rows)


def _sum_of(values: Iterator[int | None]) -> int | None:
    """各数之和；有一个空着就为空。"""
    found = list(values)
    return None if None in found else sum(value or 0 for value in found)
