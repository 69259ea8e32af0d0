"""同义的写法：办公室定的、机构名录里的；换得有分寸，照写的词一条不少。"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.organisations.rules import DatedName, Directory, Unit
from yangguang.hub.search.rules import Query, parse
from yangguang.hub.search.synonyms import MOST, MOST_OF_ALL, Thesaurus, thesaurus

NOBODY = Directory((), ())


def unit(
    code: str, name: str, short: str, parent: str | None, *others: str, **given: object
) -> Unit:
    plain = {"level": "prefecture", "kind": "administrative"}
    names = tuple(DatedName(other, "alias") for other in others)
    return Unit(code, name, short, parent=parent, names=names, **plain | given)  # type: ignore[arg-type]


UNITS = Directory(
    (
        unit("zhou", "东河回族自治州人民政府", "州政府", None, "东河州人民政府", kind="government"),
        unit("fupin", "东河回族自治州扶贫开发办公室", "州扶贫办", "zhou", "州扶贫开发办",
             successors=((date(2021, 6, 1), "zhenxing"),)),
        unit("zhenxing", "东河回族自治州乡村振兴局", "州乡村振兴局", "zhou",
             successors=((date(2025, 1, 1), "nongye"),)),
        unit("nongye", "东河回族自治州农业农村局", "州农业农村局", "zhou"),
        unit("jin", "金县人民政府", "金县政府", "zhou", "金县", "县政府", kind="government"),
        unit("yin", "银县人民政府", "银县政府", "zhou", "银族自治县", "县政府", "银县", kind="government"),
    ),
    (),
)  # fmt: skip


def everywhere(word: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("州扶贫办", ("州扶贫开发办", "州乡村振兴局")),
        ("扶贫办", ("扶贫开发办", "乡村振兴局")),
        ("州乡村振兴局", ("州扶贫办", "州扶贫开发办", "州农业农村局")),
        ("州农业农村局", ("州乡村振兴局",)),
        ("东河州人民政府", ("州政府", "东河回族自治州人民政府")),
        ("银族自治县", ("银县",)),
        ("县政府", ()),
        ("金县", ()),
    ],
)
def test_names_and_successors_of_a_unit_are_alternatives(
    word: str, others: tuple[str, ...]
) -> None:
    assert set(thesaurus([], UNITS).alternatives(word, everywhere)) == set(others)


def test_a_name_that_holds_another_one_is_left_out_because_it_finds_no_more() -> None:
    found = thesaurus([], UNITS).alternatives("州扶贫办", everywhere)
    assert "东河回族自治州扶贫开发办公室" not in found
    assert "东河回族自治州乡村振兴局" not in found


def test_what_the_office_wrote_comes_first_and_works_inside_a_longer_word() -> None:
    known = thesaurus([["低保", "最低生活保障"], ["州", "自治州"], ["扶贫办", "扶贫局"]], UNITS)
    assert known.alternatives("低保", everywhere) == ("最低生活保障",)
    assert known.alternatives("最低生活保障", everywhere) == ("低保",)
    assert known.alternatives("低保标准", everywhere) == ("最低生活保障标准",)
    assert known.alternatives("扶贫办", everywhere)[0] == "扶贫局"
    assert known.alternatives("自治州", everywhere) == ("州",)
    assert known.alternatives("州", everywhere) == (), "自治州里已经有州"


def test_a_part_that_only_looks_like_the_word_is_dropped_when_nobody_writes_so() -> None:
    known = thesaurus([["低保", "最低生活保障"]], NOBODY)
    assert known.alternatives("降低保费", lambda word: False) == ()
    assert known.alternatives("低保", lambda word: False) == ("最低生活保障",), "整个词不用问"


def test_number_quotes_and_minus_are_taken_as_written() -> None:
    known = thesaurus([["低保", "最低生活保障"], ["州", "自治州"]], NOBODY)
    wide = known.expanded(parse("低保 办法"), everywhere)
    assert wide.also == (("最低生活保障",), ()) and wide.marks == ("低保", "办法", "最低生活保障")
    for text in ("“低保” 办法", "办法 -低保", "低保〔2020〕8号", "办法"):
        assert known.expanded(parse(text), everywhere).also == (), text
    assert Thesaurus().expanded(parse("低保"), everywhere) == parse("低保")


def test_however_many_are_known_a_query_grows_only_so_far() -> None:
    many = thesaurus([[f"甲{chr(0x4E00 + n)}" for n in range(50)]], NOBODY)
    assert len(many.alternatives("甲一", everywhere)) == MOST
    words = " ".join(f"甲{chr(0x4E00 + n)}" for n in range(16))
    assert sum(map(len, many.expanded(parse(words), everywhere).also)) == MOST_OF_ALL
    assert many.alternatives("甲一" * 30, everywhere) == ()


@given(
    st.lists(
        st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=3), max_size=4), max_size=4
    ),
    st.text(alphabet="甲乙丙丁", min_size=1, max_size=9),
    st.text(alphabet="甲乙丙丁", max_size=14),
)
def test_leaving_out_the_longer_ones_loses_no_text(
    groups: list[list[str]], word: str, text: str
) -> None:
    known = thesaurus(groups, NOBODY)
    query = known.expanded(Query(words=(word,)), everywhere)
    kept = query.added
    assert len(kept) <= MOST and word not in kept
    assert not any(word in other for other in kept)
    whole = known.terms.get(word, ())
    if len(whole) <= MOST:
        by_all = any(each in text for each in (word, *whole))
        if whole:
            assert by_all == any(each in text for each in (word, *kept))
