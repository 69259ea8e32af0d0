"""做一份出来，看它的画面和能翻出来的字节。"""

import io
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from PIL import Image

from yangguang.dialogue.redaction.blacking import black_out
from yangguang.dialogue.redaction.boxes import Box
from yangguang.dialogue.redaction.checking import output_faults
from yangguang.dialogue.redaction.finding import Found, identifiers, words
from yangguang.dialogue.redaction.opening import opened
from yangguang.foundation.files.rules import PDF


def found_in(content: bytes, *sought: str, media_type: str = PDF) -> list[Found]:
    """找到的号码；给了词的，找词。"""
    with opened(content, media_type) as pages:
        read = [pages.characters(number) for number in range(1, len(pages.sheets) + 1)]
    return words(read, sought) if sought else identifiers(read)


def boxes_of(found: Iterable[Found]) -> list[Box]:
    """找到的各处的框。"""
    return [box for each in found for box in each.boxes]


def made(
    content: bytes, boxes: list[Box], withheld: Collection[int] = (), media_type: str = PDF
) -> bytes:
    """做成的一份；核对不过的不给。"""
    stream = io.BytesIO()
    with opened(content, media_type) as pages:
        black_out(pages, boxes, withheld, stream)
        count = len(pages.sheets)
    assert faults(stream.getvalue(), boxes, withheld, count) == []
    return stream.getvalue()


def faults(
    content: bytes, boxes: list[Box], withheld: Collection[int] = (), pages: int = 1
) -> list[str]:
    """核对的结果。"""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.pdf"
        path.write_bytes(content)
        return output_faults(path, boxes, withheld, pages)


def text_of(content: bytes) -> str:
    """能选出来的全部文字。"""
    document = pdfium.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def streams_of(content: bytes) -> Iterator[bytes]:
    """文件本身，和里面每个零件解压以后的字节。"""
    yield content
    with pikepdf.open(io.BytesIO(content)) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Stream):
                yield each.read_raw_bytes()
                if "/DCTDecode" not in str(each.get("/Filter", "")):
                    yield each.read_bytes()
            else:
                yield str(each).encode()


def picture_of(content: bytes, page: int = 1) -> Image.Image:
    """一页上的画面，就是那张图本身。"""
    with pikepdf.open(io.BytesIO(content)) as document:
        image: Any = document.pages[page - 1].Resources.XObject["/Im0"]
        return pikepdf.PdfImage(image).as_pil_image().convert("RGB")


def rendered(content: bytes, page: int = 1) -> Image.Image:
    """在看 PDF 的软件里看到的一页。"""
    document = pdfium.PdfDocument(content)
    image = document[page - 1].render(scale=2).to_pil().convert("RGB")
    document.close()
    return image


def is_black(image: Image.Image, box: Box) -> bool:
    """框里每个像素都是全黑的，一个例外也没有。"""
    part = image.crop(box.pixels(*image.size, 0))
    return all(band == (0, 0) for band in part.getextrema())


def has_ink(image: Image.Image, box: Box) -> bool:
    """框里有不是白的像素。"""
    part: Any = image.convert("L").crop(box.pixels(*image.size, 0))
    return bool(part.getextrema()[0] < 128)
