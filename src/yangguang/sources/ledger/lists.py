"""单位公文系统导出的发文清单：认栏名，逐行读，读不成的逐格说明。纯函数，不碰数据库和时钟。

清单各式各样：栏名叫法不同，表头上面还有一行大标题；日期有汉字的、加点的、Excel 的序号。
好的行照收，坏的行逐行说清楚，改好再导入不会重复。
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.foundation.files.tables import UnreadableTable, sheet_of
from yangguang.foundation.screening.rules import secret_mark
from yangguang.sources.documents.dates import find_dates, is_unfinished
from yangguang.sources.documents.disclosure import DISCLOSURES
from yangguang.sources.documents.marks import disclosure_of
from yangguang.sources.documents.numbers import line_number

from .rules import address_fault, date_faults

Cell = object
Line = Sequence[Cell]

MOST_ROWS = 20_000
"""一份清单最多几行。"""
MOST_FAULTS = 500
"""最多逐行说这么多行：再多的先改这些。"""
HEAD_WITHIN = 10
"""栏名在前几行里找。"""
ROWS_ABOVE = 20
"""栏名和它上面的标题、中间的空行最多占这么多行。"""
TITLE_LENGTH, SYSTEM_LENGTH, ADDRESS_LENGTH = 500, 60, 500

FIELDS: Mapping[str, tuple[str, ...]] = {
    "document_number": ("发文字号", "文号", "字号", "发文号", "文件字号", "文件编号", "公文文号"),
    "title": ("标题", "文件标题", "公文标题", "文件名称", "题名", "名称"),
    "organisation": (
        "制发机构",
        "制发机关",
        "发文机关",
        "发文单位",
        "印发单位",
        "制发单位",
        "单位",
    ),
    "written_on": ("成文日期", "成文时间", "形成日期", "签发日期", "签发时间"),
    "issued_on": ("印发日期", "印发时间", "发文日期", "发文时间", "封发日期", "封发时间"),
    "disclosure": ("公开属性", "公开方式", "公开类别", "公开类型", "是否公开", "信息公开属性"),
    "online_on": ("上网日期", "上网时间", "发布日期", "发布时间", "公开日期", "公开时间"),
    "address": ("网址", "公开网址", "链接", "公开地址", "上网地址", "网页地址", "发布地址"),
}
"""各栏可能的叫法，第一个是我们的叫法。"""
REQUIRED = ("document_number", "title", "issued_on", "disclosure")
LABELS = {name: names[0] for name, names in FIELDS.items()}
_NO_NUMBER = frozenset({"", "无", "无字号", "无文号", "—", "-", "/"})
_EPOCH = date(1899, 12, 30)
SERIALS = range(25_569, 73_051)
"""Excel 的日期序号：1970 年到 2099 年。"""
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_CLOCK = re.compile(
    r"(?<=[\d日号])[T\s]+\d{1,2}[:：]\d\d(?:[:：]\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_YES_NO = {"是": "proactive", "公开": "proactive"}


@dataclass(frozen=True)
class Row:
    """读成的一行。``organisation`` 照清单上的写法，没有这一栏的为空；``number`` 是清单的第几行。"""

    number: int
    document_number: str
    title: str
    organisation: str
    written_on: date | None
    issued_on: date
    disclosure: str
    online_on: date | None = None
    address: str = ""
    text: str = ""


@dataclass(frozen=True)
class Fault:
    """一处不对：清单的第几行、哪一栏，为什么。``title`` 是那一行的标题，帮人找到它。"""

    row: int
    field: str
    reason: str
    title: str = ""

    def __str__(self) -> str:
        where = f"“{LABELS[self.field]}”" if self.field else ""
        return f"第 {self.row} 行{where}：{self.reason}"


@dataclass(frozen=True)
class Reading:
    """读一份清单的结果：读成的行，不对的地方。"""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    lines: int = 0


class NotAList(Exception):  # noqa: N818  读不成是答复，不是程序出错
    """不是发文清单。信息是一句中文。"""


class Marked(Exception):  # noqa: N818
    """清单里有密级标志：一行也不收，什么也不留下。"""


def read_list(content: bytes, today: date) -> Reading:
    """读一份清单的文件。读不成抛出 ``NotAList``，有密级标志抛出 ``Marked``。"""
    try:
        sheet = sheet_of(content, MOST_ROWS + ROWS_ABOVE)
    except UnreadableTable as error:
        raise NotAList(str(error)) from error
    return read(sheet.lines, today, since=sheet.since)


def read(lines: Iterable[Line], today: date, *, since: timedelta = timedelta()) -> Reading:
    """读一张表。``since`` 是工作簿的日期序号要加的天数。

    没有栏名、太多行抛出 ``NotAList``；有密级标志抛出 ``Marked``。
    """
    numbered = enumerate(lines, start=1)
    at = _head(numbered)
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[tuple[object, ...], int] = {}
    count = 0
    for number, line in numbered:
        texts = [text_of(cell) for cell in line]
        if not any(texts):
            continue
        _refuse_marked(texts)
        count += 1
        if count > MOST_ROWS:
            raise NotAList(f"清单超过 {MOST_ROWS:,} 行，请按年份或单位分成几份再导入。")
        cells = {name: line[place] for name, place in at.items() if place < len(line)}
        _add(number, cells, today, since, rows, faults, seen)
    if not count:
        raise NotAList("清单里只有栏名，没有文件。")
    return Reading(tuple(rows), tuple(faults), count)


def read_entries(entries: Iterable[Mapping[str, Any]], today: date) -> Reading:
    """读接口交来的各件，键就是 ``FIELDS`` 的各项，另有 ``text``。"""
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[tuple[object, ...], int] = {}
    count = 0
    for number, entry in enumerate(entries, start=1):
        _refuse_marked([text_of(value) for value in entry.values()])
        count += 1
        _add(number, entry, today, timedelta(), rows, faults, seen)
    return Reading(tuple(rows), tuple(faults), count)


def read_one(values: Mapping[str, Any], today: date) -> tuple[Row | None, list[Fault]]:
    """读一件：读成的，或者哪里不对。"""
    bad: list[Fault] = []
    title = text_of(values.get("title"))

    def attempt(field: str, reader: Any) -> Any:
        try:
            return reader(values.get(field))
        except ValueError as error:
            bad.append(Fault(0, field, str(error), title[:60]))
            return None

    found = {
        "document_number": attempt("document_number", _number),
        "title": attempt("title", _title),
        "written_on": attempt("written_on", as_date),
        "issued_on": attempt("issued_on", as_date),
        "disclosure": attempt("disclosure", _disclosure),
        "online_on": attempt("online_on", as_date),
        "address": attempt("address", _address),
    }
    tried = {fault.field for fault in bad}
    if found["issued_on"] is None and "issued_on" not in tried:
        bad.append(Fault(0, "issued_on", "没有填。上网期限从这一天起算。", title[:60]))
    told = date_faults(found["written_on"], found["issued_on"], found["online_on"], today)
    bad += [Fault(0, field, reason, title[:60]) for field, reason in told]
    if found["address"] and found["online_on"] is None and "online_on" not in tried:
        bad.append(Fault(0, "online_on", "有网址，没有填上网日期。", title[:60]))
    if bad:
        return None, bad
    organisation, text = text_of(values.get("organisation")), str(values.get("text") or "").strip()
    return Row(0, **found, organisation=organisation, text=text), []


def _add(
    number: int,
    cells: Mapping[str, Cell],
    today: date,
    since: timedelta,
    rows: list[Row],
    faults: list[Fault],
    seen: dict[tuple[object, ...], int],
) -> None:
    moved = {name: _moved(cell, since) for name, cell in cells.items()}
    row, bad = read_one(moved, today)
    faults += [Fault(number, each.field, each.reason, each.title) for each in bad]
    if row is None:
        return
    key = identity(row.document_number, row.organisation, row.title, row.issued_on)
    first = seen.setdefault(key, number)
    if first != number:
        field, told = (
            ("document_number", "文号") if row.document_number else ("title", "标题和日期")
        )
        faults.append(Fault(number, field, f"与第 {first} 行的{told}相同。", row.title[:60]))
        return
    rows.append(Row(**{**vars(row), "number": number}))


def identity(
    document_number: str, organisation: object, title: str, issued_on: date
) -> tuple[object, ...]:
    """认定“同一件”的：有文号的看文号，没有的看机构、标题和印发日期。"""
    return (document_number,) if document_number else (organisation, title, issued_on)


def _head(numbered: Iterator[tuple[int, Line]]) -> dict[str, int]:
    """栏名所在的一行：各栏在第几列。读过的行不再读。"""
    best: list[str] = []
    for number, line in numbered:
        _refuse_marked([text_of(cell) for cell in line])
        at = columns_of(line, FIELDS)
        missing = [LABELS[name] for name in REQUIRED if name not in at]
        if not missing:
            return at
        if len(at) > 1 and not best:
            best = missing
        if number >= HEAD_WITHIN:
            break
    if best:
        raise NotAList(
            f"缺少这几栏：{'、'.join(best)}。栏名的别的叫法见说明，一栏也不能少，内容可以空着。"
        )
    told = "、".join(LABELS[name] for name in REQUIRED)
    raise NotAList(f"前 {HEAD_WITHIN} 行里没有认出栏名。清单至少要有{told}四栏。")


def columns_of(line: Line, fields: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """栏名这一行里，``fields`` 的各栏在第几列；没有的不在里面。"""
    at: dict[str, int] = {}
    for place, cell in enumerate(line):
        bare = re.sub(r"[\s*＊（(].*$", "", re.sub(r"\s", "", text_of(cell)).lstrip("*＊"))
        name = next((name for name, names in fields.items() if bare in names), "")
        if name:
            at.setdefault(name, place)
    return at


def _refuse_marked(texts: Sequence[str]) -> None:
    if any(secret_mark(text) for text in texts if text):
        raise Marked


# ---- 一格 ----


def as_date(cell: Cell) -> date | None:
    """一格里的日期；空的为 ``None``，读不成抛出 ``ValueError``，信息是给人看的一句话。

    认 2020年9月25日、二〇二〇年九月二十五日、2020.9.25、2020-09-25、20200925、Excel 的序号 44099，后面可以带钟点。
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    text = text_of(cell)
    if text in _NO_NUMBER:
        return None
    bare = _CLOCK.sub("", text).strip()
    if compact := _COMPACT.fullmatch(bare):
        return _day(*map(int, compact.groups()), text=text)
    if re.fullmatch(r"\d+(?:\.0+)?", bare):
        return _serial(float(bare))
    found = find_dates(bare)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(bare)):
        if found[0].value is None:
            raise ValueError(f"“{text[:30]}”在历法上没有这一天。")
        return found[0].value
    if is_unfinished(bare) or re.fullmatch(
        r"[\d〇○零一二三四五六七八九十]{2,4}[年./-].{0,6}", bare
    ):
        raise ValueError(f"“{text[:30]}”没有写全年、月、日，年份要写四位。")
    raise ValueError(f"“{text[:30]}”看不出是哪一天，请写成 2020-09-25 的样子。")


