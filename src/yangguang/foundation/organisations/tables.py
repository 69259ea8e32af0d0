"""机构资料的四张表：机构、名称、沿革、集合词。

同样的列既用于 ``data/`` 里的 csv，也用于 xlsx 的导出和导入；这里只管把格子读成值、把值写成格子，
读不成的逐格说明。表与表之间是否对得上，见 ``consistency``。
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .models import Certainty, Kind, Level, NameKind

Raw = Mapping[str, Sequence[Sequence[object]]]
"""各表的原样：表名 → 各行，首行是列名。"""

LISTED = "、"


@dataclass(frozen=True)
class Fault:
    """一处错误：哪张表、第几行、哪一列、为什么。首行是列名，算第 1 行。"""

    sheet: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"“{self.sheet}”第 {self.row} 行“{self.column}”：{self.reason}"


class FaultyTables(Exception):  # noqa: N818
    """资料有错，一行也没有写入。``faults`` 是全部错误。"""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Column:
    """一列。``form`` 说明值的样子：text、code、list、date、flag 或 choice。"""

    field: str
    heading: str
    form: str = "text"
    required: bool = False
    length: int = 0
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """一张表。``key`` 是认定“同一行”的几列。"""

    field: str
    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _code(name: str, heading: str, required: bool = False) -> Column:
    return Column(name, heading, "code", required, 64)


def _choice(name: str, heading: str, labels: Any) -> Column:
    return Column(name, heading, "choice", True, choices=tuple(labels.choices))


SHEETS = (
    Sheet(
        "organisations",
        "机构",
        ("code",),
        (
            _code("code", "代码", required=True),
            _code("parent", "上级"),
            Column("name", "全称", required=True, length=100),
            Column("short_name", "简称", required=True, length=60),
            _choice("level", "层级", Level),
            _choice("kind", "性质", Kind),
            Column("uscc", "信用代码", length=18),
            Column("uscc_is_demonstration", "信用代码是演示代码", "flag"),
            Column("division_code", "行政区划代码", length=12),
            _code("disclosure_authority", "主管部门"),
            Column("line_superior", "上级业务主管机关", length=100),
            Column("valid_from", "设立日期", "date"),
            Column("valid_until", "撤销日期", "date"),
            _choice("certainty", "可靠程度", Certainty),
            Column("source", "资料来源", length=300),
        ),
    ),
    Sheet(
        "names",
        "名称",
        ("organisation", "kind", "name", "valid_from"),
        (
            _code("organisation", "机构", required=True),
            Column("name", "名称", required=True, length=100),
            _choice("kind", "种类", NameKind),
            Column("valid_from", "启用日期", "date"),
            Column("valid_until", "停用日期", "date"),
            Column("note", "依据与说明", length=300),
        ),
    ),
    Sheet(
        "successions",
        "沿革",
        ("predecessor", "successor"),
        (
            _code("predecessor", "原机构", required=True),
            _code("successor", "承接机构", required=True),
            Column("on", "承接日期", "date", required=True),
            Column("note", "依据与说明", length=300),
        ),
    ),
    Sheet(
        "groups",
        "集合词",
        ("organisation", "phrase"),
        (
            _code("organisation", "所属机构", required=True),
            Column("phrase", "集合词", required=True, length=60),
            Column("variants", "其他写法", "list"),
            Column("is_open", "开放", "flag"),
            Column("levels", "层级", "choices", choices=tuple(Level.choices)),
            Column("kinds", "性质", "choices", choices=tuple(Kind.choices)),
            _code("within", "范围"),
            Column("except", "除外", "list"),
            Column("members", "指明的成员", "list"),
            Column("note", "说明", length=300),
        ),
    ),
)


@dataclass(frozen=True)
class Row:
    """表里的一行。``number`` 是它在原表的行号，来自数据库的为 0。"""

    values: dict[str, Any]
    number: int = 0


@dataclass
class Tables:
    """读好的四张表；没有给的表为空。"""

    organisations: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)
    successions: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)

    def rows(self, sheet: Sheet) -> list[Row]:
        """某张表的各行。"""
        found: list[Row] = getattr(self, sheet.field)
        return found

    def plain(self) -> dict[str, list[dict[str, Any]]]:
        """不带行号的值，各表按键排序，供比较。"""
        return {
            sheet.field: sorted(
                (row.values for row in self.rows(sheet)), key=lambda v: key(sheet, v)
            )
            for sheet in SHEETS
        }


def key(sheet: Sheet, values: Mapping[str, Any]) -> tuple[str, ...]:
    """一行的键。"""
    return tuple(str(values[name] or "") for name in sheet.key)


def read(raw: Raw) -> tuple[Tables, list[Fault]]:
    """把格子读成值。返回读成的各行和全部错误；有错的行不在结果里。"""
    tables, faults = Tables(), []
    known = {sheet.name for sheet in SHEETS}
    for name in raw:
        if name not in known:
            faults.append(
                Fault(name, 1, "表名", "不认识的表，应为" + "、".join(sorted(known)) + "。")
            )
    for sheet in SHEETS:
        if sheet.name in raw:
            faults += _read_sheet(sheet, raw[sheet.name], tables.rows(sheet))
    return tables, faults


def _read_sheet(sheet: Sheet, lines: Sequence[Sequence[object]], rows: list[Row]) -> list[Fault]:
    headings = [_text(cell) for cell in (lines[0] if lines else ())]
    faults = []
    by_heading = {column.heading: column for column in sheet.columns}
    for heading in headings:
        if heading and heading not in by_heading:
            faults.append(Fault(sheet.name, 1, heading, "不认识的列。"))
        elif heading and headings.count(heading) > 1:
            faults.append(Fault(sheet.name, 1, heading, "这一列出现了不止一次。"))
    for column in sheet.columns:
        if column.heading not in headings:
            faults.append(Fault(sheet.name, 1, column.heading, "缺少这一列。"))
    if faults:
        return faults
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(headings, line, strict=False))
        if all(_text(cell) == "" for cell in cells.values()):
            continue
        values, wrong = _read_row(sheet, number, cells)
        faults += wrong
        if wrong:
            continue
        if earlier := seen.setdefault(key(sheet, values), number) != number:
            first = seen[key(sheet, values)]
            heading = next(c.heading for c in sheet.columns if c.field == sheet.key[-1])
            heading = heading if len(sheet.key) < 3 else "名称"
            faults.append(Fault(sheet.name, number, heading, f"与第 {first} 行重复。"))
        if not earlier:
            rows.append(Row(values, number))
    return faults


def _read_row(
    sheet: Sheet, number: int, cells: Mapping[str, object]
) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults = []
    for column in sheet.columns:
        try:
            values[column.field] = _value(column, cells.get(column.heading))
        except ValueError as error:
            faults.append(Fault(sheet.name, number, column.heading, str(error)))
    return values, faults


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _value(column: Column, cell: object) -> Any:
    """一格的值；读不成抛出 ``ValueError``，信息是给人看的一句话。"""
    text = _text(cell)
    if _CONTROL.search(text):
        raise ValueError("含有看不见的控制字符，请删去。")
    if text.startswith("="):
        raise ValueError("是公式，请粘贴为值。")
    if column.field == "uscc" and isinstance(cell, int | float):
        raise ValueError("被存成了数字，可能已经失真，请把格式设为文本后重新填写。")
    if column.required and not text:
        raise ValueError("不能为空。")
    if column.length and len(text) > column.length:
        raise ValueError(f"太长，最多 {column.length} 个字。")
    if column.form == "code" and text and not _SLUG.fullmatch(text):
        raise ValueError(f"“{text}”不是代码：只能用小写字母、数字和连字符。")
    if column.form == "date":
        return _date(cell, text)
    if column.form == "flag":
        if text not in ("", "是", "否"):
            raise ValueError(f"“{text}”应为“是”或“否”。")
        return text == "是"
    if column.form == "choice":
        return _choose(column, text)
    if column.form == "list":
        return _items(text)
    if column.form == "choices":
        return [_choose(column, item) for item in _items(text)]
    return text


def _items(text: str) -> list[str]:
    return list(dict.fromkeys(item.strip() for item in text.split(LISTED) if item.strip()))


def _choose(column: Column, text: str) -> str:
    for code, label in column.choices:
        if text == str(label):
            return code
    labels = "、".join(str(label) for _, label in column.choices)
    raise ValueError(f"“{text}”不在可选范围内：{labels}。")


def _date(cell: object, text: str) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not text:
        return None
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _no_date()
    except ValueError:
        raise ValueError(f"“{text}”不是有效的日期，应写成 2020-09-25 的样子。") from None


def _no_date() -> date:
    raise ValueError


def write(tables: Tables) -> dict[str, list[list[object]]]:
    """把值写成格子，首行是列名；``read`` 的逆。"""
    return {
        sheet.name: [
            [column.heading for column in sheet.columns],
            *(
                [_cell(column, row.values[column.field]) for column in sheet.columns]
                for row in tables.rows(sheet)
            ),
        ]
        for sheet in SHEETS
    }


def _cell(column: Column, value: Any) -> object:
    labels = {code: str(label) for code, label in column.choices}
    if column.form == "flag":
        return "是" if value else "否"
    if column.form == "choice":
        return labels[value]
    if column.form == "choices":
        return LISTED.join(labels[item] for item in value)
    if column.form == "list":
        return LISTED.join(value)
    return "" if value is None else value
