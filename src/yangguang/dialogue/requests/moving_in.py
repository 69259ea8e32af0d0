"""上线时转入的旧案：从表格读一件件办结的、没有办结的，逐行看齐不齐、对不对。纯函数，不碰数据库、时钟和配置。

认栏名，不认次序。坏的行连同原来的各格退回，改好再传；好的行先合计给人对账，再转入。
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.foundation.residents.rules import PAPERS, USCC, Paper

from .applicants import DELIVERY_FORMS, DELIVERY_WAYS, KINDS, NATURAL
from .states import CHANNELS
from .table3 import BY_CODE, row_label

MOST_ROWS = 1_000
"""一份最多几件。"""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "legacy_number": ("原编号", "编号", "登记号", "受理编号"),
    "channel": ("提出方式", "申请方式"),
    "received_on": ("收到日期", "收到申请之日", "受理日期"),
    "applicant_kind": ("申请人类别",),
    "name": ("姓名或者名称", "申请人", "姓名", "名称"),
    "paper_kind": ("证件种类", "身份证明"),
    "paper_number": ("证件号码",),
    "phone": ("联系电话", "电话"),
    "address": ("通信地址", "地址"),
    "subject": ("所需信息", "所需信息的名称", "申请内容"),
    "document_number": ("文号",),
    "description": ("特征描述", "描述"),
    "delivery_form": ("获取形式",),
    "delivery_way": ("获取途径",),
    "result": ("办理结果",),
    "finished_on": ("办结日期", "答复日期"),
    "delivered_on": ("送达日期",),
}
"""各栏和可能的叫法，第一个是我们的叫法。"""
REQUIRED = ("legacy_number", "channel", "received_on", "applicant_kind", "name", "subject")
WIDTHS = (18, 14, 12, 14, 20, 16, 22, 16, 30, 40, 20, 40, 12, 12, 30, 12, 12)
HEADINGS = tuple((FIELDS[name][0], width) for name, width in zip(FIELDS, WIDTHS, strict=True))
"""供填的表的各栏和宽（字符数）。"""
RESULTS: Mapping[str, str] = {code: row_label(code) for code in BY_CODE}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
EPOCH = date(1899, 12, 30)


class NotACaseTable(ValueError):
    """读不成一张旧案的表。信息是一句中文。"""


@dataclass(frozen=True)
class OldCase:
    """一件旧案。没有办结的 ``result`` 为空，``finished_on`` 也为空。``row`` 是第几行。"""

    row: int
    legacy_number: str
    channel: str
    received_on: date
    applicant_kind: str
    name: str
    paper: Paper
    phone: str
    address: str
    subject: str
    document_number: str
    description: str
    delivery_form: str
    delivery_way: str
    result: str
    finished_on: date | None
    delivered_on: date | None


@dataclass(frozen=True)
class BadCase:
    """不对的一行：第几行，为什么。"""

    row: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class YearSum:
    """一年的合计，供与旧台账、旧年报对账。"""

    year: int
    received: int
    finished: Mapping[str, int]


@dataclass(frozen=True)
class Reading:
    """读一张表的结果。"""

    cases: tuple[OldCase, ...]
    bad: tuple[BadCase, ...]

    @property
    def still_open(self) -> int:
        """没有办结的几件。"""
        return sum(1 for each in self.cases if not each.result)

    @property
    def years(self) -> list[YearSum]:
        """各年新收几件、办结各几件，先后为序。"""
        received = Counter(each.received_on.year for each in self.cases)
        finished: dict[int, Counter[str]] = {}
        for each in self.cases:
            if each.finished_on:
                finished.setdefault(each.finished_on.year, Counter())[each.result] += 1
        return [
            YearSum(
                year, received[year],
                {RESULTS[code]: n for code, n in sorted(finished.get(year, Counter()).items())},
            )
            for year in sorted(received.keys() | finished.keys())
        ]  # fmt: skip


def read_cases(
    lines: Sequence[Sequence[Any]], today: date, *, since: timedelta = timedelta()
) -> Reading:
    """读一张表。没有栏名、缺栏、太多行抛出 ``NotACaseTable``。``since`` 是日期序号要加的天数。"""
    head = next((n for n, line in enumerate(lines) if len(_columns(line)) >= len(REQUIRED)), None)
    if head is None:
        raise NotACaseTable("没有找到栏名一行。请用“空白表”里的栏名。")
    at = _columns(lines[head])
    if missing := [FIELDS[name][0] for name in REQUIRED if name not in at]:
        raise NotACaseTable(f"缺少{'、'.join(missing)}。")
    if len(lines) - head - 1 > MOST_ROWS:
        raise NotACaseTable(f"一份最多 {MOST_ROWS:,} 件，请分成几份。")
    cases, bad, seen = [], [], set()
    for number, line in enumerate(lines[head + 1 :], head + 2):
        cells = {n: line[place] if place < len(line) else None for n, place in at.items()}
        if not any(_text(cell) for cell in cells.values()):
            continue
        found, reasons = _case(number, cells, today, since)
        if found.legacy_number in seen:
            reasons.append(f"原编号“{found.legacy_number}”在这张表里重复。")
        seen.add(found.legacy_number)
        if reasons:
            bad.append(BadCase(number, tuple(reasons)))
        else:
            cases.append(found)
    return Reading(tuple(cases), tuple(bad))


def _columns(line: Sequence[Any]) -> dict[str, int]:
    names = {label: name for name, labels in FIELDS.items() for label in labels}
    found: dict[str, int] = {}
    for place, cell in enumerate(line):
        name = names.get(_text(cell))
        if name is not None:
            found.setdefault(name, place)
    return found


def _case(
    number: int, cells: Mapping[str, Any], today: date, since: timedelta
) -> tuple[OldCase, list[str]]:
    reasons: list[str] = []
    text = {name: _text(cells.get(name)) for name in FIELDS}

    def chosen(name: str, choices: Mapping[str, str], otherwise: str = "") -> str:
        given = text[name]
        if not given and otherwise:
            return otherwise
        code = given if given in choices else _code(choices, given)
        if not code:
            told = "、".join(dict.fromkeys(choices.values()))
            reasons.append(f"{FIELDS[name][0]}“{given}”不认识，应是：{told}。")
        return code

    def dated(name: str) -> date | None:
        found = _date(cells.get(name), since)
        if text[name] and found is None:
            reasons.append(f"{FIELDS[name][0]}“{text[name]}”不是日期，应写作 2020-09-25。")
        if found and found > today:
            reasons.append(f"{FIELDS[name][0]} {found.isoformat()} 还没有到。")
        return found

    for name in ("legacy_number", "name", "subject"):
        if not text[name]:
            reasons.append(f"没有写{FIELDS[name][0]}。")
    kind = chosen("applicant_kind", KINDS)
    received, finished, delivered = (
        dated(name) for name in ("received_on", "finished_on", "delivered_on")
    )
    if received is None and not text["received_on"]:
        reasons.append("没有写收到日期。")
    result = chosen("result", RESULTS) if text["result"] else ""
    if bool(result) != bool(finished):
        reasons.append("办理结果和办结日期要么都写，要么都空着（没有办结的）。")
    if received and finished and finished < received:
        reasons.append("办结日期早于收到日期。")
    if finished and delivered and delivered < finished:
        reasons.append("送达日期早于办结日期。")
    paper = _paper(kind, text, reasons)
    found = OldCase(
        number, text["legacy_number"][:40], chosen("channel", CHANNELS), received or today, kind,
        text["name"][:100], paper, text["phone"][:30], text["address"][:200], text["subject"][:200],
        text["document_number"][:100], text["description"][:2000],
        chosen("delivery_form", DELIVERY_FORMS, "paper"),
        chosen("delivery_way", DELIVERY_WAYS, "post"), result, finished, delivered,
    )  # fmt: skip
    return found, reasons


def _paper(kind: str, text: Mapping[str, str], reasons: list[str]) -> Paper:
    """证件。旧案没有记证件号码的可以空着，记了的要合格。"""
    usual = "居民身份证" if kind == NATURAL else PAPERS[USCC]
    code = _code(PAPERS, text["paper_kind"] or usual)
    paper = Paper(code or USCC, text["paper_number"].upper().replace(" ", ""))
    if not code:
        reasons.append(
            f"证件种类“{text['paper_kind']}”不认识，应是：{'、'.join(PAPERS.values())}。"
        )
    elif paper.number and paper.fault:
        reasons.append(paper.fault)
    return paper


def _code(choices: Mapping[str, str], label: str) -> str:
    return next((code for code, each in choices.items() if each == label), "")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _date(cell: Any, since: timedelta) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and 20_000 < cell < 80_000:
        return EPOCH + timedelta(int(cell)) + since
    match = _DATE.fullmatch(_text(cell))
    try:
        return date(*(int(each) for each in match.groups())) if match else None
    except ValueError:
        return None
