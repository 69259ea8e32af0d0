"""公文的 PDF：GB/T 9704—2012 的尺寸、行数、字数；文字与公文一字不差；由作业排好，排到哪一步看得见。"""

import builtins
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import ImageFile

from tests.sources.documents.test_paper import paper
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.typesetting import Untypeset, letters
from yangguang.sources.documents.models import DocumentPrint
from yangguang.sources.documents.printing import (
    NO_PANGO,
    pdf_of,
    printed_text,
    unlike,
)
from yangguang.sources.documents.prints import make_print, want_print
from yangguang.sources.documents.selectors import paper_of
from yangguang.sources.documents.sheet import LEFT, PAGE, Paper
from yangguang.sources.ledger.comparing import differences, issued

POINTS = 72 / 25.4
LONG = [{"type": "paragraph", "style": "flush", "text": "测试" * 280}] * 3
TABLE = {
    "type": "table",
    "rows": [["序号", "单位", "事项"], ["1", "甲局", "办理甲事"], ["2", "乙局", "办理乙事，" * 40]],
}
MIXED = [
    {"type": "heading", "level": 2, "text": "一、总体要求"},
    {"type": "heading", "level": 3, "text": "（一）“放管服”改革"},
    {"type": "paragraph", "style": "plain", "text": "2020年底前完成GDP增长6.5%的目标。" * 20},
    TABLE,
    *LONG,
]


@contextmanager
def pages(made: Paper) -> Iterator[list[Any]]:
    document = pdfium.PdfDocument(pdf_of(made).content)
    try:
        yield [document[number] for number in range(len(document))]
    finally:
        document.close()


def lines_on(page: Any) -> list[str]:
    found: str = page.get_textpage().get_text_range()
    return found.splitlines()


def box_of(page: Any, words: str) -> tuple[float, float, float, float]:
    """这几个字在页上的左、上、右、下，毫米，从左上角量起。"""
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found, words
    first, last = text.get_charbox(found[0]), text.get_charbox(found[0] + found[1] - 1)
    height = page.get_size()[1]
    sides = first[0], height - max(first[3], last[3]), last[2], height - min(first[1], last[1])
    return tuple(each / POINTS for each in sides)  # type: ignore[return-value]


def edges(page: Any) -> tuple[float, float, float, float]:
    """页上的字占的左、上、右、下，页码除外，毫米，从左上角量起。"""
    text, height = page.get_textpage(), page.get_size()[1]
    found = text.get_text_range()
    boxes = [text.get_charbox(place) for place in range(found.index("—")) if found[place].strip()]
    return (
        min(box[0] for box in boxes) / POINTS,
        (height - max(box[3] for box in boxes)) / POINTS,
        max(box[2] for box in boxes) / POINTS,
        (height - min(box[1] for box in boxes)) / POINTS,
    )


# ---- 版面 ----


def test_the_page_is_a4_of_twenty_two_lines_of_twenty_eight_characters() -> None:
    with pages(
        paper(body=[{"type": "paragraph", "style": "flush", "text": "测试" * 900}])
    ) as found:
        assert len(found) == 4
        for page in found:
            assert [round(each / POINTS) for each in page.get_size()] == [210, 297]
        first, *middle, _ = found
        assert [len(line) for line in lines_on(first)[5:-1]] == [28] * 7
        for page in middle:
            assert [len(line) for line in lines_on(page)[:-1]] == [28] * 22
            left, top, right, bottom = edges(page)
            assert 28 <= left < 29 and 37 <= top < 41
            assert 182 < right <= 184.2 and 255 < bottom <= 262.1


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones() -> None:
    with pages(paper(body=LONG)) as found:
        for number, page in enumerate(found, 1):
            left, top, right, _ = box_of(page, f"— {number} —")
            assert 269 <= top < 274
            if number % 2:
                assert right == pytest.approx(210 - 26 - 14 / POINTS, abs=1.5)
            else:
                assert left == pytest.approx(28 + 14 / POINTS, abs=1.5)


def test_the_mark_stands_thirty_five_millimetres_down_in_red_above_a_red_rule() -> None:
    with pages(paper()) as (first, *_):
        left, top, right, _ = box_of(first, "测试州人民政府办公室文件")
        assert 37 + 35 <= top < 37 + 35 + 4
        assert (left + right) / 2 == pytest.approx(28 + 156 / 2, abs=1)
        picture = first.render(scale=1).to_pil().convert("RGB")
        reds = {
            y
            for y in range(picture.height)
            if sum(_is_red(picture.getpixel((x, y))) for x in range(80, 522, 5)) > 80
        }
        *_, bottom = box_of(first, "测州办发〔2020〕3号")
        assert reds and 2 <= min(reds) / POINTS - bottom <= 9


def _is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 180 and pixel[1] < 120 and pixel[2] < 120)


def test_the_imprint_stands_at_the_foot_of_the_last_page() -> None:
    with pages(paper()) as found:
        *_, bottom = box_of(found[-1], "2020年9月28日印发")
        assert 255 < bottom < 262.1
        assert all("28日印发" not in "".join(lines_on(page)) for page in found[:-1])


def test_the_enclosed_text_begins_a_new_page() -> None:
    with pages(paper()) as found:
        assert lines_on(found[-1])[0] == "试行办法"


# ---- 文字 ----


