"""把一部汇编排成文字版（Word）和 PDF：同样的内容总是同样的字节。不碰数据库。

目录、索引的页码：PDF 由排版两遍得出；文字版是页码域，打开时由办公软件算出。
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from string import digits
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.richtext.blocks import lines_of
from yangguang.foundation.richtext.setting import set_html, set_word
from yangguang.foundation.typesetting import (
    POINTS,
    Printed,
    Untypeset,
    differing,
    pdf_from,
    settled,
    text_within,
)

EDITION = 4
"""排法的版本：改了排法就加一，内容没有变的也重排。"""
MARGIN = 30
"""版心以上、以下各留几毫米。"""
IN_FORCE_TOLD = frozenset({"", "有效", "已修改"})
"""现行有效的怎样注明的。"""
TOLD = 3
"""排出的文字不对，最多说几处。"""
BROKEN = "排出的文字与所收的文件对不上：{told}。请联系系统管理员。"


@dataclass(frozen=True)
class Text:
    """收的一份：标题、文号、题注、正文的块；``index_number`` 是索引号。

    ``version`` 是现行版本的编号，``digest`` 是它的摘要；只列目录的没有正文。
    """

    index_number: str
    title: str
    number: str
    note: str
    validity: str
    body: tuple[Mapping[str, Any], ...] = ()
    version: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Book:
    """要排的一部。``by_number``、``by_title`` 是索引：各份的序号（从 1 起），没有文号的不在文号索引里。"""

    title: str
    unit: str
    about: str
    groups: tuple[tuple[str, tuple[Text, ...]], ...]
    by_number: tuple[int, ...]
    by_title: tuple[int, ...]

    @property
    def texts(self) -> list[Text]:
        """各份，按目录的次序。"""
        return [each for _, texts in self.groups for each in texts]

    @property
    def total(self) -> int:
        """收了几份。"""
        return len(self.texts)


def book_digest(book: Book) -> str:
    """所排内容的摘要：各份的正文以现行版本的摘要代替，不必读正文。"""
    groups = [
        (label, [(each.index_number, each.title, each.number, each.note, each.validity, each.digest)
                 for each in texts])
        for label, texts in book.groups
    ]  # fmt: skip
    about = (EDITION, book.title, book.unit, book.about, groups, book.by_number, book.by_title)
    return hashlib.sha256(canonical_json(about)).hexdigest()


STYLE = f"""
@page {{ size: A4; margin: {MARGIN}mm 26mm; @bottom-center {{ content: counter(page); font: 10pt serif }} }}
@page cover {{ @bottom-center {{ content: none }} }}
body {{ font: 12pt/22pt "FangSong", "STFangsong", "Noto Serif CJK SC", serif; margin: 0 }}
.cover {{ page: cover; text-align: center; break-after: page; padding-top: 60mm }}
h1 {{ font: bold 28pt/44pt "Noto Serif CJK SC", serif }}
h2 {{ font: bold 15pt/26pt "Noto Sans CJK SC", sans-serif; text-align: center }}
h3 {{ font: bold 15pt/24pt "Noto Serif CJK SC", serif; text-align: center; break-after: avoid }}
h4, .group {{ font: bold 12pt/22pt "Noto Sans CJK SC", sans-serif; margin: 6pt 0 0 }}
p {{ margin: 0; text-align: justify; white-space: pre-line }} p.plain {{ text-indent: 2em }}
p.center {{ text-align: center }} p.right {{ text-align: right }} .note {{ text-align: center }}
section.list {{ break-after: page }} .list a {{ color: inherit; text-decoration: none }}
.list a::after {{ content: leader(".") target-counter(attr(href), page) }}
article {{ break-after: page }}
ol, ul {{ margin: 0; padding-left: 2.5em }} li {{ text-align: justify; white-space: pre-line }}
table {{ border-collapse: collapse; width: 100%; font-size: 10.5pt; line-height: 16pt }}
td {{ border: 0.5pt solid; padding: 1pt 3pt; overflow-wrap: anywhere; white-space: pre-line }}
tr {{ break-inside: avoid }}
"""


def pdf(book: Book) -> Printed:
    """排成 PDF。排不出、排出的文字与所收的对不上的抛出 ``Untypeset``。"""
    printed = pdf_from(_page(book))
    if faults := unlike(book, printed.content):
        raise Untypeset(BROKEN.format(told="；".join(faults[:TOLD])))
    return printed


def unlike(book: Book, content: bytes) -> list[str]:
    """PDF 里读出的文字与所收的不同，每处一句：各段要在，依着次序，一个字不多不少。

    目录的页码、列表的编号是排出来的，多出的数字不算。
    """
    printed = text_within(content, below=MARGIN * POINTS - 10)
    return differing(printed, _passages(book), _cells(book), may_add=digits)


def _passages(book: Book) -> Iterator[str]:
    """依次印出的各段，表格除外。"""
    yield from (book.title, f"{book.unit}编", book.about, "目录")
    for label, texts in book.groups:
        yield label
        yield from map(_listed, texts)
    for each in book.texts:
        yield from (one_line(each.title), *_notes(each))
        yield from lines_of(block for block in each.body if block["type"] != "table")
    for label, order in _indexes(book):
        yield label
        yield from (index_line(book.texts[number - 1], label) for number in order)


def _cells(book: Book) -> Iterator[str]:
    """表格里的各格。"""
    for each in book.texts:
        yield from lines_of(block for block in each.body if block["type"] == "table")


def _page(book: Book) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(book.title)}'
        f"</title><style>{STYLE}</style>"
        f'<section class="cover"><h1>{escape(book.title)}</h1><p class="center">'
        f'{escape(book.unit)}编</p><p class="center">{escape(book.about)}</p></section>'
        f"{_contents(book)}{''.join(_article(n, each) for n, each in enumerate(book.texts, 1))}"
        f"{''.join(_index(book, label, order) for label, order in _indexes(book))}</html>"
    )


def _indexes(book: Book) -> list[tuple[str, tuple[int, ...]]]:
    """各个索引；一份也没有文号的，没有文号索引。"""
    listed = (("文号索引", book.by_number), ("标题索引", book.by_title))
    return [(label, order) for label, order in listed if order]


def _contents(book: Book) -> str:
    parts, number = [], 0
    for label, texts in book.groups:
        parts.append(f'<p class="group">{escape(label)}</p>')
        for each in texts:
            number += 1
            parts.append(f'<p><a href="#t{number}">{escape(_listed(each))}</a></p>')
    return f'<section class="list"><h2>目录</h2>{"".join(parts)}</section>'


def _index(book: Book, label: str, order: tuple[int, ...]) -> str:
    texts = book.texts
    rows = "".join(
        f'<p><a href="#t{number}">{escape(index_line(texts[number - 1], label))}</a></p>'
        for number in order
    )
    return f'<section class="list"><h2>{label}</h2>{rows}</section>'


def index_line(text: Text, label: str) -> str:
    """索引里的一行：文号索引文号在前，标题索引标题在前。"""
    if label == "标题索引":
        return _listed(text)
    return f"{text.number}　{one_line(text.title)}{_ended(text)}"


def one_line(title: str) -> str:
    """分行写的标题连成一行。"""
    return "".join(title.split("\n"))


def _listed(text: Text) -> str:
    number = f"（{text.number}）" if text.number else ""
    return f"{one_line(text.title)}{number}{_ended(text)}"


def _ended(text: Text) -> str:
    """不是现行有效的，目录、索引里也注明。"""
    return f"（{text.validity}）" if text.validity not in IN_FORCE_TOLD else ""


def _notes(text: Text) -> list[str]:
    return [line for line in (text.note, text.validity and f"（{text.validity}）") if line]


def _article(number: int, text: Text) -> str:
    notes = "".join(f'<p class="note">{escape(line)}</p>' for line in _notes(text))
    lines = "".join(map(set_html, text.body))
    return (
        f'<article><h3 id="t{number}">{escape(one_line(text.title))}</h3>{notes}{lines}</article>'
    )


def word(book: Book) -> bytes:
    """docx。"""
    document = Document()
    made = document.core_properties
    made.author, made.title, made.comments = book.unit, book.title, ""
    made.created = made.modified = datetime(1980, 1, 1)  # noqa: DTZ001  固定的时间，字节才一样
    _number_pages(document.sections[0].footer.paragraphs[0])
    _centred(document.add_heading(book.title, 0))
    _centred(document.add_paragraph(f"{book.unit}编"))
    if book.about:
        document.add_paragraph(book.about)
    document.add_heading("目录", 1)
    number = 0
    for label, texts in book.groups:
        document.add_heading(label, 2)
        for each in texts:
            number += 1
            _referring(document.add_paragraph(_listed(each)), number)
    for number, each in enumerate(book.texts, 1):
        document.add_page_break()
        title = document.add_heading(one_line(each.title), 1)
        _mark(title, number)
        for line in _notes(each):
            _centred(document.add_paragraph(line))
        for block in each.body:
            set_word(document, block)
    for label, order in _indexes(book):
        document.add_page_break()
        document.add_heading(label, 1)
        for number in order:
            line = index_line(book.texts[number - 1], label)
            _referring(document.add_paragraph(line), number)
    stream = BytesIO()
    document.save(stream)
    return settled(stream.getvalue())


def _centred(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _number_pages(footer: Any) -> None:
    _centred(footer)
    footer.add_run("— ")
    footer._p.append(_field("PAGE"))
    footer.add_run(" —")


def _mark(paragraph: Any, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for each in (start, end):
        each.set(qn("w:id"), str(number))
    start.set(qn("w:name"), f"t{number}")
    paragraph._p.append(start)
    paragraph._p.append(end)


def _referring(paragraph: Any, number: int) -> None:
    paragraph.add_run("　")
    paragraph._p.append(_field(f"PAGEREF t{number} \\h"))


def _field(instruction: str) -> Any:
    """一个域，打开时由办公软件算出。"""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {instruction} ")
    field.set(qn("w:dirty"), "true")
    return field
