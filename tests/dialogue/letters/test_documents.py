"""三十八种文书排成 Word 和 PDF：必备的段落都印得出来，同样的文书字节相同，样件与代码一致。"""

from pathlib import Path

import pytest
from django.conf import settings
from scripts.letter_templates import template

from tests.dialogue.letters.cases import CODES, letter_of
from yangguang.dialogue.letters import typesetting
from yangguang.dialogue.letters.code128 import WIDTHS, svg, symbols
from yangguang.dialogue.letters.kinds import BY_KIND, REPLIES
from yangguang.dialogue.letters.labels import Label, labels_pdf
from yangguang.dialogue.letters.rendering import Unrendered, docx_text, render_docx
from yangguang.dialogue.letters.samples import OFFICE
from yangguang.dialogue.letters.sealing import DemonstrationSeal, Seal
from yangguang.dialogue.letters.templates import docx_of, packaged_template
from yangguang.dialogue.letters.typesetting import page_of, pdf_of
from yangguang.foundation.typesetting import Printed, Untypeset, letters, text_within

PAGE_NUMBER = 62
"""页码在这么多磅以内。"""
SAMPLES = Path(settings.DATA_ROOT).parent / "docs" / "letters"
LONG = "该信息的情形符合上述规定，" * 120 + "如此。"


def pdf_text(printed: Printed) -> str:
    """页码不算。"""
    return letters(text_within(printed.content, below=PAGE_NUMBER))


@pytest.mark.parametrize("code", CODES)
def test_every_mandatory_part_is_in_the_word_file(code: str) -> None:
    letter = letter_of(code)
    found = letters(docx_text(docx_of(letter)))
    for part in letter.mandatory:
        assert letters(part.text) in found, part.label
    assert "{{" not in docx_text(docx_of(letter)) and "{%" not in docx_text(docx_of(letter))


@pytest.mark.parametrize("code", CODES)
def test_every_mandatory_part_is_in_the_pdf(code: str) -> None:
    letter = letter_of(code)
    found = pdf_text(pdf_of(letter, DemonstrationSeal()))
    for part in letter.mandatory:
        assert letters(part.text) in found, part.label


@pytest.mark.parametrize("code", [kind.code for kind in REPLIES])
def test_the_remedies_are_printed_exactly_once(code: str) -> None:
    letter = letter_of(code)
    wanted = letters(letter.text("remedies"))
    assert letters(docx_text(docx_of(letter))).count(wanted) == 1
    assert pdf_text(pdf_of(letter)).count(wanted) == 1


@pytest.mark.parametrize("code", ["partial", "service_return"])
def test_the_same_letter_has_the_same_bytes(code: str) -> None:
    assert docx_of(letter_of(code)) == docx_of(letter_of(code))
    assert pdf_of(letter_of(code)).content == pdf_of(letter_of(code)).content


@pytest.mark.parametrize("code", CODES)
def test_templates_and_samples_are_those_the_code_makes(code: str) -> None:
    made = template(BY_KIND[code])
    assert packaged_template(BY_KIND[code]) == made
    assert (SAMPLES / f"{code}.docx").read_bytes() == render_docx(letter_of(code), made)


def test_the_index_names_every_letter_and_the_samples_are_small() -> None:
    index = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(f"({code}.docx)" in index for code in CODES)
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 2_000_000


def test_what_is_not_there_leaves_no_empty_paragraph() -> None:
    full = docx_text(docx_of(letter_of("granted")))
    bare = docx_text(docx_of(letter_of("granted", attachments=(), archive_number="")))
    assert "附件：" in full and "附件" not in bare
    assert bare.count("\n\n") < full.count("\n\n")


def test_what_an_officer_writes_is_text_and_never_runs() -> None:
    nasty = "{{ letterhead.__class__ }} <b>&amp;</b> {% if 1 %}"
    letter = letter_of("internal_affairs", {"reasons": nasty})
    assert nasty in docx_text(docx_of(letter))
    assert letters(nasty) in pdf_text(pdf_of(letter))


def test_a_long_letter_runs_over_several_pages_and_loses_nothing() -> None:
    letter = letter_of("internal_affairs", {"reasons": LONG})
    assert pdf_of(letter).pages >= 4


