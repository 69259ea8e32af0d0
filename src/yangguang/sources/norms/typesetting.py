"""把一份文件排成文字版（Word）和图片版（PDF）：同样的内容总是同样的字节。不碰数据库。

没有装 Pango 的机器排不出 PDF，只有文字版（``docs/operations.md``）。
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.typesetting import NoPango, pdf_from, settled

EDITION = 1
"""排法的版本：改了排法就加一，内容没有变的也重排。"""
SONG, FANG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
ALIGNMENTS = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


@dataclass(frozen=True)
class Content:
    """要排的：标题、题注、正文的块。"""

    title: str
    annotation: str
    body: tuple[Mapping[str, Any], ...]


def content_digest(content: Content) -> str:
    """所排内容的摘要。"""
    told = {
        "edition": EDITION, "title": content.title, "annotation": content.annotation,
        "body": list(content.body),
    }  # fmt: skip
    return hashlib.sha256(canonical_json(told)).hexdigest()


# ---- 文字版 ----


def word(content: Content) -> bytes:
    """docx：A4，版心和字体照 GB/T 9704。"""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    _line(document.add_paragraph(), content.title, SONG, 22, "center")
    if content.annotation:
        _line(document.add_paragraph(), content.annotation, FANG, 16, "center")
    for block in content.body:
        if block["type"] == "table":
            _table(document, block["rows"])
        elif block["type"] == "heading":
            _line(document.add_paragraph(), block["text"], HEI, 16, "flush")
        else:
            _line(document.add_paragraph(), block["text"], FANG, 16, block.get("style", "plain"))
    stream = BytesIO()
    document.save(stream)
    return settled(stream.getvalue())


def _line(paragraph: Any, text: str, font: str, size: int, style: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(29)
    if style in ALIGNMENTS:
        paragraph.alignment = ALIGNMENTS[style]
    elif style == "plain":
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)


def _table(document: Any, rows: list[list[Any]]) -> None:
    made = document.add_table(rows=0, cols=max(map(len, rows)))
    made.style = "Table Grid"
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=False):
            _line(cell.paragraphs[0], str(text), FANG, 12, "flush")


# ---- 图片版 ----

STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm;
  @bottom-center { content: "— " counter(page) " —"; font: 14pt serif } }
body { font: 16pt/29pt "FangSong", "STFangsong", "Noto Serif CJK SC", serif; margin: 0 }
h1 { font: bold 22pt/34pt "Noto Serif CJK SC", serif; text-align: center; margin: 0 0 12pt }
.note { text-align: center; margin: 0 0 20pt }
h2 { font: bold 16pt/29pt "Noto Sans CJK SC", sans-serif; margin: 0; break-after: avoid }
p { margin: 0; text-align: justify }
p.plain { text-indent: 2em } p.center { text-align: center } p.right { text-align: right }
table { border-collapse: collapse; width: 100%; font-size: 12pt; line-height: 18pt }
td { border: 0.5pt solid; padding: 2pt 4pt }
"""


def pdf(content: Content) -> bytes:
    """PDF；排不出（没有 Pango）的为空。不取任何外面的东西。"""
    try:
        return pdf_from(_page(content)).content
    except NoPango:
        return b""


def _page(content: Content) -> str:
    note = f'<p class="note">{escape(content.annotation)}</p>' if content.annotation else ""
    blocks = "".join(map(_block, content.body))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(content.title)}'
        f"</title><style>{STYLE}</style><h1>{escape(content.title)}</h1>{note}{blocks}</html>"
    )


def _block(block: Mapping[str, Any]) -> str:
    if block["type"] == "table":
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>"
            for row in block["rows"]
        )
        return f"<table>{rows}</table>"
    if block["type"] == "heading":
        return f"<h2>{escape(block['text'])}</h2>"
    return f'<p class="{escape(block.get("style", "plain"))}">{escape(block["text"])}</p>'
