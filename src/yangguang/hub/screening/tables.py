"""词典与表格之间的往来：一张表一部词典，首行是栏名；读不成的逐格说明。纯规则，不碰数据库和时钟。

``data/screening`` 里的 csv 和工作台导出、导入的 xlsx，栏都一样。
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from .entries import DICTIONARIES, SEVERITIES, Dictionary, Entry, Field, faults

LISTED = "、"
MOST_FAULTS = 100
"""一次最多说这么多处毛病：再多，看的人也先改这些。"""
MOST_ENTRIES = 200_000
_CODES = {label: code for code, label in SEVERITIES.items()}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Line = Sequence[object]


@dataclass(frozen=True)
class Fault:
    """一处毛病：第几行、哪一栏、第几列（A、B……），为什么。首行是栏名，算第 1 行。"""

    row: int
    heading: str
    column: str
    reason: str

    def __str__(self) -> str:
        cell = f"（{self.column}{self.row}）" if self.column else ""
        return f"第 {self.row} 行“{self.heading}”{cell}：{self.reason}"


class FaultyTable(Exception):  # noqa: N818  读不成是答复，不是程序出错
    """表里有毛病，一行也不收。``faults`` 是全部毛病，最多 ``MOST_FAULTS`` 处。"""

    def __init__(self, found: Sequence[Fault]) -> None:
        self.faults = list(found[:MOST_FAULTS])
        super().__init__("\n".join(str(fault) for fault in self.faults))


def read(dictionary: str, lines: Iterable[Line]) -> list[Entry]:
    """把一张表读成词条；空行跳过。有毛病抛出 ``FaultyTable``，带上全部毛病。"""
    known = DICTIONARIES[dictionary]
    rows = iter(lines)
    headings = [_text(cell) for cell in next(rows, ())]
    while headings and not headings[-1]:
        headings.pop()
    if wrong := _heading_faults(known, headings):
        raise FaultyTable(wrong)
    at = {heading: place for place, heading in enumerate(headings)}
    found: list[Entry] = []
    bad: list[Fault] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(rows, start=2):
        cells = {f.heading: line[at[f.heading]] for f in known.fields if at[f.heading] < len(line)}
        if not any(_text(cell) for cell in cells.values()):
            continue
        entry, wrong = _read_row(known, number, cells, at)
        bad += wrong
        if entry is not None:
            first = seen.setdefault(_key(entry), number)
            if first != number:
                bad.append(_fault(known.fields[0], number, at, f"与第 {first} 行重复。"))
            found.append(entry)
        if len(bad) >= MOST_FAULTS:
            break
        if len(found) > MOST_ENTRIES:
            bad.append(_fault(known.fields[0], number, at, f"超过 {MOST_ENTRIES} 条，请拆开。"))
            break
    if bad:
        raise FaultyTable(bad)
    return found


def read_csv(dictionary: str, text: str) -> list[Entry]:
    """读 csv 的文字。"""
    return read(dictionary, csv.reader(StringIO(text)))


def write(dictionary: str, entries: Iterable[Entry]) -> list[list[object]]:
    """把词条写成一张表，首行是栏名；``read`` 的逆。"""
    fields = DICTIONARIES[dictionary].fields
    return [
        [each.heading for each in fields],
        *([_cell(each, getattr(entry, each.name)) for each in fields] for entry in entries),
    ]


def _heading_faults(known: Dictionary, headings: Sequence[str]) -> list[Fault]:
    wanted = [each.heading for each in known.fields]
    told = "、".join(wanted)
    bad = []
    for place, heading in enumerate(headings):
        if heading not in wanted:
            bad.append(
                Fault(1, heading, letter(place), f"没有这一栏；“{known.label}”的栏是{told}。")
            )
        elif headings.index(heading) != place:
            bad.append(Fault(1, heading, letter(place), "这一栏出现了不止一次。"))
    bad += [Fault(1, name, "", "缺少这一栏。") for name in wanted if name not in headings]
    return bad


def _read_row(
    known: Dictionary, number: int, cells: dict[str, object], at: dict[str, int]
) -> tuple[Entry | None, list[Fault]]:
    values: dict[str, Any] = {}
    bad = []
    for each in known.fields:
        try:
            values[each.name] = _value(each, cells.get(each.heading))
        except ValueError as error:
            bad.append(_fault(each, number, at, str(error)))
    if bad:
        return None, bad
    entry = Entry(known.code, **values)
    by_name = {each.name: each for each in known.fields}
    bad = [_fault(by_name[name], number, at, reason) for name, reason in faults(entry)]
    return (None, bad) if bad else (entry, [])


def _fault(field: Field, number: int, at: dict[str, int], reason: str) -> Fault:
    return Fault(number, field.heading, letter(at[field.heading]), reason)


def _key(entry: Entry) -> tuple[str, ...]:
    """认定“同一条”的几栏：领导人按姓名和职务，地名按地名和上级，别的按词。"""
    second = entry.right if entry.dictionary in ("leaders", "places") else ""
    return (entry.text, second, str(entry.valid_from or ""))


def letter(place: int) -> str:
    """第几列（从 0 数）的字母：A、B……Z、AA。"""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _value(field: Field, cell: object) -> Any:
    """一格的值；读不成抛出 ``ValueError``，信息是给人看的一句话。"""
    if field.form == "date":
        return _date(cell)
    text = _text(cell)
    if _CONTROL.search(text):
        raise ValueError("含有换行或看不见的字符，请删去。")
    if text.startswith("="):
        raise ValueError("是公式，请粘贴为值。")
    if field.form == "list":
        return tuple(dict.fromkeys(part.strip() for part in text.split(LISTED) if part.strip()))
    if field.form == "severity":
        if text and text not in _CODES:
            raise ValueError(f"“{text[:20]}”应为“拦下”或“提醒”，也可以空着。")
        return _CODES.get(text, "")
    return text


def _date(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"“{text[:20]}”不是有效的日期，应写成 2020-09-25 的样子。")


def _cell(field: Field, value: Any) -> object:
    if field.form == "list":
        return LISTED.join(value)
    if field.form == "severity":
        return SEVERITIES.get(value, "")
    return "" if value is None else value
