"""题名断行：切开再连起来一字不差；只在词间断；先转义。"""

import re

from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.theme.phrases import NO_BREAK_BEFORE, phrase, phrase_marked, segments

TITLE = "临夏回族自治州人民政府办公室关于印发临夏州政务公开工作实施方案的通知"


def test_a_title_breaks_between_words_and_particles_stay_with_the_word_before() -> None:
    assert "".join(segments(TITLE)) == TITLE
    assert "人民政府" in segments(TITLE) or "人民政府办公室" in segments(TITLE)
    assert any("方案的" in segment for segment in segments(TITLE))


def test_the_last_line_never_holds_a_lone_short_word() -> None:
    assert segments(TITLE)[-1] == "实施方案的通知"
    assert segments("县") == ("县",)


def test_a_long_place_name_may_break_after_its_peoples_and_levels() -> None:
    assert segments("积石山保安族东乡族撒拉族自治县人民政府")[:4] == (
        "积石山保安族", "东乡族", "撒拉族", "自治县",
    )  # fmt: skip


def test_a_label_before_the_title_stays_whole() -> None:
    assert segments("演示数据：关于服务安排的通告")[0] == "演示数据："


def test_year_and_serial_of_a_document_number_are_never_parted() -> None:
    assert any("〔2020〕81号" in segment for segment in segments("《临州办发〔2020〕81号》的解读"))


def test_nothing_unescaped_comes_out_and_no_break_falls_inside_an_entity() -> None:
    html = phrase('关于"<script>alert(1)</script>"&政策的通知')
    assert "<script" not in html
    assert set(re.findall(r"<[^>]*>", html)) == {"<wbr>"}


@given(st.text(alphabet="关于印发政务公开方案的通知（）《》〔2020〕81号，。 <&>a1", max_size=60))
def test_any_text_survives_and_no_segment_starts_with_a_closing_mark(text: str) -> None:
    parts = segments(text)
    assert "".join(parts) == text
    assert all(part for part in parts)
    assert not any(part[0] in NO_BREAK_BEFORE for part in parts[1:])


def test_a_marked_title_breaks_only_where_the_plain_one_does() -> None:
    pieces = [("申请", False), ("公开政府信", True), ("息，多少天", False)]
    shown = phrase_marked(pieces)
    assert shown == "申请<wbr><mark>公开<wbr>政府<wbr>信</mark>息，<wbr>多少天"
    assert phrase_marked([]) == ""
    assert phrase_marked([("<", True)]) == "<mark>&lt;</mark>"


@given(st.lists(st.tuples(st.text("申请公开政府信息的，<&a ", max_size=6), st.booleans())))
def test_marking_changes_neither_the_words_nor_the_breaks(pieces: list[tuple[str, bool]]) -> None:
    shown = phrase_marked(pieces)
    assert re.sub("</?mark>", "", shown) == phrase("".join(text for text, _ in pieces))
