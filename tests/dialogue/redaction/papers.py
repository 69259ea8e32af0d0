"""试件：各种放法的 PDF、图片、docx，里面都有一串要遮的号码。"""

import io
from dataclasses import dataclass

import pikepdf
from docx import Document
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

IDENTITY = "11010519491231002X"
MOBILE = "13800138000"


@dataclass
class Paper:
    """一份 PDF，逐页添。"""

    document: pikepdf.Pdf

    @classmethod
    def blank(cls) -> "Paper":
        """一页也没有的。"""
        return cls(pikepdf.new())

    def page(
        self,
        content: str,
        *,
        size: tuple[float, float] = (400, 600),
        rotate: int = 0,
        crop: tuple[float, float, float, float] | None = None,
    ) -> pikepdf.Page:
        """添一页；``content`` 是页面的画法，可用 ``F1`` 字体。"""
        page = self.document.add_blank_page(page_size=size)
        page.obj.Resources = self.resources()
        page.obj.Contents = self.document.make_stream(content.encode())
        page.obj.Rotate = rotate
        if crop:
            page.obj.CropBox = Array(list(crop))
        return page

    def resources(self) -> Dictionary:
        """字体。"""
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        return Dictionary(Font=Dictionary(F1=font))

    def form(self, content: str, box: tuple[float, float, float, float]) -> pikepdf.Stream:
        """一个可以反复画的小件（form XObject）。"""
        made = self.document.make_stream(content.encode())
        made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array(list(box))
        made.Resources = self.resources()
        return made

    def saved(self) -> bytes:
        """存成的字节。"""
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()


def text(words: str, x: float, y: float, size: float = 14) -> str:
    """在 ``x``、``y`` 处写一行。"""
    return f"BT /F1 {size} Tf {x} {y} Td ({words}) Tj ET\n"


def pdf(content: str, **page: object) -> bytes:
    """只有一页的。"""
    paper = Paper.blank()
    paper.page(content, **page)  # type: ignore[arg-type]
    return paper.saved()


def picture(
    kind: str = "PNG",
    *,
    size: tuple[int, int] = (300, 200),
    orientation: int = 1,
    gps: bool = False,
) -> bytes:
    """一张左上角有一块红的图；JPEG 的可以带怎样转、在哪里拍的。"""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, 59, 39), fill=(255, 0, 0))
    stream = io.BytesIO()
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x0112] = orientation
        if gps:
            exif.get_ifd(0x8825)[1] = "N"
            exif[0x010F] = "SECRETCAMERA"
        image.save(stream, kind, exif=exif, quality=95)
    else:
        image.save(stream, kind)
    return stream.getvalue()


def word(*paragraphs: str) -> "WordPaper":
    """一份 docx。"""
    document = Document()
    for each in paragraphs:
        document.add_paragraph(each)
    return WordPaper(document)


@dataclass
class WordPaper:
    """一份 docx，可以再添。"""

    document: object

    def saved(self) -> bytes:
        """存成的字节。"""
        stream = io.BytesIO()
        self.document.save(stream)  # type: ignore[attr-defined]
        return stream.getvalue()


def long_paper(pages: int = 21) -> bytes:
    """页数多的一份。"""
    paper = Paper.blank()
    for _ in range(pages):
        paper.page(text(IDENTITY, 20, 20, 6), size=(200, 100))
    return paper.saved()
