"""涂黑：各页化为画面，框里的像素涂成黑的，重新装成一份只有画面的 PDF。不碰数据库。

整页不予公开的，换成一张写着“本页不予公开”的纸，原来那一页根本不画。同样的文件、同样的框，做出来的字节相同。
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import BinaryIO

from PIL import Image, ImageDraw

from yangguang.foundation.typesetting import pdf_from

from .boxes import Box
from .opening import DPI, Pages, Sheet, opened, pixels_of
from .raster_pdf import BLOCK, RasterPdf, packed, packed_photo

WITHHELD = "本页不予公开"
BLACK = 0


def black_out(
    pages: Pages, boxes: Iterable[Box], withheld: Collection[int], target: BinaryIO
) -> None:
    """做成的一份写进 ``target``。排不出“本页不予公开”的抛出 ``Untypeset``。"""
    made = RasterPdf(target)
    by_page: dict[int, list[Box]] = {}
    for box in boxes:
        by_page.setdefault(box.page, []).append(box)
    for number, sheet in enumerate(pages.sheets, 1):
        if number in withheld:
            image, drawn = withheld_picture(sheet), []
        else:
            image, drawn = pages.picture(number), by_page.get(number, [])
        _add(made, image, drawn, sheet)
    made.finish()


def _add(made: RasterPdf, image: Image.Image, boxes: Sequence[Box], sheet: Sheet) -> None:
    blacken(image, boxes)
    fitted = packed(image, must_fit=True)
    if fitted is None:
        blacken(image, boxes, block=BLOCK)
        fitted = packed_photo(image)
    made.add(fitted, sheet.width, sheet.height)


def blacken(image: Image.Image, boxes: Iterable[Box], *, block: int = 1) -> None:
    """把框里的像素涂黑；``block`` 大于 1 的，边往外对齐到它。"""
    pen = ImageDraw.Draw(image)
    width, height = image.size
    for box in boxes:
        left, top, right, bottom = box.pixels(width, height)
        left, top = left // block * block, top // block * block
        right, bottom = -(-right // block) * block, -(-bottom // block) * block
        pen.rectangle((left, top, min(right, width) - 1, min(bottom, height) - 1), fill=BLACK)


def withheld_picture(sheet: Sheet) -> Image.Image:
    """与原页一样大的一张纸，上面只有一行字。"""
    return _withheld(round(sheet.width, 2), round(sheet.height, 2)).copy()


@lru_cache(maxsize=2)
def _withheld(width: float, height: float) -> Image.Image:
    size = max(6.0, min(width / 12, 24.0))
    html = f"""<!doctype html><html lang="zh-CN"><style>
@page {{ size: {width}pt {height}pt; margin: 0 }}
p {{ margin: 0; text-align: center; padding-top: {max(height / 2 - size, 0):.2f}pt;
  font: {size:.2f}pt "Noto Sans CJK SC", sans-serif; white-space: nowrap }}
</style><p>{WITHHELD}</p></html>"""
    with opened(pdf_from(html).content, "application/pdf") as pages:
        image = pages.picture(1, DPI)
    wanted = pixels_of(Sheet(width, height), DPI)
    return image if image.size == wanted else image.resize(wanted)
