"""依申请公开文书的 Word 模板：每种一份，由各部分生成，版心、字体照 GB/T 9704。同样的代码，字节相同。"""

from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yangguang.dialogue.letters.kinds import Kind, Slot
from yangguang.foundation.typesetting import settled

SONG, FANG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
MARK, TWO, THREE, FOUR = 34, 22, 16, 14
RED = RGBColor(0xE6, 0x00, 0x00)
LINE = Pt(28)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
ONCE = datetime(2020, 1, 1)  # noqa: DTZ001  文件里写的时刻，不随生成的时刻变
INDENT = Pt(2 * THREE)
WIDTHS = (Mm(44), Mm(112))
"""表格两栏的宽。"""
TALL = (
    "content",
    "proposal",
    "secrecy",
    "legality",
    "approval",
    "told",
    "ending",
    "received_by_other",
)
"""格子高一些的。"""


def template(kind: Kind) -> bytes:
    """一种文书的模板。"""
    made: Any = Document()
    _page(made, kind.is_form)
    if kind.is_form:
        _form(made, kind)
    else:
        for slot in kind.slots:
            _slot(made, slot)
    properties = made.core_properties
    properties.author, properties.title, properties.comments = "", "", ""
    properties.created = properties.modified = ONCE
    stream = BytesIO()
    made.save(stream)
    return settled(stream.getvalue())


def _page(made: Any, is_form: bool) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom = (24, 24) if is_form else (37, 35)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(bottom - 12)
    _font(made.styles["Normal"], FANG, THREE)
    language = made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    footer = section.footer.paragraphs[0]
    footer.alignment = CENTRE
    for told, is_field in (("— ", False), ("PAGE", True), (" —", False)):
        run = footer.add_run("" if is_field else told)
        _font(run, "宋体", FOUR)
        if is_field:
            for piece in (_field("begin"), _instruction(told), _field("end")):
                run._r.append(piece)


def _field(kind: str) -> Any:
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    return made


def _instruction(text: str) -> Any:
    made = OxmlElement("w:instrText")
    made.text = text
    return made


def _font(styled: Any, font: str, size: int) -> None:
    styled.font.name, styled.font.size = font, Pt(size)
    styled._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _line(made: Any, text: str, *, font: str = FANG, size: int = THREE, align: Any = None) -> Any:
    paragraph = made.add_paragraph()
    _font(paragraph.add_run(text), font, size)
    shape = paragraph.paragraph_format
    shape.space_after, shape.space_before = Pt(0), Pt(0)
    shape.line_spacing = LINE if size <= THREE else Pt(size * 1.45)
    shape.alignment = align
    return paragraph


def _slot(made: Any, slot: Slot) -> None:
    """信函的一部分；可以没有的写在条件里，没有就不留空行。"""
    if not slot.mandatory:
        _line(made, f"{{%p if {slot.name} %}}")
    LOOKS.get(slot.name, _plain)(made, f"{{{{ {slot.name} }}}}")
    if not slot.mandatory:
        _line(made, "{%p endif %}")


def _plain(made: Any, text: str) -> None:
    _line(made, text).paragraph_format.first_line_indent = INDENT


def _kept(made: Any, text: str) -> None:
    """落款前面的：与落款排在同一面，落款不单独成面。"""
    shape = _line(made, text).paragraph_format
    shape.first_line_indent, shape.keep_with_next, shape.keep_together = INDENT, True, True


def _letterhead(made: Any, text: str) -> None:
    paragraph = _line(made, text, font=SONG, size=MARK, align=CENTRE)
    paragraph.runs[0].font.color.rgb = RED
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (
        ("val", "thickThinSmallGap"),
        ("sz", "24"),
        ("space", "6"),
        ("color", "E60000"),
    ):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _title(made: Any, text: str) -> None:
    _line(made, "")
    _line(made, text, font=SONG, size=TWO, align=CENTRE)
    _line(made, "")


def _signature(made: Any, text: str) -> None:
    _line(made, "").paragraph_format.keep_with_next = True
    shape = _line(made, text, align=RIGHT).paragraph_format
    shape.right_indent, shape.keep_with_next = INDENT, True


def _date(made: Any, text: str) -> None:
    _line(made, text, align=RIGHT).paragraph_format.right_indent = 2 * INDENT


def _slip(made: Any, text: str) -> None:
    made.add_page_break()
    _line(made, "回　　执", font=SONG, size=TWO, align=CENTRE)
    _line(made, "")
    _line(made, text)


def _aside(made: Any, text: str) -> None:
    _line(made, "").paragraph_format.keep_with_next = True
    _line(made, text, size=FOUR)


LOOKS = {
    "letterhead": _letterhead,
    "title": _title,
    "contact": _kept,
    "attachments": _kept,
    "number": lambda made, text: _line(made, text, align=RIGHT),
    "salutation": _line,
    "signature": _signature,
    "date": _date,
    "copies": _aside,
    "slip": _slip,
}  # fmt: skip


def _form(made: Any, kind: Kind) -> None:
    """表格：一格一部分，左边是名称。"""
    _line(made, "{{ title }}", font=SONG, size=TWO, align=CENTRE)
    _line(made, "")
    slots = [slot for slot in kind.slots if slot.name != "title"]
    table = made.add_table(rows=0, cols=2)
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for slot in slots:
        row = table.add_row()
        row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        row.height = Mm(22 if slot.name in TALL else 11)
        texts = (slot.label, f"{{{{ {slot.name} }}}}")
        for cell, width, text in zip(row.cells, WIDTHS, texts, strict=True):
            cell.width = width
            cell.vertical_alignment = 1
            paragraph = cell.paragraphs[0]
            _font(paragraph.add_run(text), FANG, FOUR)
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = Pt(22)
