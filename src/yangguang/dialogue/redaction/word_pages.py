"""docx 排成 PDF，好按页遮盖：正文、表格、文本框、页眉页脚、脚注尾注都排进去，排不了的说明缘由，不悄悄丢下。

修订、批注、宏由收文件时的查看（``files.inspection``）拒收。版式与原件不同；要保留版式的，另存为 PDF 再传。
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree

from yangguang.foundation.files.extracted import ExtractedText, Unreadable
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.files.packages import inspect_package
from yangguang.foundation.typesetting import letters, pdf_from

INSTEAD = "请在 Word 或 WPS 里另存为 PDF 再传。"
_STORY = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_ELSEWHERE = (
    (re.compile(r"word/media/"), "图片"),
    (re.compile(r"word/embeddings/"), "嵌入的别的文件"),
    (re.compile(r"word/charts/"), "图表"),
    (re.compile(r"word/diagrams/"), "SmartArt 图形"),
)
_UNSET = {
    "oMath": "公式", "sym": "特殊符号", "textpath": "水印或艺术字", "altChunk": "嵌入的别的文件",
    "vanish": "隐藏的文字", "strike": "带删除线的文字", "dstrike": "带删除线的文字",
}  # fmt: skip
_OFF = frozenset({"0", "false", "off"})
_STYLE = """
@page { size: A4; margin: 25mm 26mm }
body { font: 12pt/22pt "FangSong", "STFangsong", "Noto Serif CJK SC", serif; margin: 0 }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.margin { font-size: 10.5pt; color: #444; border-bottom: 0.5pt solid; margin-bottom: 8pt }
.after { border-bottom: 0; border-top: 0.5pt solid; margin: 8pt 0 0 }
table { border-collapse: collapse; width: 100%; font-size: 10.5pt; line-height: 16pt }
td { border: 0.5pt solid; padding: 1pt 3pt; overflow-wrap: anywhere; white-space: pre-wrap }
"""


def pdf_of_word(content: bytes) -> bytes:
    """排成的 PDF。排不全的抛出 ``Unreadable``；这台机器排不出 PDF 的抛出 ``Untypeset``。"""
    inspection = inspect_package(io.BytesIO(content))
    if inspection.refusals:
        raise Unreadable("".join(inspection.refusals))
    stories = _stories(content)
    read = read_text(content)
    if lost := _lost(stories, read):
        raise Unreadable(f"文件里有些文字排不出来（“{lost[:12]}”等），{INSTEAD}")
    return pdf_from(_html(read)).content


def _stories(content: bytes) -> dict[str, Any]:
    """正文、页眉页脚、脚注尾注各个部件。有排不了的抛出 ``Unreadable``，把各样一次说完。"""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        stories = {
            name: etree.fromstring(archive.read(name), parser)
            for name in names
            if _STORY.fullmatch(name)
        }
    unset = [label for pattern, label in _ELSEWHERE if any(map(pattern.match, names))]
    unset += [
        _UNSET[name]
        for root in stories.values()
        for element in root.iter()
        if (name := _name(element)) in _UNSET and not _OFF & set(element.attrib.values())
    ]
    if unset:
        told = "、".join(dict.fromkeys(unset))
        raise Unreadable(f"docx 里有{told}，按文字重排会丢掉或者改变意思，{INSTEAD}")
    return stories


def _lost(stories: dict[str, Any], read: ExtractedText) -> str:
    """原件里有、排出来没有的字。几节一样的页眉页脚只排一次。"""
    body: Counter[str] = Counter()
    margins = [letters(text) for text in read.margins]
    for name, root in stories.items():
        text = letters("".join(_told(root)))
        if "/header" not in name and "/footer" not in name:
            body.update(text)
        elif text not in margins and text:
            return text
    return "".join((body - Counter(letters("".join(_passages(read))))).elements())


def _told(root: Any) -> Iterator[str]:
    for element in root.iter():
        if _name(element) == "t" and not any(
            _name(above) == "Fallback" for above in element.iterancestors()
        ):
            yield element.text or ""


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _passages(read: ExtractedText) -> Iterator[str]:
    """正文里排的。"""
    for block in read.blocks:
        if block["type"] == "table":
            yield from (cell for row in block["rows"] for cell in row)
        else:
            yield block["text"]


def _html(read: ExtractedText) -> str:
    margins = "".join(f'<p class="margin">页眉页脚：{escape(text)}</p>' for text in read.margins)
    body = "".join(map(_block, read.blocks))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>{_STYLE}</style>'
        f"<body>{margins}{body}</body></html>"
    )


def _block(block: dict[str, Any]) -> str:
    if block["type"] != "table":
        return f"<p>{escape(block['text'])}</p>"
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in block["rows"]
    )
    return f"<table>{rows}</table>"
