"""正文的块排进印本：PDF 用的 HTML，Word 里的段落、列表和表格。不带链接和字的样子；图片不印。不碰数据库。"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from yangguang.foundation.typesetting import Untypeset

from .blocks import text_of_cell

ALIGNMENTS = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
DEEPEST = 3
"""Word 的列表样式有几级，再深的照最末一级。"""
FIRST_LINE = "200"
"""段首空两字，百分之一字。"""
NO_PICTURES = "正文里有图片，这里只印文字，请把这一篇移出，或者改用没有图片的文本。"


def has_pictures(blocks: Iterable[Mapping[str, Any]]) -> bool:
    """正文里有没有图片。"""
    return any(block["type"] == "picture" for block in blocks)


# ---- HTML ----


def set_html(block: Mapping[str, Any], heading: str = "h4") -> str:
    """一块的 HTML，标题用 ``heading``。图片抛出 ``Untypeset``。"""
    match block["type"]:
        case "table":
            rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in block["rows"])
            return f"<table>{rows}</table>"
        case "list":
            tag = "ol" if block.get("ordered") else "ul"
            return f"<{tag}>{''.join(map(_item, block['items']))}</{tag}>"
        case "heading":
            return f"<{heading}>{escape(block['text'])}</{heading}>"
        case "picture":
            raise Untypeset(NO_PICTURES)
    return f'<p class="{escape(block.get("style", "plain"))}">{escape(block["text"])}</p>'


def _item(item: Mapping[str, Any]) -> str:
    below = set_html({"type": "list", **item["list"]}) if "list" in item else ""
    return f"<li>{escape(item['text'])}{below}</li>"


def _cell(cell: str | Mapping[str, Any]) -> str:
    spans = ""
    if isinstance(cell, Mapping):
        spans = "".join(
            f' {name}="{int(cell[name])}"' for name in ("colspan", "rowspan") if cell.get(name)
        )
    return f"<td{spans}>{escape(text_of_cell(cell))}</td>"


# ---- Word ----


def set_word(document: Any, block: Mapping[str, Any], heading: int = 3) -> None:
    """一块接在 ``document`` 末尾，标题用第 ``heading`` 级。图片抛出 ``Untypeset``。"""
    match block["type"]:
        case "table":
            _table(document, block["rows"])
        case "list":
            _list(document, block, 1)
        case "heading":
            document.add_heading(block["text"], heading)
        case "picture":
            raise Untypeset(NO_PICTURES)
        case _:
            _paragraph(document, block["text"], block.get("style", "plain"))


def _paragraph(document: Any, text: str, style: str) -> None:
    made = document.add_paragraph(text)
    if style in ALIGNMENTS:
        made.alignment = ALIGNMENTS[style]
    elif style == "plain":
        indent = made._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), FIRST_LINE)


def _list(document: Any, block: Mapping[str, Any], depth: int) -> None:
    """一个列表；有序的各自从 1 数起。"""
    is_ordered = bool(block.get("ordered"))
    name = "List Number" if is_ordered else "List Bullet"
    style = document.styles[name if depth == 1 else f"{name} {min(depth, DEEPEST)}"]
    number = _fresh_number(document, style) if is_ordered else None
    for item in block["items"]:
        made = document.add_paragraph(item["text"], style=style)
        if number is not None:
            held = made._p.get_or_add_pPr().get_or_add_numPr()
            held.get_or_add_ilvl().val = 0
            held.get_or_add_numId().val = number
        if "list" in item:
            _list(document, item["list"], depth + 1)


def _fresh_number(document: Any, style: Any) -> int:
    numbering = document.part.numbering_part.element
    held = numbering.num_having_numId(style.element.pPr.numPr.numId.val)
    made = numbering.add_num(held.abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    number: int = made.numId
    return number


def _table(document: Any, rows: Sequence[Sequence[str | Mapping[str, Any]]]) -> None:
    lines = list(_grid(rows))
    width = max((sum(across for across, _, _ in line) for line in lines), default=0)
    if not width:
        return
    table = document.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for line in lines:
        made = OxmlElement("w:tr")
        for across, merge, text in line:
            made.append(_word_cell(text, across, merge))
        for _ in range(width - sum(across for across, _, _ in line)):
            made.append(_word_cell("", 1, ""))
        table._tbl.append(made)


def _grid(
    rows: Sequence[Sequence[str | Mapping[str, Any]]],
) -> Iterator[list[tuple[int, str, str]]]:
    """各行的格：占几列、上下合并的写法（``restart`` 起、``continue`` 接）、文字。"""
    above: dict[int, tuple[int, int]] = {}
    for row in rows:
        line, cells, place = [], list(row), 0
        while cells or place in above:
            if place in above:
                left, across = above.pop(place)
                line.append((place, left - 1, across, "continue", ""))
            else:
                cell = cells.pop(0)
                spans = cell if isinstance(cell, Mapping) else {}
                across, down = int(spans.get("colspan") or 1), int(spans.get("rowspan") or 1)
                line.append(
                    (place, down - 1, across, "restart" if down > 1 else "", text_of_cell(cell))
                )
            place += across
        above |= {place: (left, across) for place, left, across, _, _ in line if left > 0}
        yield [(across, merge, text) for _, _, across, merge, text in line]


def _word_cell(text: str, across: int, merge: str) -> Any:
    """直接写出一格：几千行的表，一格一格地建要慢上百倍。"""
    cell, look, paragraph = OxmlElement("w:tc"), OxmlElement("w:tcPr"), OxmlElement("w:p")
    if across > 1:
        look.append(_valued("w:gridSpan", str(across)))
    if merge:
        look.append(_valued("w:vMerge", merge))
    run = OxmlElement("w:r")
    for place, line in enumerate(text.split("\n")):
        if place:
            run.append(OxmlElement("w:br"))
        written = OxmlElement("w:t")
        written.text = line
        written.set(qn("xml:space"), "preserve")
        run.append(written)
    paragraph.append(run)
    cell.append(look)
    cell.append(paragraph)
    return cell


def _valued(tag: str, value: str) -> Any:
    made = OxmlElement(tag)
    made.set(qn("w:val"), value)
    return made