@pytest.mark.parametrize("body", [None, LONG, MIXED])
def test_the_text_read_back_is_that_of_the_document(body: Any) -> None:
    made = paper() if body is None else paper(body=body, attachments=["名单" * 20, "时间表"])
    assert unlike(made, pdf_of(made).content) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"number": "测州办发〔2020〕4号"}, "缺“测州办发〔2020〕4号”"),
        ({"body": [{"type": "paragraph", "text": "现将别的印发。"}]}, "缺“现将别的印发。”"),
        ({"issued_by": ""}, "多“"),
        ({"body": [TABLE]}, "缺“"),
    ],
)
def test_whatever_differs_from_the_document_is_told(changed: dict[str, Any], told: str) -> None:
    content = pdf_of(paper()).content
    other = Paper(**{**vars(paper()), **changed})
    assert unlike(other, content)[0].startswith(told)


def test_it_is_the_same_byte_for_byte_in_another_process_on_another_day() -> None:
    script = (
        "import sys, django; django.setup();"
        "from tests.sources.documents.test_printing import *;"
        "sys.stdout.buffer.write(pdf_of(paper()).content)"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "UTC",
             "DJANGO_SETTINGS_MODULE": "yangguang.settings.test"},
    ).stdout  # fmt: skip
    assert pdf_of(paper()).content == elsewhere


def test_the_signer_stands_right_of_the_number_and_those_copied_above_the_last_line() -> None:
    copied = [f"测试州第{number}局" for number in range(12)]
    made = paper(signer="马明", copied_to=copied)
    with pages(made) as printed:
        number, signer = box_of(printed[0], "测州办发"), box_of(printed[0], "马明")
        assert abs(number[1] - signer[1]) < 1
        assert abs(number[0] - LEFT - 5.6) < 1 and abs(PAGE[0] - 26 - 5.6 - signer[2]) < 1.5
        last = printed[-1]
        first, ending = box_of(last, "抄送"), box_of(last, "印发")
        assert first[3] < ending[1] < PAGE[1] - 35 < ending[3] + 4
    assert unlike(made, pdf_of(made).content) == []


def test_markup_in_the_text_is_printed_as_it_is() -> None:
    words = "<b>粗</b>&amp;<img src=x>"
    made = paper(title=words, body=[{"type": "paragraph", "style": '"><p>', "text": f"{words}。"}])
    assert letters(printed_text(pdf_of(made).content)).count(letters(words)) == 2


def test_without_pango_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_pango(monkeypatch)
    with pytest.raises(Untypeset) as told:
        pdf_of(paper())
    assert str(told.value) == NO_PANGO


def test_broken_pictures_are_still_refused_afterwards() -> None:
    pdf_of(paper())
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def _without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return usual(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)


# ---- 由作业排好 ----


@pytest.mark.django_db
def test_a_reader_asks_waits_and_takes_the_pdf_which_reads_as_what_is_published(
    town: Town,
) -> None:
    """审核人要一份，作业排好，记录页给出下载；文字与将公开的一字不差；公文改了，要重排。"""
    document = town.document(3)
    desk = sign_in(town.reviewer)
    href = f"/workbench/documents/{document.pk}/"
    assert "排成 PDF" in desk.get(href).content.decode()
    assert desk.get(f"{href}pdf/").status_code == 404
    for _ in range(2):
        assert desk.post(f"{href}typeset/", {}).status_code == 200
    text = desk.get(href).content.decode()
    assert "PDF 等待排版" in text and "排成 PDF</button>" not in text
    assert Job.objects.filter(name="documents.typeset").count() == 1
    assert AuditEvent.objects.filter(action="documents.typeset").count() == 1

    run_due()
    assert "PDF 已排好" in desk.get(href).content.decode()
    answer = desk.get(f"{href}pdf/")
    content = b"".join(answer.streaming_content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert content == pdf_of(paper_of(document)).content
    wanted = issued(document.title, document.document_number, document.body, whole=True)
    assert differences(wanted, printed_text(content)) == []
    assert document.title.replace("\n", "") in read_text(content).text.replace("\n", "")

    document.subject, document.title = "别的", "改过的标题"
    document.save()
    assert desk.get(f"{href}pdf/").status_code == 404
    assert "排成 PDF</button>" in desk.get(href).content.decode()


@pytest.mark.django_db
def test_without_pango_the_record_says_why_and_the_docx_is_still_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = town.document(3)
    want_print(document, actor=town.drafter)
    _without_pango(monkeypatch)
    run_due()
    monkeypatch.undo()
    desk = sign_in(town.drafter)
    text = desk.get(f"/workbench/documents/{document.pk}/").content.decode()
    assert f"PDF 排不成：{NO_PANGO}" in text and "重新排成 PDF" in text
    assert desk.get(f"/workbench/documents/{document.pk}/paper/").status_code == 200
    desk.post(f"/workbench/documents/{document.pk}/typeset/", {})
    run_due()
    assert DocumentPrint.objects.get().step == "made"


@pytest.mark.django_db
def test_what_was_changed_while_it_waited_is_not_printed(town: Town) -> None:
    document = town.document(3)
    made = want_print(document, actor=town.drafter)
    document.title = "改过的标题"
    document.save()
    make_print(made)
    assert (made.step, made.sha256) == ("failed", "") and "公文改了" in made.message


@pytest.mark.django_db
def test_one_that_hangs_may_be_asked_for_again_after_ten_minutes(town: Town) -> None:
    document = town.document(3)
    made = want_print(document, actor=town.drafter)
    assert want_print(document, actor=town.drafter).asked == 1
    DocumentPrint.objects.update(step="setting", asked_at=made.asked_at - DocumentPrint.PATIENCE)
    assert want_print(document, actor=town.drafter).asked == 2
    assert Job.objects.filter(name="documents.typeset").count() == 2
