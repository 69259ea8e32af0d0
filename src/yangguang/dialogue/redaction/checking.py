"""做成以后再核对一遍：没有文字、属性、附件、批注，各页只有一张画面，框里的像素全黑。不碰数据库。"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from .boxes import Box

_ROOT_KEYS = frozenset({"/Type", "/Pages"})
_PAGE_KEYS = frozenset({"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"})
_IMAGE_KEYS = frozenset(
    {
        "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter",
        "/Length",
    }
)  # fmt: skip


def output_faults(
    path: Path, boxes: Iterable[Box], withheld: Collection[int], pages: int
) -> list[str]:
    """做成的一份不合格之处，每条一句；没有为空。"""
    by_page: dict[int, list[Box]] = {}
    for box in boxes:
        if box.page not in withheld:
            by_page.setdefault(box.page, []).append(box)
    try:
        return [*_structure_faults(path, by_page, pages), *_text_faults(path)]
    except (pikepdf.PdfError, pdfium.PdfiumError):
        return ["做成的文件打不开。"]


def _structure_faults(path: Path, by_page: dict[int, list[Box]], pages: int) -> list[str]:
    with pikepdf.open(path) as document:
        faults = []
        if len(document.pages) != pages:
            faults.append(f"应有 {pages} 页，做成了 {len(document.pages)} 页。")
        if set(document.Root.keys()) - _ROOT_KEYS or "/Info" in document.trailer:
            faults.append("做成的文件里还带着文件属性、附件或别的内容。")
        for number, page in enumerate(document.pages, 1):
            faults += _page_faults(number, page, by_page.get(number, []))
    return faults


def _page_faults(number: int, page: pikepdf.Page, boxes: list[Box]) -> list[str]:
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    images = resources.get("/XObject", pikepdf.Dictionary())
    is_bare = (
        not set(page.obj.keys()) - _PAGE_KEYS
        and set(resources.keys()) == {"/XObject"}
        and list(images.keys()) == ["/Im0"]
        and not set(images["/Im0"].keys()) - _IMAGE_KEYS
    )
    if not is_bare:
        return [f"第 {number} 页除了画面还有别的内容。"]
    if not boxes:
        return []
    stream: Any = images["/Im0"]
    picture = pikepdf.PdfImage(stream).as_pil_image().convert("RGB")
    for box in boxes:
        lowest_and_highest = picture.crop(box.pixels(*picture.size)).getextrema()
        if any(band != (0, 0) for band in lowest_and_highest):
            return [f"第 {number} 页有一处没有涂黑。"]
    return []


def _text_faults(path: Path) -> list[str]:
    document = pdfium.PdfDocument(path)
    try:
        faults = []
        if any(document.get_metadata_dict(skip_empty=True).values()):
            faults.append("做成的文件里还有文件属性。")
        if document.count_attachments():
            faults.append("做成的文件里还有附件。")
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            if text.count_chars():
                faults.append(f"第 {number + 1} 页还能选出文字。")
            text.close()
            page.close()
        return faults
    finally:
        document.close()
