"""往期公报的 PDF：几页，有没有文字层；目录怎样写。不碰数据库。"""

import re

import pypdfium2 as pdfium

from yangguang.foundation.files.extraction import Unreadable, read_text

SOURCE = "往期的纸质公报"
"""收入的往期，发布时间的依据。"""
NO_TEXT = "无文字层"
"""扫描件的标记。"""
LONGEST = 300
_LINE = re.compile(r"^(?P<title>.*[^\s.…·])[\s.…·]+(?P<page>\d{1,4})$")

Contents = list[dict[str, str | int]]
"""目录：各篇的题名和从 PDF 的第几页起。"""


def pages_of(content: bytes) -> int:
    """一共几页；打不开、不是 PDF 的是 0。"""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()


def has_text(content: bytes) -> bool:
    """有没有读得出的文字层。"""
    try:
        read_text(content)
    except Unreadable:
        return False
    return True


def contents_in(text: str) -> tuple[Contents, list[str]]:
    """目录里的各篇，和写得不对的，每条一句。一行一篇，末尾是从 PDF 的第几页起。"""
    found: Contents = []
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.match(line.strip())
        if match is None or not int(match["page"]):
            faults.append(f"第 {number} 行末尾没有页码，请写成“题名　页码”。")
        elif len(match["title"]) > LONGEST:
            faults.append(f"第 {number} 行的题名太长，最多 {LONGEST} 字。")
        else:
            found.append({"title": match["title"], "page": int(match["page"])})
    return found, faults


def beyond(contents: Contents, pages: int) -> list[str]:
    """页码超出 PDF 的，每条一句。"""
    return [
        f"《{each['title']}》写的是第 {each['page']} 页，PDF 只有 {pages} 页。"
        for each in contents
        if int(each["page"]) > pages
    ]


def written(contents: Contents) -> str:
    """目录写成一行一篇。"""
    return "\n".join(f"{each['title']}　{each['page']}" for each in contents)
