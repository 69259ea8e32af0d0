"""打不开的、不该打开的，一句话说清。docx 该排的都排进去，排不了的不悄悄丢下。"""

import io
import zipfile

import pikepdf
import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.dialogue.redaction.making import boxes_of, found_in, made, streams_of, text_of
from tests.dialogue.redaction.papers import IDENTITY, MOBILE, Paper, picture, text, word
from tests.foundation.files.hostile import word as hostile_word
from yangguang.dialogue.redaction import opening
from yangguang.dialogue.redaction.opening import opened
from yangguang.dialogue.redaction.word_pages import pdf_of_word
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.rules import PDF


def refusal(content: bytes, media_type: str = PDF) -> str:
    """打不开的缘由。"""
    with pytest.raises(Unreadable) as refused, opened(content, media_type):
        pass
    return refused.value.reason


@pytest.mark.parametrize("user", ["", "open"])
def test_an_encrypted_pdf_is_refused_even_when_it_opens_without_a_password(user: str) -> None:
    paper = Paper.blank()
    paper.page(text(IDENTITY, 60, 300))
    stream = io.BytesIO()
    paper.document.save(stream, encryption=pikepdf.Encryption(owner="owner", user=user))
    assert "密码" in refusal(stream.getvalue())


def test_a_pdf_with_a_script_is_refused() -> None:
    paper = Paper.blank()
    paper.page("")
    paper.document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS="app.alert(1)"
    )
    assert "脚本" in refusal(paper.saved())


def test_a_form_that_redraws_itself_is_refused() -> None:
    paper = Paper.blank()
    paper.page("")
    paper.document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA="template")
    assert "XFA" in refusal(paper.saved())


def test_a_broken_file_and_one_of_another_kind_are_refused() -> None:
    assert "损坏" in refusal(b"%PDF-1.4 nothing")
    assert "损坏" in refusal(b"\x89PNG\r\n\x1a\n", "image/png")
    assert "PDF" in refusal(b"x", "text/plain")


def test_more_pages_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_PAGES", 1)
    paper = Paper.blank()
    paper.page("")
    paper.page("")
    assert refusal(paper.saved()) == "文件有 2 页，一次最多 1 页，请拆成几份分别遮盖。"


def test_a_page_of_an_impossible_size_is_refused() -> None:
    paper = Paper.blank()
    paper.page("").obj.MediaBox = pikepdf.Array([0, 0, 20_000, 100])
    assert "大小不正常" in refusal(paper.saved())


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_PIXELS", 100)
    assert "太大了" in refusal(picture(), "image/png")


# ---- docx ----


def rich_word() -> bytes:
    """表格、页脚、文本框、脚注里各有一个号码。"""
    document = Document()
    paragraph = document.add_paragraph("正文里的一段。")
    paragraph.add_run().add_break(WD_BREAK.LINE)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "证件", IDENTITY
    document.sections[0].footer.paragraphs[0].text = f"页脚 {MOBILE}"
    run = paragraph.add_run()
    box, content = OxmlElement("w:pict"), OxmlElement("w:txbxContent")
    inner, inner_run, inner_text = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
    inner_text.text = "文本框 15900001111"
    inner_run.append(inner_text)
    inner.append(inner_run)
    content.append(inner)
    box.append(content)
    run._r.append(box)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_docx_is_laid_out_whole_and_its_numbers_are_blackened() -> None:
    laid = pdf_of_word(rich_word())
    assert "正文里的一段" in text_of(laid)
    found = found_in(laid)
    assert sorted(each.kind for each in found) == ["identity_number", "mobile", "mobile"]
    output = made(laid, boxes_of(found))
    assert text_of(output) == ""
    assert all(IDENTITY.encode() not in each for each in streams_of(output))


def refused_word(content: bytes) -> str:
    """排不了的缘由。"""
    with pytest.raises(Unreadable) as refused:
        pdf_of_word(content)
    return refused.value.reason


def changed(content: bytes, name: str, before: str, after: str) -> bytes:
    """改动一个部件。"""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            part = old.read(each)
            if each == name:
                assert before.encode() in part
                part = part.replace(before.encode(), after.encode(), 1)
            new.writestr(each, part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ('<w:del w:id="1" w:author="a"><w:r><w:delText>删</w:delText></w:r></w:del><w:r>', "修订"),
        ('<w:ins w:id="1" w:author="a"><w:r><w:t>添</w:t></w:r></w:ins><w:r>', "修订"),
        ("<w:r><w:rPr><w:vanish/></w:rPr>", "隐藏的文字"),
        ("<w:r><w:rPr><w:strike/></w:rPr>", "删除线"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/>', "特殊符号"),
    ],
)
def test_what_cannot_be_laid_out_faithfully_is_refused_with_the_way_out(
    after: str, told: str
) -> None:
    reason = refused_word(changed(hostile_word("正文"), "word/document.xml", "<w:r>", after))
    assert told in reason


def test_a_docx_with_comments_is_refused() -> None:
    document = Document()
    paragraph = document.add_paragraph("正文")
    document.add_comment(paragraph.runs, text=IDENTITY, author="某人", initials="某")
    stream = io.BytesIO()
    document.save(stream)
    assert "批注" in refused_word(stream.getvalue())


def test_a_docx_with_a_picture_is_refused_and_told_to_come_as_pdf() -> None:
    document = Document()
    document.add_picture(io.BytesIO(picture()))
    stream = io.BytesIO()
    document.save(stream)
    assert refused_word(stream.getvalue()) == (
        "docx 里有图片，按文字重排会丢掉或者改变意思，请在 Word 或 WPS 里另存为 PDF 再传。"
    )


def test_a_struck_through_style_switched_off_is_not_in_the_way() -> None:
    paper = word("正文")
    [run] = paper.document.paragraphs[0].runs  # type: ignore[attr-defined]
    run.font.strike = False
    assert run._r.find(f".//{qn('w:strike')}") is not None
    assert "正文" in text_of(pdf_of_word(paper.saved()))
