"""pdf 里的每一处文字：各页的字、批注和表单里填的、文件属性。纯函数。"""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pikepdf
import pypdfium2 as pdfium

from .extracted import Passage, Reading, Unreadable
from .pdf import BROKEN, ENCRYPTED, Line, joined, read_pages
from .plain_text import normalise

_TAIL = re.compile(r"[0-9Xx]+$")
_HEAD = re.compile(r"^[0-9Xx]+")


def read_pdf_passages(content: bytes) -> Reading:
    """读 pdf：一页里折行的段落接起来，一段一处。加密的、损坏的抛出 ``Unreadable``。"""
    try:
        document = pdfium.PdfDocument(content)
        try:
            pages = read_pages(document)
            properties = document.get_metadata_dict()
        finally:
            document.close()
        with pikepdf.open(io.BytesIO(content)) as opened:
            filled = list(_filled(opened))
    except (pikepdf.PasswordError, pdfium.PdfiumError, pikepdf.PdfError) as error:
        encrypted = isinstance(error, pikepdf.PasswordError) or "password" in str(error).lower()
        raise Unreadable(ENCRYPTED if encrypted else BROKEN) from error
    found = [Passage("文件属性", value) for value in properties.values() if value.strip()]
    for number, page in enumerate(pages, 1):
        place = f"第 {number} 页"
        found += [
            Passage(place, normalise(text)) for text in (*joined(page), *_broken_numbers(page))
        ]
    found += [Passage(f"第 {number} 页的批注或表单", text) for number, text in filled]
    bare = "、".join(str(number) for number, page in enumerate(pages, 1) if not page)
    unread = (f"第 {bare} 页没有文字，可能是扫描图像，请人看。",) if bare else ()
    return Reading(tuple(found), unread)


def _broken_numbers(page: Sequence[Line]) -> Iterator[str]:
    """窄格子里折成两行的号码，接起来再看一遍。"""
    for line, below in pairwise(page):
        tail, head = _TAIL.search(line.text), _HEAD.search(below.text)
        if tail and head:
            yield tail.group() + head.group()


def _filled(document: pikepdf.Pdf) -> Iterator[tuple[int, str]]:
    """批注的话、表单里填的值：不在页面的文字层里，打开文件却看得见。"""
    for number, page in enumerate(document.pages, 1):
        for annotation in page.get("/Annots", ()):
            for key in ("/Contents", "/V", "/TU", "/T"):
                value = annotation.get(key)
                if isinstance(value, pikepdf.String) and str(value).strip():
                    yield number, normalise(str(value))
            action = annotation.get("/A", None)
            target = action.get("/URI", None) if isinstance(action, pikepdf.Dictionary) else None
            if target is not None:
                yield number, str(target)
