"""统一社会信用代码：校验位按 GB 32100-2015。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.organisations.rules import (
    DEMONSTRATION_PREFIX,
    demonstration_uscc,
    uscc_is_valid,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, place, 31) for place in range(17)]


def check_character(stem: str) -> str:
    """照标准的公式另算一遍：加权和对 31 取补。"""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(stem, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


stems = st.tuples(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)


@pytest.mark.parametrize("code", ["91110000600037341L", "11620622013933539B", "11441700007280420Y"])
def test_codes_published_by_real_bodies_are_valid(code: str) -> None:
    assert uscc_is_valid(code)


@pytest.mark.parametrize(
    "code",
    ["", "91110000600037341", "91110000600037341LL", "91110000600037341l", "9111 0000600037341L",
     "9I110000600037341L", "91ABCDEF600037341L", "９1110000600037341L", "91110000600037341L\n"],
)  # fmt: skip
def test_wrong_length_or_characters_are_refused(code: str) -> None:
    assert not uscc_is_valid(code)


@given(stems)
def test_exactly_one_check_character_fits(stem: str) -> None:
    fitting = [character for character in ALPHABET if uscc_is_valid(stem + character)]
    assert fitting == [check_character(stem)]


@given(stems, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(stem: str, place: int, wrong: str) -> None:
    code = stem + check_character(stem)
    changed = code[:place] + wrong + code[place + 1 :]
    assert uscc_is_valid(changed) == (changed == code)


@given(st.text())
def test_a_demonstration_code_is_valid_recognisable_and_stable(seed: str) -> None:
    code = demonstration_uscc(seed)
    assert uscc_is_valid(code)
    assert code.startswith(DEMONSTRATION_PREFIX)
    assert code == demonstration_uscc(seed)


def test_different_seeds_give_different_demonstration_codes() -> None:
    assert len({demonstration_uscc(f"unit-{number}") for number in range(5000)}) == 5000
