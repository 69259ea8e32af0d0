"""由模板和各部分得到 docx；排好以后把文字读回来，必备的各段要在。同样的文书、同样的模板，字节相同。不碰数据库。"""

import re
import unicodedata
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from yangguang.foundation.typesetting import letters, settled

from .composing import Letter, Part

PARAGRAPH = "\a"
"""docxtpl 里另起一段的记号。"""
_TEXT_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Unrendered(Exception):
    """照这份模板排不成文书；信息是给人看的缘由。"""


def sandbox() -> Any:
    """模板运行的环境：没有全局的函数，取不到对象的属性，没有的名称就报错。"""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    return made


def render_docx(letter: Letter, template: bytes) -> bytes:
    """一份文书的 docx。模板用不了、排出来缺了必备的段落抛出 ``Unrendered``。"""
    opened = DocxTemplate(BytesIO(template))
    context = {part.name: PARAGRAPH.join(part.lines) for part in letter.parts}
    try:
        opened.render(context, sandbox(), autoescape=True)
    except TemplateError as wrong:
        raise Unrendered(f"模板用不了：{wrong}") from wrong
    stream = BytesIO()
    opened.save(stream)
    made = settled(stream.getvalue())
    if lost := lacking(letter, docx_text(made)):
        raise Unrendered(
            f"排出来的文书缺少{'、'.join(f'“{label}”' for label in lost)}，请检查模板。"
        )
    return made


def docx_text(content: bytes) -> str:
    """docx 里的文字，页眉、页脚在内，一段一行。"""
    with ZipFile(BytesIO(content)) as archive:
        names = sorted(filter(_TEXT_PARTS.fullmatch, archive.namelist()))
        return "\n".join(line for name in names for line in _paragraphs(archive.read(name)))


def _paragraphs(content: bytes) -> Iterable[str]:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for paragraph in root.iter(f"{_W}p"):
        yield "".join(node.text or "" for node in paragraph.iter(f"{_W}t"))


def lacking(letter: Letter, text: str) -> list[str]:
    """``text`` 里缺了文书必备的哪几部分；救济段须恰好一次。"""
    found = _plain(text)
    return [part.label for part in letter.mandatory if not _is_within(part, found)]


def _plain(text: str) -> str:
    """比对用的字：附着的符号（藏文的元音等）排版读回来的次序不定，不比。"""
    return "".join(
        each for each in letters(text) if unicodedata.category(each) not in ("Mn", "Mc", "Cf")
    )


def _is_within(part: Part, found: str) -> bool:
    wanted = _plain(part.text)
    return found.count(wanted) == 1 if part.name == "remedies" else wanted in found
