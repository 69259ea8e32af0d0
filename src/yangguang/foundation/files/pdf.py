"""pdf：读文字层，把折行的段落接起来。纯函数。"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .extracted import ExtractedText, Unreadable, paragraph
from .plain_text import normalise

MAX_PAGES = 2000
BROKEN = "pdf 文件已经损坏，打不开。请重新导出 pdf 后再上传。"
ENCRYPTED = "pdf 文件设了密码，打不开。请去掉密码后再上传。"
_SCANNED = "pdf 里只有扫描图像，没有文字。请上传 docx 原件，或先做文字识别再上传。"
_GARBLED = (
    "pdf 里的文字没有编码，复制出来是乱码。请上传 docx 原件，或重新导出 pdf（嵌入字体）后再上传。"
)
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－一·\s]*\d{1,4}[-—–－一·\s]*|第\s*\d+\s*页(?:\s*共\s*\d+\s*页)?)$"
)
_MARGIN_LINES = 2


@dataclass(frozen=True)
class Line:
    """页上的一行，坐标以磅计。"""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    page: int
    page_width: float

    @property
    def size(self) -> float:
        """行高，近似字号。"""
        return max(self.top - self.bottom, 1.0)


def read_pdf(data: bytes) -> ExtractedText:
    """读 pdf；没有文字层的、加密的、损坏的抛出 ``Unreadable``。"""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        encrypted = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable(ENCRYPTED if encrypted else BROKEN) from error
    try:
        pages = read_pages(document)
    except pdfium.PdfiumError as error:
        raise Unreadable(BROKEN) from error
    finally:
        document.close()
    characters = sum(len(line.text) for page in pages for line in page)
    if not characters:
        raise Unreadable(_SCANNED)
    _refuse_garbled("".join(line.text for page in pages for line in page))
    bare = [str(n) for n, page in enumerate(pages, 1) if not page]
    if len(bare) > len(pages) / 2 and characters < 20 * len(pages):
        raise Unreadable(_SCANNED)
    warnings = (f"第 {'、'.join(bare)} 页没有文字，可能是扫描图像，没有读取。",) if bare else ()
    body, margins = _part_margins(pages)
    lines = normalise("\n".join(joined(body))).split("\n")
    return ExtractedText(
        "\n".join(lines), tuple(paragraph(line) for line in lines if line), warnings, margins
    )


def _refuse_garbled(text: str) -> None:
    """字体没有编码表时，字成了私用区字符或替换符。"""
    bad = sum(1 for c in text if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " ")
    if bad > len(text) * 0.3:
        raise Unreadable(_GARBLED)


def read_pages(document: pdfium.PdfDocument) -> list[list[Line]]:
    if len(document) > MAX_PAGES:
        raise Unreadable(f"pdf 有 {len(document)} 页，超过 {MAX_PAGES} 页。请拆分后分别上传。")
    pages = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        pages.append(list(_lines(text, number, page.get_width())))
        text.close()
        page.close()
    return pages


def _lines(page: pdfium.PdfTextPage, number: int, width: float) -> Iterator[Line]:
    characters: list[tuple[str, int]] = []
    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page, index)
        character = chr(code) if code < 0x110000 else "\ufffd"
        if character in "\r\n":
            yield from _line(page, characters, number, width)
            characters = []
        else:
            characters.append((character, index))
    yield from _line(page, characters, number, width)


def _line(
    page: pdfium.PdfTextPage, characters: list[tuple[str, int]], number: int, width: float
) -> Iterator[Line]:
    text = _pair_surrogates("".join(c for c, _ in characters)).strip()
    boxes = [page.get_charbox(index) for c, index in characters if not c.isspace()]
    if text and boxes:
        left, bottom, right, top = zip(*boxes, strict=True)
        yield Line(text, min(left), max(right), max(top), min(bottom), number, width)


def _pair_surrogates(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _part_margins(pages: list[list[Line]]) -> tuple[list[Line], tuple[str, ...]]:
    """分出页码和各页重复的页眉页脚。"""
    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({line.text for line in page[:1] + page[-_MARGIN_LINES:]})
    repeated = {text for text, count in edges.items() if count >= 3 and count > len(pages) / 2}
    body: list[Line] = []
    for page in pages:
        for place, line in enumerate(page):
            at_edge = place < 1 or place >= len(page) - _MARGIN_LINES
            if at_edge and (line.text in repeated or _PAGE_NUMBER.match(line.text)):
                continue
            body.append(line)
    return body, tuple(sorted(text for text in repeated if not _PAGE_NUMBER.match(text)))


def joined(lines: list[Line]) -> Iterator[str]:
    """满行接下一行；下一行缩进、换字号、隔得远的，另起一段。"""
    if not lines:
        return
    right_edge = max(line.right for line in lines)
    lefts = Counter(round(line.left / 2) for line in lines)
    frequent = [left for left, count in lefts.items() if count >= max(2, len(lines) * 0.05)]
    left_edge = min(frequent) * 2 if frequent else min(line.left for line in lines)
    current = lines[0].text
    for before, line in zip(lines, lines[1:], strict=False):
        if _continues(before, line, left_edge, right_edge):
            current += _gap(current, line.text) + line.text
        else:
            yield current
            current = line.text
    yield current


def _continues(before: Line, line: Line, left_edge: float, right_edge: float) -> bool:
    size = max(before.size, line.size)
    wide = before.right - left_edge >= 0.45 * before.page_width
    full = wide and before.right >= right_edge - 1.6 * size
    flush = line.left <= left_edge + 0.8 * size
    alike = abs(before.size - line.size) <= 0.35 * size
    near = line.page != before.page or before.bottom - line.top <= 1.6 * size
    below = line.page != before.page or line.top <= before.top
    return full and flush and alike and near and below


def _gap(before: str, after: str) -> str:
    """只在折行隔开的两个西文单词之间加空格；汉字之间、折断的数字（“20”“20年”）不加。"""
    return " " if re.search(r"[A-Za-z][,.;:]?$", before) and re.match("[A-Za-z]", after) else ""
