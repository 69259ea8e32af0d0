"""测试用的文件，全在测试里造：pdf 用 pikepdf 排字，docx 用 python-docx 加原始 XML。"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import docx
import pikepdf
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

LEFT, RIGHT, SIZE = 80.0, 515.0, 15.0


@dataclass(frozen=True)
class Set:
    """排在页上的一行字。"""

    text: str
    x: float
    y: float
    size: float = SIZE


def pdf(pages: Iterable[Iterable[Set]], *, password: str = "") -> bytes:
    """一份有文字层的 pdf；字体不嵌入，编码用 UniGB-UCS2-H。"""
    made = pikepdf.new()
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=pikepdf.Name("/STSong-Light"),
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=2),
        FontDescriptor=made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.FontDescriptor,
                FontName=pikepdf.Name("/STSong-Light"),
                Flags=4,
                FontBBox=[0, -200, 1000, 900],
                ItalicAngle=0,
                Ascent=880,
                Descent=-120,
                CapHeight=880,
                StemV=80,
            )
        ),
        DW=1000,
    )
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name("/STSong-Light"),
            Encoding=pikepdf.Name("/UniGB-UCS2-H"),
            DescendantFonts=[made.make_indirect(descendant)],
        )
    )
    for lines in pages:
        commands = b"".join(
            b"BT /F1 %f Tf 1 0 0 1 %f %f Tm <%s> Tj ET\n"
            % (line.size, line.x, line.y, line.text.encode("utf-16-be").hex().encode())
            for line in lines
        )
        made.add_blank_page(page_size=(595, 842))
        page = made.pages[-1]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = made.make_stream(commands)
    out = io.BytesIO()
    made.save(
        out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False
    )
    return out.getvalue()


def typeset(paragraphs: Iterable[tuple[str, str]], *, numbered: bool = True) -> bytes:
    """按公文的样子排：每行 29 字；（对齐, 文字）为 indent、flush、center、right。"""
    pages: list[list[Set]] = [[]]
    y = 760.0
    for style, text in paragraphs:
        width = int((RIGHT - LEFT) // SIZE)
        rows: list[tuple[float, str]] = []
        if style == "center":
            rows = [((595 - len(text) * SIZE) / 2, text)]
        elif style == "right":
            rows = [(RIGHT - len(text) * SIZE, text)]
        else:
            first = width - 2 if style == "indent" else width
            rows = [(LEFT + (2 * SIZE if style == "indent" else 0), text[:first])]
            rest = text[first:]
            rows += [(LEFT, rest[i : i + width]) for i in range(0, len(rest), width)]
        for x, row in rows:
            if y < 100:
                pages.append([])
                y = 760.0
            pages[-1].append(Set(row, x, y))
            y -= 28
    if numbered:
        for number, page in enumerate(pages, 1):
            page.append(Set(f"— {number} —", 280, 50, 10))
    return pdf(pages)


def save(document: Document) -> bytes:
    """docx 的字节。"""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def numbered_docx(levels: list[tuple[str, str]], paragraphs: list[tuple[int | None, str]]) -> bytes:
    """自动编号的 docx。``levels`` 是各级的（数字样式, 印法）；段落为（级, 文字）。"""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for i, (style, pattern) in enumerate(levels)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="900">{inner}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="900"><w:abstractNumId w:val="900"/></w:num>')
    )
    for level, text in paragraphs:
        added = document.add_paragraph(text)
        if level is not None:
            added._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="900"/></w:numPr>'
                )
            )
    return save(document)
