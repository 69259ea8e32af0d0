"""表格文件：把一行行的格子边算边写成 csv 或 xlsx，不落盘，多少行都只占一小块内存。纯函数。

格子里的文字可能是公众填的：以等号一类开头的，电子表格会当公式去算。csv 里前面加一个撇号；
xlsx 里写成文字并标明“以文字对待”，改了也不会变成公式。
"""

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float
Row = Sequence[Cell]

BATCH = 500
"""攒够这么多行送出一段。"""
LONGEST = 32_767
"""xlsx 一个格子最多这么多字。"""
ROWS_A_SHEET = 500_000
"""xlsx 一张表最多这么多行，再多的接在下一张。格式的上限是 1,048,576。"""
NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?\Z")
RISKY = tuple("=+-@＝＋－＠\t\r\n")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Format:
    """一种表格文件：叫什么，怎么写。"""

    label: str
    media_type: str
    write: Callable[[str, Sequence[str], Iterable[Row]], Iterator[bytes]]


def is_risky(text: str) -> bool:
    """电子表格会当公式算的写法；单纯的数不算。"""
    return text.lstrip(" \u3000\ufeff").startswith(RISKY) and not NUMBER.match(text)


def as_csv(title: str, header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """csv：UTF-8 带标记（办公软件才认得出中文），CRLF 换行。``title`` 用不上。"""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_defused(each) for each in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_defused(each) for each in row])
        if number % BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """xlsx：首行是粗体的列名，冻住；多的行接在下一张表。"""
    sink: Any = _Sink()
    # 不先写到磁盘：导出的内容不在别处留下一份
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        pending, sheets = iter(rows), 0
        more = True
        while more:
            sheets += 1
            more = False
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as part:
                part.write(_sheet_head(header))
                for number, row in enumerate(pending, start=2):
                    part.write(_row(number, row))
                    if number % BATCH == 0:
                        yield sink.taken()
                    if number > ROWS_A_SHEET:
                        more = True
                        break
                part.write(b"</sheetData></worksheet>")
        for name, content in _frame(title, sheets).items():
            archive.writestr(name, content)
    yield sink.taken()


FORMATS = {
    "xlsx": Format(
        "导出 xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_xlsx,
    ),
    "csv": Format("导出 csv", "text/csv; charset=utf-8", as_csv),
}
"""能导出的几种，按列表上的次序。"""


def plain(value: object) -> Cell:
    """列表里一格的值化为表格文件的一格：标记去掉，数照旧，其余成文字。"""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value)
    if not hasattr(value, "__html__"):
        return text
    reader = _TextOfMarkup()
    reader.feed(text)
    reader.close()
    return reader.text()


class _TextOfMarkup(HTMLParser):
    """页面上另起一行的，用分号隔开。"""

    APART = frozenset({"br", "small", "p", "li", "div"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """换行的地方。"""
        if tag in self.APART or ("class", "why") in attrs:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """文字。"""
        self.lines[-1] += data

    def text(self) -> str:
        """合在一起。"""
        return "；".join(line for each in self.lines if (line := " ".join(each.split())))


class _Sink:
    """只写不读的一头：写进来的攒着，随时取走。"""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, content: bytes) -> int:
        self.parts.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """没有要落盘的。"""

    def taken(self) -> bytes:
        """取走攒下的。"""
        content = b"".join(self.parts)
        self.parts.clear()
        return content


def _taken(buffer: StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content


def _defused(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and is_risky(value) else value


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN, _BOLD, _QUOTED = 0, 1, 2
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>'
    '<xf xfId="0" quotePrefix="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _sheet_head(header: Sequence[str]) -> bytes:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{44 if n == 1 else 18}" customWidth="1"/>'
        for n in range(1, len(header) + 1)
    )
    head = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )
    return head.encode() + _row(1, header, _BOLD)


def _row(number: int, row: Row, style: int = _PLAIN) -> bytes:
    cells = "".join(_cell(each, style) for each in row)
    return f'<row r="{number}">{cells}</row>'.encode()


def _cell(value: Cell, style: int) -> str:
    if not isinstance(value, str):
        return f"<c><v>{value}</v></c>"
    text = _UNPRINTABLE.sub("", value)[:LONGEST]
    if not text:
        return "<c/>"
    if style == _PLAIN and is_risky(text):
        style = _QUOTED
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _frame(title: str, sheets: int) -> dict[str, str]:
    """表之外的各部分。"""
    name = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:24] or "表"
    names = [name, *(f"{name} {n}" for n in range(2, sheets + 1))]
    numbers = range(1, sheets + 1)
    worksheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(each)} sheetId="{n}" r:id="rId{n}"/>'
            for n, each in zip(numbers, names, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + f'<Relationship Id="styles" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{worksheet}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{worksheet}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{worksheet}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
    }
