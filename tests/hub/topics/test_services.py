"""专题的动作：权限、条件、指定与移出、幂等、留痕；不合规矩的说明缘由，什么也不改。"""

from datetime import date

import pytest

from tests.actors import actor, organisation
from tests.outlets.website.conftest import (  # noqa: F401  合用的夹具
    Desk,
    desk,
    kinds_registered,
    moment,
)
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.hub.publications.models import Change
from yangguang.hub.topics.models import Topic, TopicChoice
from yangguang.hub.topics.selectors import empty_topics, gathered, topics_of
from yangguang.hub.topics.services import choose, edit_topic, gather, open_topic


def opened(desk: Desk, name: str = "义务教育", **values: object) -> Topic:  # noqa: F811
    values = {"words": ["义务教育"]} | values
    return open_topic(
        desk.site, name=name, summary="招生、收费、学籍。", actor=desk.actor, key=desk.key(), **values
    )  # fmt: skip


def titles(topic: Topic) -> list[str]:
    return [publication.title for publication in gathered(topic)]


def test_opening_a_topic_leaves_an_event_and_a_change_and_happens_once(desk: Desk) -> None:  # noqa: F811
    topic = open_topic(desk.site, name="义务教育", summary="招生。", actor=desk.actor, key="once")
    again = open_topic(desk.site, name="义务教育", summary="招生。", actor=desk.actor, key="once")
    assert again.pk == topic.pk and Topic.objects.count() == 1
    assert topic.code == "zhuanti-1" and topic.state == "open"
    assert AuditEvent.objects.filter(action="topics.create").count() == 1
    assert Change.objects.filter(key=f"topic:{topic.pk}").count() == 1


def test_what_it_gathers_follows_its_rule_and_the_editors_choice(desk: Desk) -> None:  # noqa: F811
    school = desk.publish("关于义务教育招生的通知")
    other = desk.publish("关于防汛的通知", columns=("notices",))
    topic = opened(desk)
    assert titles(topic) == [school.title]
    choose(topic, other, "add", actor=desk.actor)
    assert titles(topic) == [school.title, other.title]
    choose(topic, school, "exclude", actor=desk.actor)
    assert titles(topic) == [other.title]
    choose(topic, school, "undo", actor=desk.actor)
    choose(topic, other, "undo", actor=desk.actor)
    assert titles(topic) == [school.title]
    edit_topic(topic, {"words": [], "columns": [desk.columns["open"]]}, actor=desk.actor)
    assert titles(topic) == [school.title], "下级栏目里的也算"
    edit_topic(topic, {"organisations": [organisation("elsewhere")]}, actor=desk.actor)
    assert titles(topic) == []
    told = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"topics.add", "topics.exclude", "topics.undo", "topics.edit"} <= told


def test_topics_that_stand_empty_can_be_asked_for(desk: Desk) -> None:  # noqa: F811
    desk.publish("义务教育")
    full, empty, closed = (
        opened(desk),
        opened(desk, "高考", words=["高考"]),
        opened(desk, "往年", words=["往年"]),
    )
    perform(closed, "close", actor=desk.actor, key="close")
    assert empty_topics(desk.site) == [empty] and titles(full)


def test_choosing_twice_changes_nothing_twice(desk: Desk) -> None:  # noqa: F811
    publication = desk.publish("一件事")
    topic = opened(desk)
    choose(topic, publication, "add", actor=desk.actor)
    before = Change.objects.count(), AuditEvent.objects.count()
    choose(topic, publication, "add", actor=desk.actor)
    assert (Change.objects.count(), AuditEvent.objects.count()) == before


def test_a_closed_topic_gathers_nothing_published_after_it_closed(desk: Desk, moment) -> None:  # noqa: F811, ANN001
    desk.publish("义务教育一号", on=moment(2020, 9, 28))
    topic = opened(desk)
    perform(topic, "close", actor=desk.actor, key="close")
    Topic.objects.filter(pk=topic.pk).update(closed_on=date(2020, 12, 31))
    topic.refresh_from_db()
    desk.publish("义务教育二号", on=moment(2021, 1, 4))
    assert titles(topic) == ["义务教育一号"]
    perform(topic, "reopen", actor=desk.actor, key="reopen")
    assert topic.closed_on is None
    assert titles(topic) == ["义务教育一号", "义务教育二号"]


def test_a_withdrawn_publication_is_in_no_topic(desk: Desk) -> None:  # noqa: F811
    publication = desk.publish("义务教育")
    topic = opened(desk)
    choose(topic, publication, "add", actor=desk.actor)
    desk.withdraw(publication)
    assert titles(topic) == []


def test_a_source_enters_its_publication_but_not_where_it_was_put_out(desk: Desk) -> None:  # noqa: F811
    publication = desk.publish("防汛通知")
    one, two, closed = (opened(desk, name) for name in ("防汛", "应急", "往年"))
    perform(closed, "close", actor=desk.actor, key="close")
    choose(two, publication, "exclude", actor=desk.actor)
    from django.db import transaction

    with transaction.atomic():
        entered = gather(publication, [one, two, closed], actor=desk.actor)
    assert entered == [one]
    assert titles(one) == ["防汛通知"] and titles(two) == [] and titles(closed) == []
    assert TopicChoice.objects.filter(topic=two).get().is_excluded


@pytest.mark.parametrize("role", ["drafter", "reviewer", "system_admin"])
def test_only_those_who_edit_the_site_may(desk: Desk, role: str) -> None:  # noqa: F811
    topic = opened(desk)
    stranger = actor("approver", organisation("elsewhere"))
    for who in (actor(role, desk.organisation), stranger):
        with pytest.raises(OutOfScope):
            edit_topic(topic, {"name": "别的"}, actor=who)
        with pytest.raises(OutOfScope):
            open_topic(desk.site, name="别的", summary="别的", actor=who, key="other")
    supervisor: Actor = actor("supervisor", desk.organisation)
    edit_topic(topic, {"name": "别的"}, actor=supervisor)
    assert topic.name == "别的"


def test_what_is_against_the_rules_is_refused_with_every_reason(desk: Desk) -> None:  # noqa: F811
    opened(desk, code="jiaoyu")
    with pytest.raises(Refused) as refused:
        opened(desk, code="jiaoyu")
    assert len(refused.value.reasons) == 2
    with pytest.raises(Refused) as refused:
        opened(desk, "另一个", code="教育", words=["的"])
    assert len(refused.value.reasons) == 2
    with pytest.raises(Refused):
        open_topic(
            desk.site, name="名单", summary="身份证号 11010519491231002X", actor=desk.actor, key="id"
        )  # fmt: skip
    with pytest.raises(Classified):
        opened(desk, "机密★1年")
    assert [topic.code for topic in topics_of(desk.site)] == ["jiaoyu"]
