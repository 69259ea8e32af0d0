"""读公文：从文字到要素。纯函数，不认识任何一份具体的公文。

次序照 GB/T 9704：版头（文号在题前或题后）、标题、主送机关、正文、附件说明、署名、成文日期、
附注。贴在上面的网页字段表先取走；表里的标题、文号、日期只印证正文，正文没写的才取用并注明存疑。
原文没写的为空，拿不准的列入 ``uncertain``。
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .attachments import Attachments, find_attachments
from .dates import find_dates, only_date
from .fields import FieldTable, take_fields
from .lines import FAR, Row, split_rows
from .marks import disclosure_of, is_bare_mark, is_mark, split_marks
from .numbers import (
    FoundNumber,
    head_number,
    is_bare_number,
    line_number,
    number_year,
    order_number,
    tail_number,
    tidy_number,
)
from .organs import is_full_organ, split_prefix, tighten
from .signoff import Addressees, Signoff, find_addressees, find_signoff, head_date
from .titles import (
    Title,
    document_type,
    find_title,
    is_redhead,
    issuers_of,
    same_title,
    starts_body,
)

_MAX_LENGTH = 3_000_000
_HEAD_LINES = 60
FIELDS = (
    "title", "document_number", "issuers", "addressees", "written_on", "document_type",
    "disclosure", "disclosure_mark", "attachments",
)  # fmt: skip


@dataclass(frozen=True)
class ParsedDocument:
    """读出的公文要素。没写的为 ``None`` 或空；``uncertain`` 是拿不准的字段名。

    ``problems`` 是原文的毛病，每条一句：成文日期写成了日历上没有的日子。
    """

    title: str | None = None
    document_number: str | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    written_on: date | None = None
    document_type: str | None = None
    disclosure: str | None = None
    disclosure_mark: str | None = None
    attachments: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """``docs/cli.md`` 约定的形状。"""
        return {
            "title": self.title,
            "document_number": self.document_number,
            "issuers": list(self.issuers),
            "addressees": list(self.addressees),
            "written_on": self.written_on.isoformat() if self.written_on else None,
            "document_type": self.document_type,
            "disclosure": self.disclosure,
            "disclosure_mark": self.disclosure_mark,
            "attachments": list(self.attachments),
            "uncertain": list(self.uncertain),
        }


@dataclass
class Layout:
    """各要素在第几行。正文的块和要素都由它得出。"""

    lines: list[str]
    table: FieldTable
    title: Title | None = None
    number: FoundNumber | None = None
    number_at: int | None = None
    addressees: Addressees | None = None
    signoff: Signoff = field(default_factory=Signoff)
    attachments: Attachments = field(default_factory=lambda: Attachments((), 0, 0))
    dated_at: int | None = None
    dated: date | None = None
    head_end: int = 0


def parse_document(text: str) -> ParsedDocument:
    """读公文要素；任何文字都有结果，认不出的为空。"""
    layout = lay_out(text)
    doubts: set[str] = set()
    title = _title(layout, doubts)
    number = _number(layout, title, doubts)
    written_on = _written_on(layout, number, doubts)
    issuers = _issuers(layout, title, doubts)
    mark, disclosure = _disclosure(layout, doubts)
    kind = _type(layout, title, number)
    if not layout.attachments.sure:
        doubts.add("attachments")
    return ParsedDocument(
        title=title,
        document_number=number,
        issuers=tuple(issuers),
        addressees=layout.addressees.names if layout.addressees else (),
        written_on=written_on,
        document_type=kind,
        disclosure=disclosure,
        disclosure_mark=mark,
        attachments=layout.attachments.names,
        uncertain=tuple(name for name in FIELDS if name in doubts),
        problems=tuple(_problems(layout)),
    )


def lay_out(text: str) -> Layout:
    """分行，取走字段表，找出各要素的位置。"""
    rows = [part for row in split_rows(text[:_MAX_LENGTH]) for part in _part(row)]
    table = take_fields([row.text for row in rows])
    rows = _without_fields(rows, table.kept)
    layout = Layout([row.text for row in rows], table)
    layout.head_end = _head_end(layout.lines)
    layout.title = find_title(rows, layout.head_end, table.values.get("title"))
    after = layout.title.end if layout.title else 0
    layout.addressees = find_addressees(layout.lines, after)
    body = layout.addressees.end if layout.addressees else after
    layout.signoff = find_signoff(layout.lines, body)
    layout.attachments = find_attachments(layout.lines, body)
    _place_number(layout)
    _place_head_date(layout)
    return layout


def _without_fields(rows: list[Row], kept: list[int]) -> list[Row]:
    """剩下的行；中间取走过字段的两行，隔得再远不过，不会是一个标题折成的。"""
    made: list[Row] = []
    for place, position in enumerate(kept):
        apart = place > 0 and kept[place - 1] != position - 1
        made.append(Row(rows[position].text, FAR) if apart else rows[position])
    return made


def _part(row: Row) -> list[Row]:
    """一行里挤着几个要素的拆开：标注、字号和标题、靠空格隔开的字号和日期。"""
    pieces = [
        q for mark in split_marks(row.text) for p in _part_number(mark) for q in _part_gaps(p)
    ]
    return [Row(piece, 0 if place else row.gap) for place, piece in enumerate(pieces)]


def _part_number(line: str) -> list[str]:
    """“某政发〔2010〕1号 关于……的通知”拆成两行。"""
    found = head_number(line)
    rest = line[found.end :].strip() if found else ""
    if found and document_type(rest.strip("《》")) and not starts_body(rest):
        return [line[: found.end], rest]
    return [line]


def _part_gaps(line: str) -> list[str]:
    """“标题　字号　日期”“（此件发至乡）　　2017年6月13日”：有一格是字号或日期才拆。"""
    if len(line) > 300 or "。" in line or " | " in line or line_number(line):
        return [line]
    pieces = [piece for piece in re.split(r"[ \t\u3000]+", line) if piece]
    own = [bool(line_number(piece) or only_date(piece)) for piece in pieces]
    if len(pieces) < 2 or not any(own):
        return [line]
    made: list[str] = []
    for place, piece in enumerate(pieces):
        if made and not own[place] and not own[place - 1]:
            made[-1] += " " + piece
        else:
            made.append(piece)
    return made


def _head_end(lines: list[str]) -> int:
    """正文从哪一行开始；标题只在它之前找。"""
    for position, line in enumerate(lines[:_HEAD_LINES]):
        if find_addressees(lines[position : position + 1], 0) or starts_body(line):
            return position
    return min(len(lines), _HEAD_LINES)


def _place_number(layout: Layout) -> None:
    """文号：题前、题后独占一行的，或题尾括号里的。正文里提到的别的文号不算。"""
    title, lines = layout.title, layout.lines
    end = layout.addressees.start if layout.addressees else layout.head_end
    middle = title.start if title else end
    order = [*range(middle - 1, -1, -1), *range(title.end if title else end, max(end, middle) + 1)]
    found: list[tuple[int, FoundNumber]] = []
    for position in order:
        number = line_number(lines[position]) if 0 <= position < len(lines) else None
        if number:
            found.append((position, number))
    if title:
        tail = tail_number(lines[title.end - 1])
        if tail:
            found.insert(0, (title.end - 1, tail))
    whole = [item for item in found if not item[1].broken and not is_bare_number(lines[item[0]])]
    chosen = next(iter(whole or found), None)
    if chosen:
        layout.number_at, layout.number = chosen


def _place_head_date(layout: Layout) -> None:
    title = layout.title
    start = title.end if title else 0
    end = layout.addressees.start if layout.addressees else max(layout.head_end, start + 3)
    found = head_date(layout.lines, start, end)
    if found and found[0] not in layout.signoff.lines:
        layout.dated_at, layout.dated = found[0], found[1].value


def _title(layout: Layout, doubts: set[str]) -> str | None:
    stated = layout.table.values.get("title")
    if layout.title:
        if stated and not same_title(stated, layout.title.text):
            doubts.add("title")
        return layout.title.text
    if layout.number_at is not None:
        line = layout.lines[layout.number_at]
        order = order_number(line)
        if order and "令" in line:
            return tighten(re.split(r"[（(〔\[]?(?:\d{4}年?)?第", line)[0])
    if stated:
        doubts.add("title")
        return tighten(stated)
    doubts.add("title")
    return None


def _number(layout: Layout, title: str | None, doubts: set[str]) -> str | None:
    stated = layout.table.values.get("number")
    told = line_number(stated) if stated else None
    if layout.number:
        number = layout.number.text
        if layout.number_at is not None and is_bare_number(layout.lines[layout.number_at]):
            if title and re.search(r"(?:令|公告|通告)$", title) and "关于" not in title:
                number = title + number
        if layout.number.broken or (told and told.text != number and not told.broken):
            doubts.add("document_number")
        return number
    if told:
        doubts.add("document_number")
        return told.text
    return None


def _written_on(layout: Layout, number: str | None, doubts: set[str]) -> date | None:
    signoff = layout.signoff
    stated = find_dates(layout.table.values.get("written", ""))
    told = stated[0].value if stated else None
    written = signoff.written_on
    if written is None and layout.dated_at is not None:
        written = layout.dated
        if written is None:
            doubts.add("written_on")
    elif signoff.flawed:
        doubts.add("written_on")
    if written is None:
        if told and not signoff.flawed:
            doubts.add("written_on")
            return told
        return None
    if told and told != written:
        doubts.add("written_on")
    year = number_year(number) if number else None
    if year is not None and not 0 <= written.year - year <= 1:
        doubts.add("written_on")
    return written


def _problems(layout: Layout) -> list[str]:
    at, value = layout.signoff.dated_at, layout.signoff.written_on
    if at is None:
        at, value = layout.dated_at, layout.dated
    found = find_dates(layout.lines[at]) if at is not None and value is None else []
    impossible = [layout.lines[at][d.start : d.end] for d in found if at is not None]
    return [f"成文日期“{written}”不是日历上有的日子，请核对原文。" for written in impossible]


def _issuers(layout: Layout, title: str | None, doubts: set[str]) -> list[str]:
    named = issuers_of(title) if title else []
    signed = list(layout.signoff.issuers)
    if signed:
        if named and not set(map(_bare, named)) & set(map(_bare, signed)):
            doubts.add("issuers")
        return signed
    if named:
        return named
    for line in layout.lines[: layout.title.start if layout.title else layout.head_end]:
        if is_redhead(line):
            return [re.sub(r"(?:文件|便函|公文)$", "", tighten(line))]
        if named := split_prefix(line):
            return named
    doubts.add("issuers")
    stated = tighten(layout.table.values.get("issuer", ""))
    return [stated] if is_full_organ(stated) else []


def _bare(name: str) -> str:
    return re.sub(r"[（(].*?[）)]", "", name)


def _disclosure(layout: Layout, doubts: set[str]) -> tuple[str | None, str | None]:
    marks = [line.strip() for line in layout.lines if is_mark(line)] or _bare_marks(layout)
    if not marks:
        stated = layout.table.values.get("disclosure", "")
        return None, disclosure_of(stated) if stated else None
    said = {disclosure_of(mark) for mark in marks}
    if len(said) > 1 or None in said:
        doubts.update(("disclosure", "disclosure_mark"))
    return marks[0], disclosure_of(marks[0])


def _bare_marks(layout: Layout) -> list[str]:
    """署名、日期之后光写着“主动公开”的一行；别处的多半是网页栏目。"""
    after = max(layout.signoff.lines, default=len(layout.lines))
    return [line.strip() for line in layout.lines[after:] if is_bare_mark(line)]


def _type(layout: Layout, title: str | None, number: str | None) -> str | None:
    kind = document_type(title) if title else None
    if kind is None and number and re.search(r"令第?.*号$", tidy_number(number)):
        return "令"
    return kind
