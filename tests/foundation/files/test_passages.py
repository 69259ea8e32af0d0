"""拆成一处一处的文字：凡翻得出来的都在，各说在哪里；读不出的让人看。"""

import io
import zipfile

import pikepdf
import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.foundation.files.making import Set, pdf
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.passages import PICTURE, read_passages

SECRET = "13800138000"


def docx() -> Document:
    document = Document()
    document.add_paragraph("第一段")
    return document


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def added(content: bytes, **parts: bytes | str) -> bytes:
    """往压缩包里添几个部件。"""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def where(content: bytes, text: str = SECRET) -> list[str]:
    return [p.place for p in read_passages(content).passages if text in p.text]


def test_paragraphs_and_cells_of_a_word_file_say_where_they_are() -> None:
    document = docx()
    document.add_paragraph("")
    document.add_paragraph(f"联系人{SECRET}")
    table = document.add_table(2, 2)
    table.cell(1, 0).text = SECRET
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = SECRET
    document.sections[0].header.paragraphs[0].text = SECRET
    document.core_properties.comments = SECRET
    found = where(saved(document))
    assert sorted(found) == [
        "文件属性", "第 2 段", "表 1 第 2 行第 1 格", "表 2 第 1 行第 1 格", "页眉",
    ]  # fmt: skip


def test_what_word_keeps_out_of_sight_is_found_too() -> None:
    document = docx()
    document.add_paragraph().add_run(SECRET).font.hidden = True
    note = f'<w:footnotes xmlns:w="urn:w"><w:footnote><w:p><w:r><w:t>{SECRET}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    links = f'<Relationships><Relationship TargetMode="External" Target="tel:{SECRET}"/></Relationships>'
    inner = Workbook()
    inner.active["B2"] = SECRET
    content = added(
        saved(document),
        **{
            "word/footnotes.xml": note,
            "word/_rels/header9.xml.rels": links,
            "customXml/item7.xml": f"<a>{SECRET}</a>",
            "word/embeddings/sheet1.xlsx": saved(inner),
        },
    )
    assert sorted(where(content)) == [
        "嵌入的文件工作表“Sheet”B2", "文件属性", "第 2 段", "脚注", "链接地址",
    ]  # fmt: skip


def test_every_sheet_cell_comment_and_leftover_of_a_workbook_is_found() -> None:
    book = Workbook()
    book.active.title = "名单"
    book.active["B3"] = f"电话{SECRET}"
    book.active["C4"] = int(SECRET)
    book.active["D5"] = 0.5
    book.active["B3"].comment = Comment(SECRET, "某")
    hidden = book.create_sheet("藏")
    hidden.sheet_state = "hidden"
    hidden["A1"] = SECRET
    assert sorted(where(saved(book))) == [
        "工作表“名单”B3", "工作表“名单”C4", "工作表“藏”A1", "批注",
    ]  # fmt: skip
    leftover = "<sst><si><t>18900189000</t></si></sst>"
    content = added(saved(book), **{"xl/sharedStrings.xml": leftover})
    assert where(content, "18900189000") == ["表里已经删去、文件里还留着的字"]


def test_a_pdf_tells_the_page_and_its_notes_forms_and_properties_are_read() -> None:
    content = pdf([[Set("首页", 80, 700)], [Set(SECRET, 80, 700)]])
    assert where(content) == ["第 2 页"]
    with pikepdf.open(io.BytesIO(content)) as document:
        document.docinfo["/Subject"] = SECRET
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents=SECRET,
            Rect=[0, 0, 9, 9], A=pikepdf.Dictionary(URI=f"tel:{SECRET}"),
        )  # fmt: skip
        document.pages[0].Annots = pikepdf.Array([note])
        stream = io.BytesIO()
        document.save(stream)
    assert where(stream.getvalue()) == [
        "文件属性", "第 2 页", "第 1 页的批注或表单", "第 1 页的批注或表单",
    ]  # fmt: skip


def test_a_number_broken_over_two_lines_of_a_pdf_is_joined() -> None:
    content = pdf([[Set("622901199003", 80, 700), Set("071239", 80, 660)]])
    assert where(content, "622901199003071239") == ["第 1 页"]


def test_an_ofd_is_read_page_by_page() -> None:
    page = "<P><TextCode>138001</TextCode><TextCode>38000</TextCode></P>"
    content = added(b"", **{"OFD.xml": "<OFD/>", "Doc_0/Pages/Page_0/Content.xml": page})
    assert where(content) == ["第 1 页"]


def test_lines_of_a_text_file_are_numbered_and_pictures_are_left_to_people() -> None:
    assert where(f"甲\n\n电话{SECRET}".encode()) == ["第 3 行"]
    assert read_passages(b"\x89PNG\r\n\x1a\n" + b"\x00" * 20).unread == (PICTURE,)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"%PDF-1.7 broken"])
def test_what_cannot_be_opened_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_passages(content)
