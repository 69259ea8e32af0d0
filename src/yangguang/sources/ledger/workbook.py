"""上传的清单读成一行行的格子：xlsx、csv。只在内存里看，带密级标志的什么也不留下。"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.inspection import inspect_package
from yangguang.foundation.files.plain_text import decode
from yangguang.foundation.files.rules import MAX_BYTES, XLSX

from .lists import MAC, MOST_ROWS, Line, NotAList, Reading, lines_of_csv, read

MOST_COLUMNS = 60
# 损坏的压缩包、缺件、坏的 XML（SyntaxError）、加密的部件（RuntimeError），读到哪一步坏的都算读不成。
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, TypeError, AttributeError,
    OSError, EOFError, SyntaxError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """一张表的各行；``since`` 是日期序号要加的天数。"""

    lines: Sequence[Line]
    since: timedelta = timedelta()


def read_list(content: bytes, today: date) -> Reading:
    """读一份清单，认内容不认文件名。读不成抛出 ``NotAList``，有密级标志抛出 ``lists.Marked``。"""
    sheet = sheet_of(content)
    return read(sheet.lines, today, since=sheet.since)


def sheet_of(content: bytes) -> Sheet:
    """文件的第一张表，认内容不认文件名。读不成抛出 ``NotAList``。"""
    if len(content) > MAX_BYTES:
        raise NotAList("文件太大，请按年份或单位分成几份再导入。")
    if content.startswith(b"PK"):
        return _xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotAList("这是旧版的 xls，或者设了打开密码。请另存为 xlsx 或 csv 再导入。")
    try:
        return Sheet(lines_of_csv(decode(content)))
    except Unreadable as unreadable:
        raise NotAList("认不出这是什么文件。请导入 xlsx 或 csv。") from unreadable


def _xlsx(content: bytes) -> Sheet:
    inspection = inspect_package(BytesIO(content))
    if inspection.refusals or inspection.media_type != XLSX:
        raise NotAList("".join(inspection.refusals) or "这不是 xlsx 表格。请导入 xlsx 或 csv。")
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        since = MAC if book.epoch == CALENDAR_MAC_1904 else timedelta()
        sheet = book.worksheets[0]
        # 有的软件把范围写成整张表：照实有的读
        sheet.reset_dimensions()
        lines = list(
            sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 20, values_only=True)
        )
    except _BROKEN as error:
        raise NotAList("表格已经损坏，请用 Excel 或 WPS 重新保存后再导入。") from error
    return Sheet(lines, since)
