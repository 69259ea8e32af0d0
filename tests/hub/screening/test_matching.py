"""查：写法变了照样查出，除外的、写对的放过，职务和地名看上下文，发现互不重叠。"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.screening.rules import Finding
from yangguang.hub.screening.entries import Entry
from yangguang.hub.screening.matching import Matcher, settle
from yangguang.hub.screening.packaged import packaged_matcher

TODAY = date(2026, 11, 25)
LEADERS = [
    Entry("leaders", "演示甲", "永靖县人民政府县长", ("演示钾",), valid_from=date(2024, 3, 1)),
    Entry("leaders", "演示甲", "中共永靖县委副书记", valid_from=date(2024, 3, 1)),
    Entry("leaders", "演示乙", "永靖县人民政府县长", valid_until=date(2024, 2, 29)),
    Entry("leaders", "演示丙", "临夏回族自治州人民政府州长"),
]
PLACES = [
    Entry("places", "永靖县", "临夏回族自治州"),
    Entry("places", "临夏县", "临夏回族自治州"),
    Entry("places", "和政县", "临夏回族自治州", ("和正县",)),
    Entry("places", "刘家峡镇", "永靖县"),
    Entry("places", "城关镇", "和政县"),
    Entry("places", "城关镇", "永靖县"),
]


def found(text: str, *entries: Entry, on: date = TODAY) -> list[tuple[str, str, str]]:
    return [(f.kind, f.severity, f.text) for f in Matcher(entries).find(text, on)]


@pytest.mark.parametrize(
    "text", ["请按装好。", "请按 装好。", "请　按　装　好", "請按裝好", "按\u200b装", "按裝"]
)
def test_a_miswritten_word_is_found_however_it_is_spaced_or_scripted(text: str) -> None:
    (finding,) = Matcher([Entry("typos", "按装", "安装")]).find(text, TODAY)
    assert (finding.kind, finding.severity, finding.suggestion) == ("typo", "warn", "安装")
    assert text[finding.start : finding.end] == finding.text
    assert finding.text[0] == "按"


def test_a_word_does_not_reach_over_the_end_of_a_line() -> None:
    assert found("请按\n装好", Entry("typos", "按装", "安装")) == []


def test_exceptions_and_the_right_form_are_let_through() -> None:
    entry = Entry("typos", "按排", "安排", exceptions=("按排名",))
    assert found("按排名先后按排", entry) == [("typo", "warn", "按排")]
    assert found("维吾尔族，维族", Entry("terms", "维族", "维吾尔族")) == [
        ("banned_term", "block", "维族")
    ]
    same_shape = Entry("typos", "干坤", "乾坤")
    assert found("扭转乾坤", same_shape) == []
    assert found("扭转干坤", same_shape) == [("typo", "warn", "干坤")]


def test_a_banned_term_blocks_a_sensitive_one_warns_and_dates_are_kept() -> None:
    entry = Entry("terms", "旧说法", "新说法", severity="warn", valid_from=date(2026, 1, 1))
    assert found("旧说法", entry) == [("sensitive_term", "warn", "旧说法")]
    assert found("旧说法", entry, on=date(2025, 12, 31)) == []
    body = Entry("bodies", "应急管理部", variants=("安监总局",), valid_from=date(2018, 3, 17))
    assert found("安监总局", body) == [("organ_name", "warn", "安监总局")]
    assert found("安监总局", body, on=date(2018, 3, 16)) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("永靖县县长演示甲主持会议", []),
        ("永靖县委副书记、县长演示甲主持会议", []),
        ("演示甲县长到村里调研", []),
        ("州长演示丙、临夏州州长演示丙", []),
        ("原县长演示乙、时任永靖县县长演示乙", []),
        ("演示甲说", []),
        ("永靖县副县长演示甲主持会议", ["副县长演示甲"]),
        ("临夏县县长演示甲主持会议", ["县长演示甲"]),
        ("永靖县委书记、县长演 示 甲", ["书记、县长演 示 甲"]),
        ("演示甲副书记、演示甲局长", ["演示甲局长"]),
        ("县长演示乙", ["县长演示乙"]),
        ("县长演示钾", ["演示钾"]),
    ],
)
def test_a_title_beside_a_name_must_be_one_held_that_day(text: str, wrong: list[str]) -> None:
    hits = found(text, *LEADERS)
    assert [said for _, _, said in hits] == wrong
    assert {severity for _, severity, _ in hits} <= {"block"}


def test_a_title_taken_up_later_is_not_held_against_an_earlier_document() -> None:
    assert found("县长演示甲", LEADERS[0], on=date(2020, 1, 1)) == []
    assert found("县长演示乙", LEADERS[2], on=date(2024, 2, 29)) == []
    (finding,) = Matcher(LEADERS).find("局长演示甲", TODAY)
    assert finding.suggestion == "现任永靖县人民政府县长、中共永靖县委副书记"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("永靖县刘家峡镇", []),
        ("刘家峡镇", []),
        ("和政县城关镇、永靖县城关镇", []),
        ("临夏县刘家峡镇", ["临夏县刘家峡镇"]),
        ("和正县", ["和正县"]),
    ],
)
def test_a_place_named_under_another_is_pointed_out(text: str, wrong: list[str]) -> None:
    assert [said for _, _, said in found(text, *PLACES)] == wrong


def test_words_in_latin_letters_stand_alone() -> None:
    entry = Entry("terms", "ip")
    assert found("shipping IP", entry) == [("banned_term", "block", "IP")]


def test_personal_numbers_and_marks_come_from_the_same_look() -> None:
    kinds = [
        f[0] for f in found("绝密★启用前\n手机13800138000按装", Entry("typos", "按装", "安装"))
    ]
    assert kinds == ["secret_mark", "mobile", "typo"]


SPANS = st.builds(
    lambda kind, block, start, size: Finding(
        kind, "block" if block else "warn", "字" * size, start, start + size, ""
    ),
    st.sampled_from(["typo", "mobile", "banned_term", "secret_mark"]),
    st.booleans(),
    st.integers(0, 30),
    st.integers(1, 8),
)


@given(st.lists(SPANS, max_size=12))
def test_what_remains_does_not_overlap_and_nothing_vanishes_unless_covered(
    given_findings: list[Finding],
) -> None:
    kept = settle(given_findings)
    plain = [f for f in kept if f.kind != "secret_mark"]
    for before, after in zip(plain, plain[1:], strict=False):
        assert before.end <= after.start
    for one in given_findings:
        assert any(one.start < other.end and other.start < one.end for other in kept)
    blocked = [f for f in given_findings if f.severity == "block"]
    assert not blocked or any(f.severity == "block" for f in kept)


ALPHABET = "按装排名显著甲 "


@given(st.text(ALPHABET, max_size=40), st.lists(st.text("按装排名显著", min_size=2, max_size=4)))
def test_the_automaton_agrees_with_looking_for_each_word(text: str, words: list[str]) -> None:
    entries = [Entry("terms", word) for word in words]
    hits = Matcher(entries).find(text, TODAY)
    squeezed = text.replace(" ", "")
    for word in words:
        looked = word in squeezed
        assert looked == (looked and bool(hits))
    for hit in hits:
        assert hit.text.replace(" ", "") in words
        assert text[hit.start : hit.end] == hit.text


def test_what_the_product_brings_finds_the_common_errors() -> None:
    text = (
        "各单位要按步就班，截止目前完成布署，兢兢业业，显著。政协代表参加。国家卫生和计划生育委员会"
    )
    said = [f.text for f in packaged_matcher().find(text, TODAY)]
    assert said == ["按步就班", "截止目前", "布署", "政协代表", "国家卫生和计划生育委员会"]
