"""正文的块：照公文的样子排在网页上。纯函数。

标题不在块里（页面自己有）；文号居中，主送机关和公开方式标注顶格，署名和日期靠右，
“一、”“（一）”是标题，竖线隔开的行是表。
"""

import re
from typing import Any

from .attachments import is_attachment_page
from .dates import only_date
from .marks import is_mark
from .organs import is_full_organ, is_person_line
from .parsing import Layout, lay_out
from .signoff import is_imprint
from .titles import is_head_mark, is_note, is_redhead

_CN = "一二三四五六七八九十百"
_LEVELS = (
    (2, re.compile(rf"^(?:[{_CN}]{{1,4}}、|第[{_CN}]{{1,4}}[编章])")),
    (3, re.compile(rf"^(?:[（(][{_CN}]{{1,4}}[)）]|第[{_CN}]{{1,4}}节)")),
)
_HEADING_LENGTH = 50
_BAR = re.compile(r"[ \t\u3000]\|[ \t\u3000]?|\|[ \t\u3000]")


def body_blocks(text: str) -> list[dict[str, Any]]:
    """公文正文的块，格式见 ``hub.publications``。"""
    layout = lay_out(text)
    blocks: list[dict[str, Any]] = []
    rows: list[list[str]] = []
    for position, line in enumerate(layout.lines):
        if _BAR.search(line):
            rows.append([cell.strip() for cell in line.strip("| ").split("|")])
            continue
        _close_table(rows, blocks)
        blocks += _block(layout, position, line)
    _close_table(rows, blocks)
    return blocks


def _close_table(rows: list[list[str]], blocks: list[dict[str, Any]]) -> None:
    if rows:
        width = max(map(len, rows))
        blocks.append({"type": "table", "rows": [r + [""] * (width - len(r)) for r in rows]})
        rows.clear()


def _block(layout: Layout, position: int, line: str) -> list[dict[str, Any]]:
    title, addressees = layout.title, layout.addressees
    if title and title.start <= position < title.end:
        if position == layout.number_at and layout.number:
            return [_paragraph(layout.number.text, "center")]
        return []
    if title and position < title.start and (is_redhead(line) or is_head_mark(line)):
        return []
    if position == layout.number_at and layout.number:
        return [_paragraph(layout.number.text, "center")]
    if addressees and addressees.start <= position < addressees.end:
        return _addressees(layout, position)
    if position in layout.signoff.lines:
        return [_paragraph(line, "flush" if is_mark(line) else "right")]
    if position == layout.dated_at or is_note(line):
        return [_paragraph(line, "center")]
    if is_mark(line) or is_imprint(line) or is_attachment_page(line):
        return [_paragraph(line, "flush")]
    return [_heading_or_paragraph(layout, position, line)]


def _addressees(layout: Layout, position: int) -> list[dict[str, Any]]:
    """主送机关折成几行的合为一段；同一行里冒号之后的正文另起一段。"""
    addressees = layout.addressees
    if addressees is None or position != addressees.start:
        return []
    joined = "".join(layout.lines[addressees.start : addressees.end])
    if addressees.rest:
        joined = joined[: len(joined) - len(addressees.rest)].rstrip()
    blocks = [_paragraph(joined, "flush")]
    if addressees.rest:
        blocks.append(_paragraph(addressees.rest, "plain"))
    return blocks


def _heading_or_paragraph(layout: Layout, position: int, line: str) -> dict[str, Any]:
    if level := heading_level(line):
        return {"type": "heading", "level": level, "text": line}
    return _paragraph(line, "center" if _is_inner_title(layout, position, line) else "plain")


def heading_level(line: str) -> int | None:
    """一行是第几级标题（二、三）；不是标题为 ``None``。"""
    for level, pattern in _LEVELS:
        if pattern.match(line) and _is_heading(line):
            return level
    return None


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_LENGTH and not re.search(r"[。；：:]", line[:-1])


def _is_inner_title(layout: Layout, position: int, line: str) -> bool:
    """所印发的办法、方案自己的标题：紧跟在署名、日期、标注或“附件”之后的短行。"""
    if not position or not layout.signoff.found or position <= max(layout.signoff.lines, default=0):
        return False
    if len(line) > _HEADING_LENGTH or re.search(r"[。；：:，]", line) or is_imprint(line):
        return False
    before = layout.lines[position - 1]
    opens = only_date(before) or is_mark(before) or is_attachment_page(before)
    return bool(opens) and not is_person_line(line) and not is_full_organ(line)


def _paragraph(text: str, style: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text, "style": style}
