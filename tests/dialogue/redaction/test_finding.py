"""在页上的字里找号码和词：折行的、窄格子里的、折页的都找得到，不误伤。"""

import pytest

from tests.dialogue.redaction.making import boxes_of, found_in, made, picture_of
from tests.dialogue.redaction.papers import IDENTITY, MOBILE, Paper, pdf, text
from yangguang.dialogue.redaction.boxes import Box
from yangguang.dialogue.redaction.finding import Character, identifiers, word_faults, words
from yangguang.foundation.screening.rules import screen


def test_a_number_broken_over_two_lines_gives_two_boxes() -> None:
    content = pdf(text(f"abc {IDENTITY[:10]}", 60, 500) + text(f"{IDENTITY[10:]} def", 60, 484))
    [found] = found_in(content)
    assert found.kind == "identity_number" and len(found.boxes) == 2
    upper, lower = found.boxes
    assert upper.y < lower.y and lower.x < upper.x


def test_a_number_folded_in_a_narrow_cell_is_found_though_another_cell_stands_between() -> None:
    cells = [IDENTITY[:6], IDENTITY[6:12], IDENTITY[12:]]
    content = pdf(
        "".join(
            text(part, 60, 500 - 16 * row) + text(f"note{'abc'[row]}", 220, 500 - 16 * row)
            for row, part in enumerate(cells)
        )
    )
    [found] = found_in(content)
    assert found.kind == "identity_number" and len(found.boxes) == 3
    assert all(box.x + box.width < 0.5 for box in found.boxes), "旁边的格没有动"


@pytest.mark.parametrize(("across", "down"), [(20, 0), (9, 0), (0, -16)])
def test_a_number_written_one_digit_to_a_cell_is_found(across: int, down: int) -> None:
    content = pdf(
        "".join(text(digit, 20 + across * at, 500 + down * at) for at, digit in enumerate(IDENTITY))
    )
    [found] = found_in(content)
    output = picture_of(made(content, list(found.boxes))).convert("L")
    for box in found.boxes:
        output.paste(255, box.pixels(*output.size))
    assert output.getextrema() == (255, 255)


def test_a_number_carried_over_to_the_next_page_has_a_box_on_each() -> None:
    paper = Paper.blank()
    paper.page(text(IDENTITY[:11], 60, 60) + text("- 1 -", 190, 20))
    paper.page(text(IDENTITY[11:], 60, 560))
    assert [box.page for box in boxes_of(found_in(paper.saved()))] == [1, 2]


def test_numbers_one_under_another_are_each_found_once() -> None:
    others = ("13900139000", "13700137000")
    content = pdf("".join(text(n, 60, 500 - 16 * row) for row, n in enumerate((MOBILE, *others))))
    assert [len(found.boxes) for found in found_in(content)] == [1, 1, 1]


def test_document_numbers_dates_and_sums_are_not_taken_for_identifiers() -> None:
    lines = ("2020-09-30", "91620000438001234X", "No. 2020-15", "1234567890123456", "0930-6210000")
    assert found_in(pdf("".join(text(n, 60, 500 - 16 * at) for at, n in enumerate(lines)))) == []


def test_a_number_shown_in_the_list_is_itself_masked() -> None:
    [found] = found_in(pdf(text(IDENTITY, 60, 500)))
    assert IDENTITY not in found.shown and found.shown.startswith("110") and not screen(found.shown)


def spread(words_: str) -> list[Character]:
    """一行字，每个字一百分之一宽。"""
    return [
        Character(each, (0.1 + at / 100, 0.1, 0.11 + at / 100, 0.12))
        for at, each in enumerate(words_)
    ]


def test_words_are_found_across_spaces_widths_and_cases() -> None:
    page = [*spread("户主张 三，代码ＡＢ"), Character("\n", None)]
    assert [found.shown for found in words([page], ["张三", "ab"])] == ["张三", "ab"]
    assert words([page], ["李四", " "]) == []


@pytest.mark.parametrize("wanted", [["字" * 61], [str(n) for n in range(21)]], ids=["太长", "太多"])
def test_too_many_or_too_long_words_are_refused(wanted: list[str]) -> None:
    assert word_faults(wanted)


def test_a_mark_of_secrecy_is_never_offered_as_something_to_hide() -> None:
    assert identifiers([spread("机密★1年")]) == []


def test_a_box_keeps_within_the_page() -> None:
    page = [Character("9", (-0.2, 0.5, 0.1, 0.52))]
    [found] = words([page], ["9"])
    assert found.boxes == (Box(1, 0, 0.5, 0.1, 0.02, "word"),)
