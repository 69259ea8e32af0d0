"""认单位的规则，用虚构的西山市来问：规则不是为临夏写的。"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yangguang.foundation.organisations.rules import (
    DatedName,
    Directory,
    Group,
    Unit,
    normalise,
    overlap,
    resolve,
)
from yangguang.foundation.organisations.selectors import directory

ON = date(2021, 5, 1)


@pytest.fixture
def city(xishan: None) -> Directory:
    return directory()


@pytest.mark.parametrize(
    "phrase",
    ["各县区人民政府", "各县（区）人民政府", "各县(区)政府", "各县 区", "各县〔区〕"],
)
def test_brackets_and_spaces_do_not_matter(city: Directory, phrase: str) -> None:
    found = resolve(phrase, city, ON)
    assert found.codes == ("dongchuan", "beiyuan")
    assert found.group == "各县区人民政府"
    assert found.phrase == phrase


def test_a_groups_members_are_those_of_the_day(city: Directory) -> None:
    before = resolve("市直各部门", city, date(2018, 1, 1)).codes
    after = resolve("市直各部门", city, ON).codes
    assert before == ("xishan-office", "xishan-grain")
    assert after == ("xishan-office", "xishan-commerce")


def test_an_open_group_gives_only_the_members_entered(city: Directory) -> None:
    found = resolve("市直有关部门", city, ON)
    assert found.is_open and not found.unresolved
    assert found.codes == ("xishan-commerce",)


def test_and_others_names_the_known_and_leaves_the_rest_open(city: Directory) -> None:
    for phrase in ("市税务局等部门", "市税务局等有关单位", "市税务局等"):
        found = resolve(phrase, city, ON)
        assert (found.codes, found.is_open, found.unresolved) == (("xishan-tax",), True, False)


def test_a_group_nobody_entered_is_unresolved_and_known_to_be_open(city: Directory) -> None:
    found = resolve("区直相关科室", city, ON)
    assert found.unresolved and found.is_open and found.codes == ()


@pytest.mark.parametrize("phrase", ["", "　", "（）", "不存在的局"])
def test_what_is_not_known_is_not_guessed(city: Directory, phrase: str) -> None:
    found = resolve(phrase, city, ON)
    assert found.unresolved and found.codes == () and not found.is_open


def test_a_name_shared_by_two_is_left_to_a_person(city: Directory) -> None:
    found = resolve("本地政府", city, ON)
    assert found.unresolved
    assert found.candidates == ("dongchuan", "beiyuan")


def test_the_speaker_settles_a_shared_name_by_nearness(city: Directory) -> None:
    assert resolve("本地政府", city, ON, scope="beiyuan-education").codes == ("beiyuan",)
    assert resolve("本地政府", city, ON, scope="xishan").unresolved
    assert resolve("县教育局", city, ON, scope="beiyuan-office").codes == ("beiyuan-education",)


def test_the_speaker_settles_a_shared_group_word(city: Directory) -> None:
    assert resolve("各部门", city, ON).unresolved
    found = resolve("各部门", city, ON, scope="dongchuan-office")
    assert found.codes == ("dongchuan-office", "dongchuan-education")


def test_a_unit_named_in_full_inside_the_speakers_range_is_found_from_anywhere(
    city: Directory,
) -> None:
    found = resolve("市税务局", city, ON, scope="beiyuan-education")
    assert found.codes == ("xishan-tax",)


def test_without_a_date_the_present_bearer_comes_first_then_the_past(city: Directory) -> None:
    assert resolve("市粮食局", city).codes == ("xishan-grain",)
    renamed = [
        replace(unit, names=(*unit.names, DatedName("市粮食局", "alias")))
        if unit.code == "xishan-commerce"
        else unit
        for unit in city.units
    ]
    assert resolve("市粮食局", replace(city, units=tuple(renamed))).codes == ("xishan-commerce",)


def test_a_successor_can_be_asked_for(city: Directory) -> None:
    assert city.successors("xishan-grain") == ("xishan-commerce",)
    assert city.successors("xishan-grain", date(2018, 1, 1)) == ("xishan-grain",)
    assert city.successors("xishan-commerce") == ("xishan-commerce",)


def test_successors_are_followed_to_the_end_and_circles_do_not_hang() -> None:
    def unit(code: str, until: date | None, *successors: tuple[date, str]) -> Unit:
        return Unit(code, code, code, "prefecture", "administrative", None, None, until,
                    successors=successors)  # fmt: skip

    gone = date(2019, 12, 31)
    split = Directory((
        unit("a", gone, (date(2020, 1, 1), "b"), (date(2020, 1, 1), "c")),
        unit("b", date(2022, 12, 31), (date(2023, 1, 1), "d")),
        unit("c", None),
        unit("d", None),
        unit("x", gone, (date(2020, 1, 1), "y")),
        unit("y", gone, (date(2020, 1, 1), "x")),
    ))  # fmt: skip
    assert set(split.successors("a")) == {"c", "d"}
    assert set(split.successors("a", date(2021, 1, 1))) == {"b", "c"}
    assert split.successors("x") == ()


def test_a_rule_with_an_unknown_key_is_an_error() -> None:
    units = (Unit("a", "甲", "甲", "prefecture", "government"),)
    with pytest.raises(ValueError, match="不认识的键：level"):
        resolve("大家", Directory(units, (Group("a", "大家", rule={"level": ["county"]}),)))


@given(st.text())
@example("t¨")
@settings(max_examples=2000)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=30))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    units = (Unit("a", "甲", "甲", "prefecture", "government", names=(DatedName("甲", "short"),)),)
    found = resolve(text, Directory(units), ON)
    assert found.unresolved == (not found.codes)


days = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 12))


@given(days, days, days, days)
def test_overlap_agrees_with_walking_every_day(
    a: date | None, b: date | None, c: date | None, d: date | None
) -> None:
    calendar = [date(2019, 12, 31), *(date(2020, 1, day) for day in range(1, 14))]

    def covered(start: date | None, end: date | None) -> set[date]:
        return {day for day in calendar if (start or day) <= day <= (end or day)}

    first, second = DatedName("甲", "official", a, b), DatedName("乙", "official", c, d)
    if covered(a, b) and covered(c, d):
        assert overlap(first, second) == bool(covered(a, b) & covered(c, d))
