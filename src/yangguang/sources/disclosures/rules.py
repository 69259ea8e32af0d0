"""补定公开属性用的表：在发文清单之外另认三栏，逐行看齐不齐、对不对。纯函数，不碰数据库、时钟和配置。

从前印发、没有定过公开属性的，或者定了不公开、没有写依据的，一批一批补上。坏的行连同原来的各格退回，改好再传。
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yangguang.sources.documents.disclosure import DISCLOSURES, Reason, disclosure_faults
from yangguang.sources.ledger.lists import FIELDS as LISTED
from yangguang.sources.ledger.lists import (
    LABELS,
    REQUIRED,
    Cell,
    Line,
    NotAList,
    Row,
    columns_of,
    identity,
    read,
    text_of,
)

MOST_LINES = 2_000
"""一批最多几件：审查的人看得过来。"""
REASON_LENGTH = 500
FIELDS: Mapping[str, tuple[str, ...]] = {
    "ground": ("理由类别", "依据", "不公开依据", "不公开的依据", "不予公开依据", "法律依据"),
    "reason": ("理由", "理由说明", "不公开理由", "不公开的理由", "不予公开理由"),
    "is_norm": ("行政规范性文件", "是否行政规范性文件", "规范性文件", "是否规范性文件"),
}
"""发文清单之外的三栏和可能的叫法，第一个是我们的叫法。"""
NEEDED = ("ground", "reason")
HEADINGS = (
    ("发文字号", 22), ("标题", 44), ("成文日期", 12), ("印发日期", 12), ("公开属性", 12),
    (FIELDS["ground"][0], 40), (FIELDS["reason"][0], 40), (FIELDS["is_norm"][0], 14),
    ("上网日期", 12), ("网址", 40),
)  # fmt: skip
"""供填的表的各栏和宽（字符数）。"""
WRONG = ("怎样不对", 60)
_YES = frozenset({"是", "√", "1", "有"})
_NO = frozenset({"", "否", "0", "无", "不是", "—", "-", "/"})


@dataclass(frozen=True)
class Proposal:
    """拟定的一件：台账的一行，连同理由类别（代码）、理由、是不是行政规范性文件。"""

    row: Row
    ground: str = ""
    reason: str = ""
    is_norm: bool = False

    @property
    def identity(self) -> str:
        """认定“同一件”的：有文号的是文号，没有的是标题和印发日期。"""
        row = self.row
        found = identity(row.document_number, "", row.title, row.issued_on)
        return " ".join(str(each) for each in found).strip()


@dataclass(frozen=True)
class BadRow:
    """不对的一行：第几行，原来的各格，为什么。"""

    number: int
    cells: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """读一张表的结果：拟定的各件，不对的各行，原来的栏名。"""

    proposals: tuple[Proposal, ...]
    bad: tuple[BadRow, ...]
    headings: tuple[str, ...]
    cells: Mapping[int, tuple[str, ...]]
    """各行（行号）原来的各格：入库时才看出不对的，也照原样退回。"""


def read_batch(
    lines: Sequence[Line], today: date, reasons: Sequence[Reason], *, since: timedelta = timedelta()
) -> Batch:
    """读一张表。``since`` 是工作簿的日期序号要加的天数，``reasons`` 是现行的理由类别。

    没有栏名、缺栏、太多行抛出 ``NotAList``；有密级标志抛出 ``lists.Marked``。
    """
    reading = read(lines, today, since=since)
    if reading.lines > MOST_LINES:
        raise NotAList(f"一批最多 {MOST_LINES:,} 件，请分成几批：审查的人要逐件看。")
    head = next(n for n, line in enumerate(lines) if set(REQUIRED) <= set(columns_of(line, LISTED)))
    at = columns_of(lines[head], FIELDS)
    if missing := [FIELDS[name][0] for name in NEEDED if name not in at]:
        raise NotAList(
            f"缺少{'、'.join(missing)}。不主动公开的逐件写理由类别和理由，主动公开的空着。"
        )
    wrong: dict[int, list[str]] = defaultdict(list)
    for fault in reading.faults:
        told = f"“{LABELS[fault.field]}”" if fault.field else ""
        wrong[fault.row].append(f"{told}{fault.reason}")
    proposals = []
    for row in reading.rows:
        line = lines[row.number - 1]
        found = {
            name: text_of(line[place]) if place < len(line) else "" for name, place in at.items()
        }
        made, faults = _proposed(row, found, today, reasons)
        if faults:
            wrong[row.number] += faults
        else:
            proposals.append(made)
    shown = {
        number: tuple(_shown(cell) for cell in line)
        for number, line in enumerate(lines[head + 1 :], head + 2)
    }
    return Batch(
        tuple(proposals),
        tuple(BadRow(number, shown[number], tuple(told)) for number, told in sorted(wrong.items())),
        tuple(text_of(cell) for cell in lines[head]),
        shown,
    )


def _proposed(
    row: Row, found: Mapping[str, str], today: date, reasons: Sequence[Reason]
) -> tuple[Proposal, list[str]]:
    faults: list[str] = []
    told, reason = found.get("ground", ""), found.get("reason", "")
    norm = re.sub(r"\s", "", found.get("is_norm", ""))
    if norm not in _YES | _NO:
        faults.append(f"“{FIELDS['is_norm'][0]}”写“是”或者“否”，空着是“否”。")
    ground = ""
    if row.disclosure == "proactive":
        if told or reason:
            faults.append("主动公开的不写理由类别和理由：请删去，或者改公开属性。")
    elif told:
        ground, fault = ground_of(told, row.disclosure, today, reasons)
        if fault:
            faults.append(fault)
    if len(reason) > REASON_LENGTH:
        faults.append(f"“理由”超过 {REASON_LENGTH} 字。")
    made = Proposal(row, ground, reason, norm in _YES)
    if not faults:
        faults = disclosure_faults(
            row.disclosure, ground, reason, is_norm=made.is_norm, reasons=reasons
        )
    return made, faults


def ground_of(
    told: str, disclosure: str, today: date, reasons: Sequence[Reason]
) -> tuple[str, str]:
    """表里写的理由类别是哪一个代码，和认不出的缘由。认代码、全文、括号外的文字，也认只有一种对得上的半句。"""
    bare = _bare(told)
    offered = {
        each.code: each.label
        for each in reasons
        if each.disclosure == disclosure and each.is_offered(today)
    }
    exact = [code for code, label in offered.items() if bare in _ways(code, label)]
    near = exact or [code for code, label in offered.items() if bare and bare in _bare(label)]
    if len(near) == 1:
        return near[0], ""
    if near:
        listed = "；".join(offered[code] for code in near)
        return "", f"“{told[:30]}”对得上几种理由类别，请写全：{listed}。"
    if any(bare in _ways(each.code, each.label) for each in reasons):
        return "", f"“{told[:30]}”不是{DISCLOSURES[disclosure]}的理由类别，或者已经停用，请另选。"
    return "", f"没有“{told[:30]}”这种理由类别，请照说明里列的写。"


def _ways(code: str, label: str) -> tuple[str, ...]:
    """一种理由类别的几种写法：代码、全文、括号外的文字。"""
    return _bare(code), _bare(label), _bare(label.partition("（")[0])


def _bare(text: str) -> str:
    """只比文字：空白、标点不管。"""
    return re.sub(r"[\W_]", "", text).lower()


def _shown(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return text_of(cell)
