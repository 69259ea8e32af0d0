"""检索的纯规则：写法归一、看懂查询、认出文号、标亮，什么文字都不出错。"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.hub.search.marking import Piece, marked, marked_number, snippet
from yangguang.hub.search.rules import (
    LONGEST,
    MOST_WORDS,
    countable,
    cover,
    grams,
    nearest,
    number_form,
    parse,
    spaced,
    squeeze,
    whole_words,
)

ANY = st.text(max_size=60)
CHINESE = st.text(
    alphabet="政府信息公开推进工作，。、“”《》〔〕 \n0123456789ABcdｅ號開發2０", max_size=40
)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("政务公开，推进！", "政务公开推进"),
        ("ＡＢＣ１２３", "abc123"),
        ("臨夏州政務公開", "临夏州政务公开"),
        ("二○二○年", "二〇二〇年"),
        ("Café ㎡ ①", "cafem21"),
        ("〔２０２０〕８１号", "202081号"),
        ("👨‍👩‍👧 🎉 ——……", ""),
        ("a\x00b", "ab"),
    ],
)
def test_punctuation_width_case_and_traditional_forms_do_not_count(written: str, same: str) -> None:
    assert squeeze(written) == same


@given(ANY)
def test_squeezing_twice_changes_nothing(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


@given(ANY)
def test_leaving_out_the_gaps_is_squeezing(text: str) -> None:
    assert spaced(text).replace(" ", "") == squeeze(text)


@given(ANY, ANY)
def test_what_a_text_squeezes_to_does_not_depend_on_its_neighbours(left: str, right: str) -> None:
    assert squeeze(left + right) == squeeze(left) + squeeze(right)


@given(
    st.text(alphabet="甲乙ab1", min_size=2, max_size=12), st.text(alphabet="甲乙ab1", max_size=12)
)
def test_a_word_is_covered_by_its_pairs_exactly(word: str, text: str) -> None:
    tokens = grams(text)
    at_some_place = any(
        all(tokens[start + at : start + at + 1] == [pair] for at, pair in cover(word))
        for start in range(len(text))
    )
    assert at_some_place == (word in text)


@pytest.mark.parametrize(
    ("typed", "words", "excluded"),
    [
        ("政务公开 方案", ("政务公开", "方案"), ()),
        ("政务公开　方案", ("政务公开", "方案"), ()),
        ("“政务 公开”方案", ("政务公开", "方案"), ()),
        ('"政务 公开', ("政务公开",), ()),
        ("「开放 数据」", ("开放数据",), ()),
        ("公开 -计划", ("公开",), ("计划",)),
        ("公开 －“工作 计划”", ("公开",), ("工作计划",)),
        ("covid-19", ("covid19",), ()),
        ("公开 公开 ，。", ("公开",), ()),
        ("-", (), ()),
        ("，。！？……", (), ()),
        ("🎉", (), ()),
        ("\x00\x00", (), ()),
        ("", (), ()),
    ],
)
def test_words_phrases_and_minus_are_understood(
    typed: str, words: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    query = parse(typed)
    assert (query.words, query.excluded) == (words, excluded)
    assert query.is_empty == (not words and not excluded)


@given(st.one_of(ANY, CHINESE, st.text(alphabet="“”\"'-－—「」 \x00a政", max_size=30)))
def test_no_text_at_all_breaks_the_parser(text: str) -> None:
    query = parse(text)
    for word in (*query.words, *query.excluded):
        assert word and squeeze(word) == word
    number_form(text)
    whole_words(text)


def test_a_query_is_cut_at_its_limits_and_says_so() -> None:
    query = parse("政" * 10_000)
    assert query.words == ("政" * LONGEST,) and query.is_cut
    many = parse(" ".join(f"a{n}" for n in range(40)))
    assert len(many.words) == MOST_WORDS and many.is_cut
    assert not parse("政务公开").is_cut


@pytest.mark.parametrize(
    "typed",
    [
        "2020 81", "2020年81号", "〔2020〕81号", "[2020]81", "［２０２０］８１号", "（2020）81号",
        "临州办发〔2020〕81号", "临州办发[2020]第81号", "临州办发2020年第81号", "臨州辦發〔2020〕81號",
        "临州办发 2020-81", "  2020  81 ",
    ],
)  # fmt: skip
def test_a_document_number_is_known_however_it_is_typed(typed: str) -> None:
    form = number_form(typed)
    assert form is not None and form.key == "2020/81"
    assert form.issuer in ("", "临州办发")
    assert parse(typed).number == form


@pytest.mark.parametrize(
    "typed", ["20201028", "2020年8月", "2020", "81号", "1820 81", "政务公开", "2020 0", "139 1234"]
)
def test_a_date_a_year_or_a_plain_figure_is_not_a_document_number(typed: str) -> None:
    assert number_form(typed) is None


def test_whole_words_are_told_from_parts_of_longer_ones() -> None:
    assert whole_words("〔2020〕81号，181项 GB/T 9704") == ["2020", "81", "181", "gb", "t", "9704"]


@given(CHINESE, CHINESE)
def test_marking_changes_no_letter_and_marks_only_what_was_asked(text: str, typed: str) -> None:
    words = parse(typed).words
    pieces = marked(text, words)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        if piece.is_hit:
            assert any(word in squeeze(piece.text) for word in words)
    for word in words:
        hit = any(word in squeeze(piece.text) for piece in pieces if piece.is_hit)
        assert hit == (word in squeeze(text))


def test_a_hit_is_marked_with_the_punctuation_inside_it() -> None:
    marks = [p.text for p in marked("进一步推进政务公开，推进落实", ("公开推进",)) if p.is_hit]
    assert marks == ["公开，推进"]


def test_a_snippet_is_the_line_that_holds_the_words() -> None:
    text = "各县市人民政府：\n" + "甲" * 300 + "依申请公开" + "乙" * 300 + "\n附则"
    pieces = snippet(text, ("依申请公开",))
    shown = "".join(piece.text for piece in pieces)
    assert "依申请公开" in shown and shown.startswith("…甲") and shown.endswith("乙…")
    assert len(shown) <= 112
    assert [p.text for p in pieces if p.is_hit] == ["依申请公开"]


def test_the_title_repeated_in_the_text_is_no_snippet() -> None:
    shown = snippet(
        "政务公开工作方案\n要推进政务公开。", ("政务公开",), title="《政务公开工作方案》"
    )
    assert "".join(piece.text for piece in shown) == "要推进政务公开。"


def test_a_word_that_holds_punctuation_in_the_text_still_has_its_snippet() -> None:
    text = "开头一句。\n要进一步推进政务公开，推进落实。\n末尾一句。"
    pieces = snippet(text, ("公开推进",))
    assert "".join(piece.text for piece in pieces) == "要进一步推进政务公开，推进落实。"
    assert [p.text for p in pieces if p.is_hit] == ["公开，推进"]


def test_the_line_that_holds_most_of_the_words_is_the_snippet() -> None:
    text = "低保的事。\n标准的事。\n低保的标准。\n低保标准。"
    assert "".join(p.text for p in snippet(text, ("低保", "标准"))) == "低保的标准。"


def test_a_number_written_otherwise_is_marked_whole() -> None:
    query = parse("临州办发2020年第81号")
    assert marked_number("临州办发〔2020〕81号", query) == [Piece("临州办发〔2020〕81号", True)]
    assert not any(p.is_hit for p in marked_number("临州办发〔2020〕181号", query))


def test_without_a_hit_in_the_text_the_snippet_is_its_beginning() -> None:
    assert [p.text for p in snippet("第一段。\n第二段。", ("没有",))] == ["第一段。 第二段。"]
    assert snippet("", ("没有",)) == []


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("政务公开工作方安", "政务公开工作方案"),
        ("政公开工作方案", "政务公开工作方案"),
        ("政务信息工作", ""),
        ("毫不相干的话", ""),
        ("政务", ""),
    ],
)
def test_a_mistyped_word_is_led_back_to_what_a_title_says(typed: str, better: str) -> None:
    assert nearest(typed, ["2020年临夏州政务公开工作方案", "其他事项"]) == better


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X", "110105 19491231 002X", "张某 13912345678", "139 1234 5678",
        "１３９１２３４５６７８", "6222 0212 3456 7890 123", "0930-6212345", "6212345", "zhang@example.cn",
        "a13912345678b", "139-1234-5678", "政" * 61, "", "，。",
    ],
)  # fmt: skip
def test_a_search_that_may_hold_a_persons_number_is_not_counted(text: str) -> None:
    assert countable(text) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("退役军人  优抚", "退役军人 优抚"),
        ("“低保” 标準", "低保 标准"),
        ("临州办发〔2020〕81号", "临州办发202081号"),
        ("20200925 会议", "20200925 会议"),
    ],
)
def test_other_words_are_counted_as_they_are_matched(text: str, kept: str) -> None:
    assert countable(text) == kept


@given(st.text(alphabet="0123456789 -政", max_size=30))
def test_what_is_counted_never_holds_a_long_figure_but_a_date(text: str) -> None:
    for run in re.findall(r"\d{7,}", countable(text).replace(" ", "")):
        assert run[:2] in ("19", "20") and len(run) <= 9
