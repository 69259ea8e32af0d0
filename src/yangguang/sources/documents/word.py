"""公文的 docx：照 GB/T 9704—2012 的版心、字体、字号。同样的公文，字节相同。"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yangguang.foundation.typesetting import settled

from .sheet import (
    CHARACTERS,
    FOUR,
    LEFT,
    LINES,
    PAGE,
    SIGNER,
    THREE,
    TOP,
    TWO,
    TYPE_AREA,
    Paper,
    attachment_lines,
    mark_size,
    title_lines,
)

FANGSONG, HEI, KAI, SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
RED = RGBColor(0xE6, 0x00, 0x00)
LINE_PITCH = math.floor(TYPE_AREA[1] / LINES / 25.4 * 1440)
"""行距，二十分之一磅。"""
CHARACTER_SPACE = math.floor((TYPE_AREA[0] / CHARACTERS / 25.4 * 72 - THREE) * 20)
"""字距，二十分之一磅：三号字比版心的二十八分之一略宽，紧一点才排得下。

不用文档网格的字距：有的办公软件遇到比格子宽的字就占两格。
"""
LINE = Pt(LINE_PITCH / 20)
INDENT = Pt(TYPE_AREA[0] / CHARACTERS / 25.4 * 72 * 2)
"""两个字。"""
ONCE = datetime(2020, 1, 1)  # noqa: DTZ001  文件里写的时刻，不随生成的时刻变
STAMP = (2020, 1, 1, 0, 0, 0)
LEFT_ALIGN, CENTRE, RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip


def docx_of(paper: Paper) -> bytes:
    """一份公文的 docx。"""
    made: Any = Document()
    _set_page(made)
    _head(made, paper)
    for _ in range(2):
        _line(made, "")
    for text in title_lines(paper.title):
        _line(made, text, font=SONG, size=TWO, align=CENTRE, spacing=Pt(32))
    _line(made, "")
    if paper.addressees:
        _line(made, paper.addressees)
    _blocks(made, paper.body)
    if paper.attachments:
        _line(made, "")
        for text in attachment_lines(paper.attachments):
            _line(made, text, indent=INDENT)
    _signoff(made, paper)
    if paper.tail:
        made.add_page_break()
        _blocks(made, paper.tail)
    _imprint(made, paper)
    return _same_bytes(made)


def _set_page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
    section.right_margin = Mm(PAGE[0] - LEFT - TYPE_AREA[0])
    section.bottom_margin = Mm(PAGE[1] - TOP - TYPE_AREA[1])
    # 一字线上距版心下边缘 7 毫米，四号字高约 5 毫米
    section.footer_distance = Mm(PAGE[1] - TOP - TYPE_AREA[1] - 7 - 5)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_PITCH))
    normal = made.styles["Normal"]
    _font(normal, FANGSONG, THREE)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CHARACTER_SPACE))
    normal.element.rPr.insert_element_before(spacing, "w:kern", "w:sz", "w:szCs", "w:lang")
    made.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, RIGHT)
    _page_number(section.even_page_footer, LEFT_ALIGN)


def _page_number(footer: Any, align: Any) -> None:
    """四号半角宋体阿拉伯数字，左右各一条一字线；单页居右、双页居左，各空一字。"""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    side = "right_indent" if align == RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, side, Pt(FOUR))
    for kind, text in (("", "— "), ("PAGE", ""), ("", " —")):
        run = paragraph.add_run(text)
        _font(run, "宋体", FOUR)
        if kind:
            for made in (_field("begin"), _instruction(kind), _field("end")):
                run._r.append(made)


def _field(kind: str) -> Any:
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    return made


def _instruction(text: str) -> Any:
    made = OxmlElement("w:instrText")
    made.text = text
    return made


def _head(made: Any, paper: Paper) -> None:
    """版头：红色的发文机关标志，字号，红色分隔线。"""
    if paper.mark:
        for _ in range(2):
            _line(made, "")
        size = mark_size(paper.mark)
        marked = _line(
            made, paper.mark, font=SONG, size=size, align=CENTRE, spacing=Pt(max(size * 1.2, 29))
        )
        marked.runs[0].font.color.rgb = RED
        for _ in range(2):
            _line(made, "")
    ruled = _upward(made, paper) if paper.signer else _line(made, paper.number, align=CENTRE)
    _rule(ruled, "bottom", "E60000", 8)


def _upward(made: Any, paper: Paper) -> Any:
    """上行文：发文字号居左、签发人居右，各空一字，姓名用楷体。"""
    line = _line(made, f"{paper.number}\t{SIGNER}")
    _font(line.add_run(paper.signer.removeprefix(SIGNER)), KAI, THREE)
    look = line.paragraph_format
    look.left_indent = look.right_indent = INDENT // 2
    look.tab_stops.add_tab_stop(Mm(TYPE_AREA[0]) - INDENT // 2, WD_TAB_ALIGNMENT.RIGHT)
    return line


def _blocks(made: Any, blocks: Sequence[Mapping[str, Any]]) -> None:
    for block in blocks:
        if block.get("type") == "table":
            _table(made, block["rows"])
        elif block.get("type") == "heading":
            font = HEI if block.get("level", 2) == 2 else KAI
            _line(made, str(block["text"]), font=font, indent=INDENT)
        else:
            _paragraph(made, str(block.get("text", "")), str(block.get("style", "plain")))


def _paragraph(made: Any, text: str, style: str) -> None:
    if style == "center":
        _line(made, text, align=CENTRE)
    elif style == "right":
        _line(made, text, align=RIGHT)
    else:
        _line(made, text, indent=INDENT if style == "plain" else None)


def _table(made: Any, rows: Sequence[Sequence[str]]) -> None:
    width = max((len(row) for row in rows), default=0)
    if not width:
        return
    table = made.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    body = table._tbl
    for row in rows:
        line = OxmlElement("w:tr")
        for text in [*row, *[""] * (width - len(row))]:
            line.append(_cell(str(text)))
        body.append(line)


def _cell(text: str) -> Any:
    """直接写出一格：几千行的表，一格一格地建要慢上百倍。"""
    cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
    run, written = OxmlElement("w:r"), OxmlElement("w:t")
    look, size = OxmlElement("w:rPr"), OxmlElement("w:sz")
    size.set(qn("w:val"), str(2 * FOUR))
    look.append(size)
    written.text = text
    written.set(qn("xml:space"), "preserve")
    run.append(look)
    run.append(written)
    paragraph.append(run)
    cell.append(paragraph)
    return cell


def _signoff(made: Any, paper: Paper) -> None:
    """署名、成文日期（右空四字）、附注（左空二字）。"""
    _line(made, "")
    for name in paper.signatures:
        _line(made, name, align=RIGHT).paragraph_format.right_indent = 2 * THREE * 12700
    if paper.written_on:
        dated = _line(made, paper.written_on, align=RIGHT)
        dated.paragraph_format.right_indent = 4 * THREE * 12700
    if paper.note:
        _line(made, paper.note, indent=INDENT)


def _imprint(made: Any, paper: Paper) -> None:
    """版记：抄送机关，印发机关和印发日期，四号；首末各一条粗线，中间一条细线。"""
    if not paper.issued_on:
        return
    _line(made, "")
    if paper.copied_to:
        copied = _line(made, paper.copied_to, size=FOUR)
        copied.paragraph_format.left_indent = Pt(4 * FOUR)
        copied.paragraph_format.first_line_indent = Pt(-3 * FOUR)
        copied.paragraph_format.right_indent = Pt(FOUR)
        _rule(copied, "top", "000000", 8)
    last = _line(made, f"{paper.issued_by}\u3000\u3000{paper.issued_on}", size=FOUR)
    last.paragraph_format.left_indent = last.paragraph_format.right_indent = Pt(FOUR)
    _rule(last, "top", "000000", 6 if paper.copied_to else 8)
    _rule(last, "bottom", "000000", 8)


def _line(
    made: Any, text: str, *, font: str = FANGSONG, size: int = THREE, align: Any = None,
    indent: Any = None, spacing: Any = LINE,
) -> Any:  # fmt: skip
    paragraph = made.add_paragraph()
    look = paragraph.paragraph_format
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, spacing
    look.space_before = look.space_after = Pt(0)
    look.widow_control = False
    if align is not None:
        paragraph.alignment = align
    if indent is not None:
        look.first_line_indent = indent
    if text:
        _font(paragraph.add_run(text), font, size)
    return paragraph


def _font(holder: Any, name: str, size: int) -> None:
    holder.font.name, holder.font.size = name, Pt(size)
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(slot), name)


def _rule(paragraph: Any, side: str, color: str, width: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )  # fmt: skip
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(width)), ("space", "1"), ("color", color)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def _same_bytes(made: Any) -> bytes:
    """存成字节：作者、时刻、次序都定死，同样的公文存出来一模一样。"""
    about = made.core_properties
    about.author, about.created, about.modified = "", ONCE, ONCE
    about.last_modified_by, about.comments, about.title = "", "", ""
    stream = BytesIO()
    made.save(stream)
    return settled(stream.getvalue(), STAMP)
