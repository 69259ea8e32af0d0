"""专题供给：空着自哪天起、准许几天；文件解读了多少、用了什么形式。"""

from datetime import date

import pytest

from yangguang.hub.topics.parts import PARTS
from yangguang.hub.topics.supply_rules import Held, SupplyTerms, TopicSupply, supply_of, terms_on

OPENED = date(2020, 9, 25)
TERMS = SupplyTerms(date(2020, 1, 1), "参数", 10, dict.fromkeys(PARTS, 30))


def supply(*held: Held, gone: dict[str, date] | None = None) -> TopicSupply:
    return supply_of(OPENED, held, gone or {}, TERMS)


def test_a_part_that_never_had_anything_is_empty_since_the_topic_opened() -> None:
    found = supply(Held("policy", date(2020, 10, 1)))
    assert [each.part for each in found.empty] == [
        "interpretation", "execution", "results", "response",
    ]  # fmt: skip
    assert {each.empty_since for each in found.empty} == {OPENED}
    assert found.last == date(2020, 10, 1) and found.empty_since is None


def test_a_part_whose_last_one_left_is_empty_since_that_day() -> None:
    found = supply(
        Held("policy", date(2020, 10, 1)), gone={"results": date(2020, 12, 1), "policy": OPENED}
    )
    since = {each.part: each.empty_since for each in found.parts}
    assert since["results"] == date(2020, 12, 1) and since["policy"] is None


@pytest.mark.parametrize(("day", "alarming"), [(25, False), (26, True)])
def test_the_alarm_sounds_on_the_day_after_the_last_one_allowed(day: int, alarming: bool) -> None:
    held = [Held(part, date(2020, 10, 1)) for part in PARTS if part != "results"]
    found = [each.told for each in supply(*held).alarms(date(2020, 10, day))]
    assert bool(found) is alarming
    if alarming:
        assert found == ["“工作成效”自 2020-09-25 起空了 31 天（准许 30 天）"]


def test_a_wholly_empty_topic_says_so_once_and_sooner() -> None:
    assert supply().alarms(date(2020, 10, 5)) == []
    (alarm,) = supply().alarms(date(2020, 10, 6))
    assert (alarm.what, alarm.since) == ("整个专题", OPENED)
    assert alarm.told == "一条信息也没有，自 2020-09-25 起空了 11 天（准许 10 天）"
    (alarm,) = supply(gone={"policy": date(2020, 11, 1)}).alarms(date(2020, 12, 1))
    assert "2020-11-01" in alarm.told, "最后一条离开的那天起算"


def test_the_share_interpreted_counts_a_document_once_however_it_was_published() -> None:
    day = date(2020, 10, 1)
    found = supply(
        Held("policy", day, "1:临州办发〔2020〕81号", ("文字", "图解")),
        Held("policy", day, "1:临州办发〔2020〕81号"),
        Held("policy", day, "2:临州办发〔2020〕81号"),
        Held("policy", day, "", ("文字",)),
        Held("policy", day),
        Held("interpretation", day),
    )
    assert (found.documents, found.interpreted) == (4, 2)
    assert found.share_told == "4 份解读了 2 份（50%）"
    assert found.forms_told == "文字 2、图解 1"
    assert supply().share_told == "没有政策文件"


def test_the_terms_of_the_day_are_used_and_a_day_without_any_is_an_error() -> None:
    later = SupplyTerms(date(2021, 1, 1), "新参数", 5, dict.fromkeys(PARTS, 15))
    assert terms_on([TERMS, later], date(2020, 12, 31)) == TERMS
    assert terms_on([later, TERMS], date(2021, 1, 1)) == later
    with pytest.raises(LookupError):
        terms_on([TERMS], date(2019, 12, 31))
