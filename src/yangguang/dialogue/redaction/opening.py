"""打开一份 PDF、图片：各页的画面，页上的字和位置，都照人看到的样子（转正、裁好、批注和表单填的都印上）。

不碰数据库。一次只有一页在内存里。docx 先排成 PDF（``word_pages``）。
"""

import ctypes
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageOps, UnidentifiedImageError

from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.inspection import pdf_refusals
from yangguang.foundation.files.pdf import BROKEN
from yangguang.foundation.files.pictures import MAX_PIXELS
from yangguang.foundation.files.rules import PDF

from .finding import Character, Place

MAX_PAGES = 300
"""一份最多几页。"""
DPI = 200
"""做成的画面每英寸多少个像素。"""
VIEW_DPI = 110
"""屏幕上看的。"""
MOST_PIXELS = 20_000_000
"""做成的一页最多多少个像素；大图纸超过的，缩到这么多。"""
VIEW_PIXELS = 2_000_000
"""屏幕上看的图片最多多少个像素。"""
LONGEST_SIDE = 14_400
"""一页最长的边，磅：PDF 的上限。"""
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
_A4 = (595.28, 841.89)
_POINTS = 72
_WHOLE = 10**6
_PROTECTED = "PDF 设了密码或者权限保护，请去掉保护后再传。"
_PRINTED = "请在 PDF 软件里用“打印”另存为 PDF 再传。"


@dataclass(frozen=True)
class Sheet:
    """一页人看到的大小，磅。"""

    width: float
    height: float


class Pages(Protocol):
    """打开了的一份。页从 1 数起。"""

    sheets: tuple[Sheet, ...]

    def picture(self, page: int, dpi: float = DPI) -> Image.Image:
        """一页的画面，RGB。"""
        ...

    def characters(self, page: int) -> list[Character]:
        """一页上看得到的字，按读的次序；图片上的字机器读不出，为空。"""
        ...


@contextmanager
def opened(content: bytes, media_type: str, *, is_known: bool = False) -> Iterator[Pages]:
    """打开一份，用完即关。加密的、带脚本的、损坏的、页数和画面太大的抛出 ``Unreadable``。

    ``is_known`` 为真的是打开过的一份，不再翻一遍里面的零件。
    """
    if media_type == PDF:
        if not is_known:
            _refuse_guarded(content)
        with _pdf(content) as pages:
            yield pages
    elif media_type in PICTURES:
        with _picture(content, media_type) as picture:
            yield picture
    else:
        raise Unreadable("只能遮盖 PDF、docx 和图片；别的请先另存为 PDF 再传。")


def pixels_of(sheet: Sheet, dpi: float) -> tuple[int, int]:
    """一页的画面是多少个像素，不超过 ``MOST_PIXELS``。"""
    width, height = sheet.width * dpi / _POINTS, sheet.height * dpi / _POINTS
    shrink = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * shrink)), max(1, int(height * shrink))


# ---- PDF ----


def _refuse_guarded(content: bytes) -> None:
    """加了打开密码、权限保护的，带脚本的，不打开。"""
    if refusals := list(pdf_refusals(io.BytesIO(content))):
        raise Unreadable("".join(refusals))
    with pikepdf.open(io.BytesIO(content)) as document:
        if document.is_encrypted:
            raise Unreadable(_PROTECTED)
        if "/XFA" in document.Root.get("/AcroForm", pikepdf.Dictionary()):
            raise Unreadable(f"PDF 里的表单是随填随变的（XFA），{_PRINTED}")


@dataclass
class _PdfPages:
    document: pdfium.PdfDocument
    sheets: tuple[Sheet, ...] = ()

    def picture(self, page: int, dpi: float = DPI) -> Image.Image:
        width, height = pixels_of(self.sheets[page - 1], dpi)
        with self._page(page) as opened_page:
            bitmap = pdfium.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGRx)
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
            # 批注和表单填的已经印到页上了（flatten），不必再画一遍
            raw.FPDF_RenderPageBitmap(bitmap, opened_page, 0, 0, width, height, 0, 0)
            image = bitmap.to_pil().convert("RGB")
            bitmap.close()
        return image

    def characters(self, page: int) -> list[Character]:
        with self._page(page) as opened_page:
            text = opened_page.get_textpage()
            try:
                return list(_characters(opened_page, text))
            finally:
                text.close()

    @contextmanager
    def _page(self, page: int) -> Iterator[pdfium.PdfPage]:
        """取一页，先把批注、表单填的印到页上，再重新打开：字和画面就是同一个样子。"""
        first = self.document[page - 1]
        flattened = raw.FPDFPage_Flatten(first, raw.FLAT_NORMALDISPLAY)
        first.close()
        if flattened == raw.FLATTEN_FAIL:
            raise Unreadable(f"第 {page} 页的批注或表单印不到页上，{_PRINTED}")
        found = self.document[page - 1]
        try:
            yield found
        finally:
            found.close()


