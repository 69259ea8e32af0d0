"""专题供给的读取：从公开着的算出来；撤回、移出的记着哪天空的；查询次数不随专题、信息多少变。"""

from datetime import date

import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.hub.topics.test_parts import opened
from tests.outlets.website.conftest import (  # noqa: F401  合用的夹具
    Desk,
    desk,
    kinds_registered,
    moment,
)
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import Publication
from yangguang.hub.topics.services import choose
from yangguang.hub.topics.supply import alarms, supplies, supplies_of_task, topics_supplied
from yangguang.hub.topics.supply_rules import TopicSupply

OPENED = date(2020, 9, 25)
TODAY = date(2020, 12, 31)


def supply(desk: Desk, topic: object, today: date = TODAY) -> TopicSupply:  # noqa: F811
    (found,) = supplies([topic], today)  # type: ignore[list-item]
    return found.supply


def interpreted(desk: Desk, of: Publication, medium: str) -> Publication:  # noqa: F811
    return desk.publish(
        f"{medium}：{of.title}", medium=medium, interprets=[{"index_number": of.index_number}]
    )


def test_counts_dates_and_the_forms_of_interpretation_come_from_what_is_public(
    desk: Desk,  # noqa: F811
    moment,  # noqa: F811, ANN001
) -> None:
    topic = opened(desk, opened_on=OPENED)
    one = desk.publish("六稳六保方案", on=moment(2020, 10, 1), document_number="临州发1号")
    two = desk.publish("六稳六保补充意见", on=moment(2020, 11, 1), document_number="临州发2号")
    for document in (one, two):
        choose(topic, document, "add", part="policy", actor=desk.actor)
    interpreted(desk, one, "图解")
    interpreted(desk, one, "文字")
    desk.publish("六稳六保怎么办", form="问答", on=moment(2020, 12, 1))
    withdrawn = interpreted(desk, two, "视频")
    desk.withdraw(withdrawn)
    found = supply(desk, topic)
    policy = found.parts[0]
    assert (policy.count, policy.last) == (2, date(2020, 11, 1))
    assert (found.documents, found.interpreted) == (2, 1)
    (response,) = [each for each in found.parts if each.part == "response"]
    assert response.count == 1, "问答归回应关切"
    assert found.forms == {"图解": 1, "文字": 1}


def test_what_was_withdrawn_or_put_out_dates_the_emptiness(desk: Desk, moment) -> None:  # noqa: F811, ANN001
    topic = opened(desk, opened_on=OPENED)
    publication = desk.publish("六稳六保进展", on=moment(2020, 10, 1))
    before = {each.part: each.empty_since for each in supply(desk, topic).parts}
    assert before["execution"] is None and before["policy"] == OPENED
    choose(topic, publication, "exclude", actor=desk.actor)
    after = {each.part: each.empty_since for each in supply(desk, topic).parts}
    assert after["execution"] == timezone.localdate() and after["policy"] == OPENED
    choose(topic, publication, "undo", actor=desk.actor)
    desk.withdraw(publication)
    after = {each.part: each.empty_since for each in supply(desk, topic).parts}
    assert after["execution"] == timezone.localdate()


def test_an_empty_topic_alarms_and_a_closed_or_plain_one_is_not_counted(desk: Desk) -> None:  # noqa: F811
    empty = opened(desk, opened_on=OPENED)
    closed = opened(desk, "往年", opened_on=OPENED)
    perform(closed, "close", actor=desk.actor, key="close")
    opened(desk, "平常的", owner=None, basis="", tasks=[])
    found = supplies(topics_supplied(), TODAY)
    assert [each.topic for each in found] == [empty]
    ((topic, told),) = alarms(found, TODAY)
    assert topic == empty and [each.told for each in told] == [
        "一条信息也没有，自 2020-09-25 起空了 97 天（准许 10 天）"
    ]
    assert alarms(found, date(2020, 10, 5)) == []


def test_the_owner_sees_its_own_and_the_editors_see_all_of_their_site(desk: Desk) -> None:  # noqa: F811
    bureau = organisation("bureau", desk.organisation)
    own, others = opened(desk, owner=bureau), opened(desk, "文旅")

    def seen(role: str, at: object, *, subtree: bool = False) -> set[object]:
        return set(topics_supplied(actor(role, at, subtree=subtree)))  # type: ignore[arg-type]

    for role in ("drafter", "reviewer", "approver"):
        assert seen(role, bureau) == {own}
    assert seen("supervisor", desk.organisation, subtree=True) == {own, others}
    assert seen("drafter", organisation("other", desk.organisation)) == set()
    assert seen("system_admin", desk.organisation) == set()


def test_a_task_of_the_plan_gathers_its_own_topics(desk: Desk) -> None:  # noqa: F811
    nine = opened(desk, tasks=[9])
    both = opened(desk, "文旅", tasks=[9, 10])
    opened(desk, "教育", tasks=[10], basis="别的方案")
    assert [each.topic for each in supplies_of_task(9, "临州办发〔2020〕81号", TODAY)] == [
        nine,
        both,
    ]
    assert [each.topic for each in supplies_of_task(10, "临州办发〔2020〕81号", TODAY)] == [both]


@pytest.mark.parametrize("many", [1, 5])
def test_the_queries_are_the_same_for_one_topic_and_for_many(
    desk: Desk,  # noqa: F811
    many: int,
    django_assert_num_queries,  # noqa: ANN001
) -> None:
    for number in range(many):
        opened(desk, f"专题{number}", opened_on=OPENED)
        for each in range(many):
            interpreted(desk, desk.publish(f"专题{number}的方案{each}"), "图解")
    with django_assert_num_queries(20):
        supplies(topics_supplied(), TODAY)