def _serial(number: float) -> date:
    if int(number) not in SERIALS:
        raise ValueError(f"“{number:g}”不是日期，请写成 2020-09-25 的样子。")
    return _EPOCH + timedelta(days=int(number))


def _day(year: int, month: int, day: int, *, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{text[:30]}”在历法上没有这一天。") from None


def _moved(cell: Cell, since: timedelta) -> Cell:
    """以 1904 年起算的工作簿里，没有设成日期格式的序号也照它的起点算。"""
    if since and isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) + since.days
    return cell


def text_of(cell: Cell) -> str:
    """一格的文字：整数不带小数点，控制字符去掉。"""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _CONTROL.sub("", str(cell)).strip()


def _number(cell: Cell) -> str:
    text = text_of(cell)
    if re.sub(r"\s", "", text) in _NO_NUMBER:
        return ""
    found = line_number(text)
    if found is None or found.broken:
        raise ValueError(
            f"“{text[:30]}”看不出是发文字号，应写成“临州办发〔2020〕81号”的样子；没有字号的空着。"
        )
    return found.text


def _title(cell: Cell) -> str:
    text = re.sub(r"\s+", "", text_of(cell)) if _is_chinese(text_of(cell)) else text_of(cell)
    if not text:
        raise ValueError("没有填。")
    if len(text) > TITLE_LENGTH:
        raise ValueError(f"超过 {TITLE_LENGTH} 字，请看看是不是放错了栏。")
    return text


def _is_chinese(text: str) -> bool:
    """几乎都是汉字的：里面的空格、换行是排版留下的。"""
    return not re.search(r"[A-Za-z]{2,}", text)


def _disclosure(cell: Cell) -> str:
    text = re.sub(r"\s", "", text_of(cell)).strip("（()）")
    if not text:
        raise ValueError("没有填。应是“主动公开”“依申请公开”或“不予公开”。")
    named = {label: code for code, label in DISCLOSURES.items()}
    found = named.get(text) or _YES_NO.get(text) or (disclosure_of(text) if len(text) > 1 else None)
    if found is None:
        raise ValueError(f"“{text[:20]}”应是“主动公开”“依申请公开”或“不予公开”。")
    return found


def _address(cell: Cell) -> str:
    text = text_of(cell)
    if text in _NO_NUMBER:
        return ""
    if len(text) > ADDRESS_LENGTH:
        raise ValueError(f"超过 {ADDRESS_LENGTH} 字。")
    if fault := address_fault(text):
        raise ValueError(fault)
    return text
