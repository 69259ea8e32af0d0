"""改过字的副本：凡读得出的都改得到，分在几段格式里的也一样；别的一个字节不差地留着。"""

import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from tests.foundation.files.making import Set, pdf
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.masking import changed_copy
from yangguang.foundation.files.passages import read_passages

SECRET = "13800138000"
HIDDEN = "1380013****"


def hide(text: str) -> str:
    return text.replace(SECRET, HIDDEN)


def texts(content: bytes) -> str:
    return "\n".join(p.text for p in read_passages(content).passages)


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_number_split_over_several_runs_is_changed_and_the_format_stays() -> None:
    document = Document()
    paragraph = document.add_paragraph("电话")
    paragraph.add_run(SECRET[:5]).bold = True
    paragraph.add_run(SECRET[5:])
    document.sections[0].header.paragraphs[0].text = SECRET
    document.core_properties.comments = SECRET
    made = changed_copy(saved(document), hide)
    assert SECRET not in texts(made) and texts(made).count(HIDDEN) == 3
    runs = Document(io.BytesIO(made)).paragraphs[0].runs
    assert [(run.text, run.bold) for run in runs] == [
        ("电话", None), (HIDDEN[:5], True), (HIDDEN[5:], None),
    ]  # fmt: skip


def test_cells_that_hold_the_number_as_a_number_are_changed_too() -> None:
    book = Workbook()
    book.active["A1"] = f"电话{SECRET}"
    book.active["B1"] = int(SECRET)
    book.active["C1"] = 0.5
    made = changed_copy(saved(book), hide)
    row = next(load_workbook(io.BytesIO(made)).active.iter_rows(values_only=True))
    assert row == (f"电话{HIDDEN}", HIDDEN, 0.5)


def test_parts_without_the_number_are_left_byte_for_byte() -> None:
    document = Document()
    document.add_paragraph(SECRET)
    before = saved(document)
    made = changed_copy(before, hide)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        changed = [n for n in old.namelist() if old.read(n) != new.read(n)]
    assert changed == ["word/document.xml"]
    assert changed_copy(f"甲{SECRET}".encode(), hide).decode() == f"甲{HIDDEN}"


@pytest.mark.parametrize("content", [pdf([[Set("甲", 80, 700)]]), b"PK\x03\x04"])
def test_what_cannot_be_changed_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable):
        changed_copy(content, hide)
