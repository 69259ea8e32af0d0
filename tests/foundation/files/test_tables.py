"""上传的表格读成各行：小小的文件里塞不进无边的行和文字。"""

from io import BytesIO

import pytest
from openpyxl import Workbook

from yangguang.foundation.files import tables
from yangguang.foundation.files.tables import UnreadableTable, sheet_of


def test_a_csv_of_nothing_but_line_ends_is_read_no_further_than_it_is_asked() -> None:
    lines = sheet_of("文号,标题\n".encode() + b"\n" * 1_000_000, 50).lines
    assert len(lines) == 50 and lines[0] == ["文号", "标题"]


def test_one_long_text_repeated_in_every_cell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_TEXT", 100_000)
    book = Workbook()
    for _ in range(30):
        book.worksheets[0].append(["长" * 1_000] * 4)
    stream = BytesIO()
    book.save(stream)
    with pytest.raises(UnreadableTable, match="文字太多"):
        sheet_of(stream.getvalue(), 50)
    assert len(sheet_of(stream.getvalue(), 20).lines) == 20
