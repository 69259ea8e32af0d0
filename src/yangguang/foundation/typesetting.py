"""由 HTML 排成 PDF，排好以后把文字读回来核对；docx 的压缩包定下时间和次序。同样的内容，字节相同；不取任何外面的东西。

没有装 Pango 的机器排不出（``docs/operations.md``）。
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pypdfium2 as pdfium

EPOCH = (1980, 1, 1, 0, 0, 0)
"""压缩包里各个文件的时间，没有另定的。"""
POINTS = 72 / 25.4
"""一毫米是几磅。"""


class Untypeset(Exception):
    """排不成，``str()`` 是给人看的缘由。"""


class NoPango(Untypeset):
    """这台机器排不出 PDF。"""

    def __init__(self) -> None:
        super().__init__("这台机器没有装排版用的 Pango，排不出 PDF，请联系系统管理员。")


@dataclass(frozen=True)
class Printed:
    """排好的一份。"""

    content: bytes
    pages: int


def pdf_from(html: str) -> Printed:
    """``html`` 排成的 PDF。没有装 Pango 的抛出 ``NoPango``。"""
    try:
        from PIL import ImageFile
        from weasyprint import HTML
    except OSError as missing:
        raise NoPango from missing
    # WeasyPrint 载入时让全进程放过残缺的图片；收图片时正靠这一条挡住坏图，改回来
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    document = HTML(string=html, url_fetcher=_refuse).render()
    content: bytes = document.write_pdf()
    return Printed(content, len(document.pages))


def _refuse(url: str, *rest: Any, **named: Any) -> Any:
    raise ValueError(f"排版不取外面的东西：{url}")


def settled(packed: bytes, at: tuple[int, int, int, int, int, int] = EPOCH) -> bytes:
    """docx 的压缩包，各个文件的时间定为 ``at``，次序也固定：同样的内容字节相同。"""
    stream = BytesIO()
    with ZipFile(BytesIO(packed)) as old, ZipFile(stream, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = ZipInfo(name, at)
            part.compress_type = ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return stream.getvalue()


def text_within(content: bytes, *, below: float, above: float = 0) -> str:
    """PDF 各面的文字，下面 ``below`` 磅、上面 ``above`` 磅以内的（页码、页眉）不算。"""
    document = pdfium.PdfDocument(content)
    try:
        return "".join(_within(document[number], below, above) for number in range(len(document)))
    finally:
        document.close()


def _within(page: Any, below: float, above: float) -> str:
    width, height = page.get_size()
    text = page.get_textpage()
    found: str = text.get_text_bounded(0, below, width, height - above)
    text.close()
    return found


def letters(text: str) -> str:
    """只留字和数字，兼容写法归一：换行、空格、断字都不算差别。"""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def differing(
    printed: str, passages: Iterable[str], cells: Iterable[str], *, may_add: str = ""
) -> list[str]:
    """读回来的 ``printed`` 与所排的不同，每处一句：各段要在，依着次序，一个字不多不少。

    ``cells`` 是表格的各格，不管次序；``may_add`` 是排版时自己加上去的字，多了不算。
    """
    found, wanted = letters(printed), list(passages)
    faults, at = [], 0
    for text in wanted:
        place = found.find(letters(text), at)
        if place < 0:
            faults.append(f"缺“{text[:20]}”")
        else:
            at = place + len(letters(text))
    if faults:
        return faults
    needed, held = Counter(letters("".join([*wanted, *cells]))), Counter(found)
    if lacking := "".join((needed - held).elements()):
        return [f"缺“{lacking[:20]}”"]
    extra = "".join(each for each in (held - needed).elements() if each not in may_add)
    return [f"多“{extra[:20]}”"] if extra else []
