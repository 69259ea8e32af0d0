"""编号的写法。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.numbering.rules import format_document_number, format_index_number

USCC = "11620622013933539B"


def test_an_index_number_is_the_credit_code_the_year_and_five_digits() -> None:
    assert format_index_number(USCC, 2021, 3844) == "11620622013933539B/2021-03844"
    assert format_index_number(USCC, 2020, 1) == "11620622013933539B/2020-00001"


def test_a_document_number_has_no_leading_zero_and_no_ordinal_mark() -> None:
    assert format_document_number("临州办发", 2020, 81) == "临州办发〔2020〕81号"
    assert format_document_number(" 临州办发 ", 2020, 1) == "临州办发〔2020〕1号"


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=20, unique=True))
def test_different_numbers_never_look_the_same(numbers: list[int]) -> None:
    assert len({format_index_number(USCC, 2020, n) for n in numbers}) == len(numbers)
    assert len({format_document_number("x", 2020, n) for n in numbers}) == len(numbers)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("1162", 2020, 1), "18 位"),
        ((USCC.lower(), 2020, 1), "18 位"),
        ((USCC, 20, 1), "四位数"),
        ((USCC, 2020, 0), "从 1 起"),
    ],
)
def test_bad_parts_are_refused_in_words(arguments: tuple[str, int, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        format_index_number(*arguments)


def test_a_document_number_needs_its_issuer() -> None:
    with pytest.raises(ValueError, match="机关代字"):
        format_document_number("  ", 2020, 1)
