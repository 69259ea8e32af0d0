"""折叠：全半角、繁简、空格都不计，原文里的位置找得回来。"""

from hypothesis import given
from hypothesis import strategies as st

from yangguang.hub.screening.folding import fold, folded, plain


@given(st.text(max_size=60))
def test_every_folded_character_comes_from_where_it_says(text: str) -> None:
    made = fold(text)
    assert made.text == folded(text)
    assert len(made.places) == len(made.text)
    assert list(made.places) == sorted(made.places)
    for character, at in zip(made.text, made.places, strict=True):
        assert character in folded(text[at])


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_lines_stay_lines(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once.count("\n") == text.count("\n")
    once.encode()


@given(
    st.text(st.characters(codec="gb2312"), min_size=1, max_size=20),
    st.sampled_from(" 　\u200b\u00a0\t"),
)
def test_spaces_between_the_characters_make_no_difference(text: str, gap: str) -> None:
    assert folded(gap.join(text)) == folded(text)


def test_width_case_and_script_are_one_and_punctuation_stays() -> None:
    assert folded("ＡＢ１，（甲）") == "ab1,(甲)"
    assert folded("臨夏回族自治州人民政府") == "临夏回族自治州人民政府"
    assert folded("乾坤") == folded("干坤")
    assert plain("乾坤") != plain("干坤")