@contextmanager
def _pdf(content: bytes) -> Iterator[_PdfPages]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Unreadable(BROKEN) from error
    try:
        if len(document) == 0:
            raise Unreadable(BROKEN)
        if len(document) > MAX_PAGES:
            raise Unreadable(
                f"文件有 {len(document)} 页，一次最多 {MAX_PAGES} 页，请拆成几份分别遮盖。"
            )
        document.init_forms()
        pages = _PdfPages(document)
        pages.sheets = tuple(_sheet(document, number) for number in range(len(document)))
        yield pages
    except pdfium.PdfiumError as error:
        raise Unreadable(BROKEN) from error
    finally:
        document.close()


def _sheet(document: pdfium.PdfDocument, number: int) -> Sheet:
    width, height = document.get_page_size(number)
    if not 1 <= min(width, height) or max(width, height) > LONGEST_SIDE:
        raise Unreadable(f"第 {number + 1} 页的大小不正常，打不开，请重新导出 PDF 后再传。")
    return Sheet(width, height)


def _characters(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Iterator[Character]:
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if character in "\r\n" or raw.FPDFText_IsGenerated(text, index) == 1:
            yield Character(character, None)
            continue
        # 行末的连字号读出来是控制符，字还在那里
        if character in "\x02\xad":
            character = "-"
        tight, loose = text.get_charbox(index), text.get_charbox(index, loose=True)
        place = _seen(page, _union(tight, loose))
        if place is not None:
            yield Character(character, None if character.isspace() else place)


def _union(one: Place, other: Place) -> Place:
    """左、下、右、上。"""
    lefts, bottoms, rights, tops = zip(one, other, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _seen(page: pdfium.PdfPage, box: Place) -> Place | None:
    """页里的坐标化为人看到的位置；裁在外面、看不见的为空。"""
    left, bottom, right, top = box
    (x1, y1), (x2, y2) = _turned(page, left, bottom), _turned(page, right, top)
    place = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    is_outside = place[2] <= 0 or place[3] <= 0 or place[0] >= 1 or place[1] >= 1
    return None if is_outside else place


def _turned(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _WHOLE, _WHOLE, 0, x, y, across, down)
    return across.value / _WHOLE, down.value / _WHOLE


# ---- 图片 ----


@dataclass
class _PicturePages:
    image: Image.Image
    sheets: tuple[Sheet, ...]

    def picture(self, page: int, dpi: float = DPI) -> Image.Image:
        """做成时用原来的像素，不缩不放；只是看的，缩到够看。"""
        width, height = self.image.size
        most = MOST_PIXELS if dpi >= DPI else VIEW_PIXELS
        shrink = min(1.0, (most / (width * height)) ** 0.5)
        if shrink == 1.0:
            return self.image.copy()
        size = (max(1, int(width * shrink)), max(1, int(height * shrink)))
        return self.image.resize(size, Image.Resampling.LANCZOS)

    def characters(self, page: int) -> list[Character]:
        return []


@contextmanager
def _picture(content: bytes, media_type: str) -> Iterator[_PicturePages]:
    try:
        with Image.open(io.BytesIO(content), formats=(PICTURES[media_type],)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Unreadable(f"图片有 {width}×{height} 个像素，太大了，请缩小后再传。")
            if getattr(image, "n_frames", 1) > 1:
                raise Unreadable("这是会动的图片，或者里面不止一张，请逐张另存后再传。")
            upright = _on_white(ImageOps.exif_transpose(image))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable("图片已损坏或不完整，打不开，请重新导出后再传。") from error
    yield _PicturePages(upright, (_on_paper(*upright.size),))


def _on_white(image: Image.Image) -> Image.Image:
    """透明的地方垫白：底下藏着的颜色不带走。"""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(paper, clear).convert("RGB")


def _on_paper(width: int, height: int) -> Sheet:
    """图片放进 A4 大小，横竖随图。"""
    short, long = _A4
    across, down = (long, short) if width > height else (short, long)
    scale = min(across / width, down / height)
    return Sheet(max(1.0, width * scale), max(1.0, height * scale))