def test_the_application_quoted_in_several_lines_keeps_every_line() -> None:
    letter = letter_of("granted", content="一、甲报告\n二、乙“报告”\n三、丙报告")
    assert letters("二、乙“报告”") in letters(docx_text(docx_of(letter)))
    pdf_of(letter)


def test_a_template_that_drops_a_part_raises_instead_of_sending() -> None:
    other = packaged_template(BY_KIND["granted"])
    with pytest.raises(Unrendered, match="理由"):
        docx_of(letter_of("partial"), other)


def test_a_pdf_that_drops_a_part_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "page_of", lambda letter, seal: "<p>空的</p>")
    with pytest.raises(Untypeset, match="救济途径"):
        pdf_of(letter_of("granted"))


# ---- 用印 ----


def test_the_demonstration_seal_names_the_organ_and_says_it_is_one() -> None:
    seal: Seal = DemonstrationSeal()
    picture = seal.picture("临夏州示例局")
    assert "演示" in picture and picture.count("<text") == len("临夏州示例局") + 1
    assert not seal.is_lawful
    assert "演示" in pdf_text(pdf_of(letter_of("granted"), seal))
    assert "演示" not in pdf_text(pdf_of(letter_of("granted")))
    assert "<svg" not in page_of(letter_of("granted"))


def test_a_seal_service_gets_the_finished_pdf() -> None:
    class Service:
        is_lawful = True

        def picture(self, organisation: str) -> str:
            return ""

        def sealed(self, content: bytes, organisation: str) -> bytes:
            return content + organisation.encode()

    printed = pdf_of(letter_of("granted"), Service())
    assert printed.content.endswith("临夏州示例局".encode())


# ---- 地址签 ----


def test_code_128_checks_itself() -> None:
    assert symbols("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]
    assert symbols("1234567890") == [105, 12, 34, 56, 78, 90, 85, 106]
    assert symbols("123456789")[:3] == [104, 17, 99]
    assert symbols("12") == [104, 17, 18, 54, 106]


@pytest.mark.parametrize(
    "text", ["1234567890123", "YSQ-2024-0018", "A1", "AB1234", "12AB34567C", "00"]
)
def test_a_bar_code_reads_back_as_what_was_written(text: str) -> None:
    held, mode = "", "B"
    body = symbols(text)
    assert (body[0] + sum(n * each for n, each in enumerate(body[1:-2], 1))) % 103 == body[-2]
    for place, symbol in enumerate(body[:-2]):
        if (
            symbol in (104, 105)
            and place == 0
            or symbol in (99, 100)
            and mode != "BC"[symbol == 99]
        ):
            mode = "C" if symbol in (105, 99) else "B"
        elif mode == "C":
            held += f"{symbol:02d}"
        else:
            held += chr(symbol + 32)
    assert held == text
    assert svg(text).count("<rect") == 3 * (len(body) - 1) + 4


def test_every_symbol_of_the_table_is_eleven_modules_and_its_own() -> None:
    assert len(WIDTHS) == len(set(WIDTHS)) == 107
    assert {sum(map(int, each)) for each in WIDTHS[:-1]} == {11}
    assert sum(map(int, WIDTHS[-1])) == 13


def test_labels_are_eight_a_page_with_address_and_code() -> None:
    held = [
        Label(f"收件人{n}", "临夏市示例路2号", f"12345678901{n:02d}", "甲〔2024〕1号")
        for n in range(9)
    ]
    printed = labels_pdf(OFFICE, held)
    assert printed.pages == 2
    found = letters(text_within(printed.content, below=0))
    assert all(label.barcode in found and label.name in found for label in held)


def test_labels_without_an_address_or_with_a_code_no_bar_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="没有邮寄地址：甲"):
        labels_pdf(OFFICE, [Label("甲", " ", "1", "")])
    with pytest.raises(ValueError, match="半角"):
        labels_pdf(OFFICE, [Label("甲", "某路", "甲", "")])
    with pytest.raises(ValueError, match="没有要打印"):
        labels_pdf(OFFICE, [])
