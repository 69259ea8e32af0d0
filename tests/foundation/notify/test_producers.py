"""什么事告诉谁：退回、等审、期限、交接、死信；办了的不再说。"""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.actors import actor, organisation
from tests.foundation.notify.conftest import messages
from tests.town import Town
from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import Refused, hand_over, perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.notify.producers import alarm_dead_letters, remind_of_deadlines
from yangguang.foundation.notify.selectors import messages_of, unread_of
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db


def submitted(town: Town, number: int = 1) -> OfficialDocument:
    document = town.document(number)
    perform(document, "submit", actor=town.drafter, key=f"submit-{number}")
    return document


def unread(who: Actor) -> list[Message]:
    return list(unread_of(who.user_id))


def test_what_waits_for_review_is_told_to_the_reviewer_and_settled_when_reviewed(
    town: Town,
) -> None:
    document = submitted(town)
    (told,) = unread(town.reviewer)
    assert (told.kind, told.title, told.why) == ("waiting", str(document), "审核")
    assert told.href == f"/workbench/documents/{document.pk}/"
    assert told.assignment_id == town.reviewer.assignment_id
    assert unread(town.drafter) == unread(town.approver) == []
    perform(document, "pass", actor=town.reviewer, key="pass")
    assert unread(town.reviewer) == []
    assert messages(town.reviewer)[0].settled_at is not None
    assert [m.why for m in unread(town.approver)] == ["签发"]


def test_what_is_returned_is_told_to_the_drafter_with_the_words(town: Town) -> None:
    document = submitted(town)
    perform(document, "return", actor=town.reviewer, key="return", message="日期不对")
    (told,) = unread(town.drafter)
    assert (told.kind, told.why) == ("returned", "“日期不对”")
    perform(document, "submit", actor=town.drafter, key="again")
    assert unread(town.drafter) == []
    assert len(unread(town.reviewer)) == 1


def test_what_was_handed_over_is_returned_to_the_one_who_keeps_it_now(town: Town) -> None:
    successor = actor("drafter", town.organisation, username="jie.shou")
    document = submitted(town)
    user = User.objects.get(pk=successor.user_id)
    hand_over(document, to=user, actor=town.drafter, key="over")
    perform(document, "return", actor=town.reviewer, key="return", message="改")
    assert unread(town.drafter) == []
    assert len(unread(successor)) == 1


def test_people_elsewhere_and_in_other_posts_are_told_nothing(town: Town) -> None:
    elsewhere = organisation("elsewhere")
    below = organisation("below", town.organisation)
    strangers = [actor("reviewer", elsewhere), actor("reviewer", below)]
    above = actor("reviewer", town.organisation, username="above", subtree=True)
    submitted(town)
    assert all(unread(each) == [] for each in strangers)
    assert len(unread(above)) == 1
    for message in Message.objects.all():
        held = RoleAssignment.objects.get(pk=message.assignment_id)
        seen = OfficialDocument.policy.visible(actor_of(held))
        assert seen.filter(pk=message.record_id).exists()


def test_a_superior_with_the_subtree_is_told_of_what_waits_below(town: Town) -> None:
    below = organisation("below", town.organisation)
    above = actor("reviewer", town.organisation, username="above", subtree=True)
    document = town.document()
    OfficialDocument.objects.filter(pk=document.pk).update(organisation=below)
    document.refresh_from_db()
    perform(document, "submit", actor=actor("drafter", below), key="submit")
    assert len(unread(above)) == 1
    assert unread(town.reviewer) == []


def test_a_message_is_gone_when_the_post_it_was_for_has_ended(town: Town) -> None:
    submitted(town)
    RoleAssignment.objects.filter(pk=town.reviewer.assignment_id).update(ended_at=timezone.now())
    assert unread(town.reviewer) == []
    assert messages_of(town.reviewer.user_id).count() == 0


def test_a_step_that_is_rolled_back_tells_no_one(town: Town) -> None:
    document = town.document()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        perform(document, "submit", actor=town.drafter, key="submit")
        assert Message.objects.exists()
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_a_refused_step_and_a_second_click_tell_nothing_more(town: Town) -> None:
    document = submitted(town)
    perform(document, "submit", actor=town.drafter, key="submit-1")
    with pytest.raises(Refused):
        perform(document, "pass", actor=town.approver, key="pass")
    assert Message.objects.count() == 1


def test_telling_costs_the_same_however_many_reviewers_there_are(town: Town) -> None:
    documents = [town.document(number) for number in (1, 2)]
    counts = []
    for document in documents:
        with CaptureQueriesContext(connection) as queries:
            perform(document, "submit", actor=town.drafter, key=f"submit-{document.pk}")
        counts.append(len([q for q in queries if "notify_" in q["sql"]]))
        for extra in range(5):
            actor("reviewer", town.organisation, username=f"reviewer-{extra}")
    # 了结从前的、看告诉过没有、记下、查联系方式、取回
    assert counts == [5, 5]


def dated(town: Town, number: int, due: date, state: str = "approved") -> OfficialDocument:
    """已签发、上网期限在 ``due`` 的一份。"""
    document = town.document(number, disclosure="proactive")
    OfficialDocument.objects.filter(pk=document.pk).update(**{"state": state, "publish_due": due})
    return document


def test_a_deadline_is_told_at_each_step_once_and_settled_when_met(town: Town) -> None:
    today = timezone.localdate()
    in_working_days = partial(Calendars().of(town.organisation).nth, today)
    dated(town, 1, in_working_days(5))
    dated(town, 2, today - timedelta(days=1))
    dated(town, 3, in_working_days(11))
    dated(town, 4, today, state="published")
    dated(town, 5, today - timedelta(days=31))
    assert remind_of_deadlines() == 4  # 两份，各告诉信息员和签发人
    assert remind_of_deadlines() == 0
    whys = [message.why for message in unread(town.drafter)]
    assert sorted(whys) == sorted([
        f"期限临近，5 个工作日以内（{in_working_days(5).isoformat()}）",
        f"期限已过（{(today - timedelta(days=1)).isoformat()}）",
    ])  # fmt: skip
    OfficialDocument.objects.filter(publish_due=in_working_days(5)).update(
        **{"publish_due": in_working_days(1)}
    )
    assert remind_of_deadlines() == 2


def dead(name: str, at: object = None) -> Job:
    now = timezone.now()
    return Job.objects.create(
        name=name, key=f"{name}-{Job.objects.count()}", state=Job.State.DEAD, attempts=6,
        run_after=now, created_at=now, finished_at=at or now, last_error="错",
    )  # fmt: skip


def test_dead_letters_alarm_the_technical_administrator_once_for_a_heap(town: Town) -> None:
    admin = actor("system_admin", town.organisation)
    assert alarm_dead_letters() == 0
    at = timezone.now().replace(minute=5, second=0, microsecond=0) - timedelta(hours=1)
    for _ in range(3):
        dead("search.forget", at)
    assert alarm_dead_letters() == 1
    assert alarm_dead_letters() == 0
    (told,) = unread(admin)
    assert told.kind == "alarm" and told.title.startswith("作业进了死信：")
    assert told.href == "/workbench/jobs/"
    assert not any(character.isascii() and character.isalpha() for character in told.title)
    dead("search.forget", timezone.now() - timedelta(hours=3))
    assert alarm_dead_letters() == 0
    dead("calendar.recompute", at)
    assert alarm_dead_letters() == 1
    for other in (town.drafter, actor("security_admin", town.organisation)):
        assert unread(other) == []
