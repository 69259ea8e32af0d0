"""政策解读：要写哪几部分，什么算照抄。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.interpretations.rules import (
    AROUND,
    PARTS,
    blocks_of,
    copied_share,
    copy_faults,
    material_faults,
    part_faults,
    required_parts,
    text_of,
)

ORIGINAL = (
    "物业服务企业应当在小区显著位置公示收费项目、收费标准和收支情况，每半年公布一次账目，"
    "接受业主监督。调整收费标准的，应当经业主大会同意。"
)


def test_what_a_text_must_tell_depends_on_the_document() -> None:
    plain = required_parts("text", is_norm=False, is_for_people=False)
    assert plain == ("background", "aims", "main", "scope")
    assert {"standards", "changes"} <= set(required_parts("qa", is_norm=True, is_for_people=False))
    assert "benefits" in required_parts("text", is_norm=False, is_for_people=True)
    assert required_parts("video", is_norm=True, is_for_people=True) == ("main",)


def test_every_missing_part_is_named_and_how_to_mend_it() -> None:
    faults = part_faults({"main": "讲清楚了", "aims": " "}, ("main", "aims", "changes"))
    assert faults == [
        "缺少“目的意义”。",
        "缺少“新旧差异”。首次制定的，写明“首次制定”。",
    ]


def test_what_is_not_told_in_words_needs_a_work_to_show() -> None:
    assert material_faults("text", has_material=False, written=0) == []
    assert material_faults("video", has_material=True, written=1) == []
    assert len(material_faults("picture", has_material=False, written=4)) == 1


def test_an_h5_made_here_has_three_cards_or_more() -> None:
    assert "3 部分以上" in material_faults("h5", has_material=False, written=2)[0]
    assert material_faults("h5", has_material=False, written=3) == []
    assert material_faults("h5", has_material=True, written=1) == []


def test_a_copy_is_found_whatever_its_punctuation_and_a_telling_is_not() -> None:
    assert copied_share(ORIGINAL, ORIGINAL) == 1
    assert copied_share(ORIGINAL.replace("，", "\n").replace("。", " "), ORIGINAL) == 1
    told = "以后交的物业费花到哪里，贴在小区里人人看得见；要涨价，得大伙儿开会同意。"
    assert copied_share(told, ORIGINAL) == 0
    half = copied_share(ORIGINAL + told, ORIGINAL)
    assert 0.5 < half < 0.75
    assert copied_share("", ORIGINAL) == copied_share("太短", ORIGINAL) == 0


def test_what_is_copied_beyond_the_parameter_is_refused_with_the_figures() -> None:
    assert copy_faults(0.75, 0.75) == []
    (fault,) = copy_faults(0.92, 0.75)
    assert "92%" in fault and "75%" in fault and "照抄原文不是解读" in fault


LETTERS = st.text("甲乙丙丁戊，。 \n", max_size=60)


@given(LETTERS, LETTERS, LETTERS)
def test_the_share_is_a_share_and_more_of_the_original_never_lowers_it(
    text: str, original: str, more: str
) -> None:
    share = copied_share(text, original)
    assert 0 <= share <= 1
    assert copied_share(text, original + more) >= share
    assert copied_share(text, text) in (0, 1)


@pytest.mark.parametrize("length", [AROUND - 1, AROUND])
def test_eight_characters_on_end_are_the_same_and_seven_are_not(length: int) -> None:
    name = "一二三四五六七八九"[:length]
    assert (copied_share("前" + name + "后", "左" + name + "右") > 0) is (length >= AROUND)


def test_the_parts_are_published_in_order_each_under_its_name() -> None:
    parts = {"main": "第一段\n\n第二段", "background": "为什么", "terms": " "}
    blocks = blocks_of(parts)
    assert [each["text"] for each in blocks] == [
        "背景依据", "为什么", "主要内容", "第一段", "第二段",
    ]  # fmt: skip
    assert text_of(parts).splitlines()[0] == "为什么"
    assert set(PARTS) >= set(parts)
