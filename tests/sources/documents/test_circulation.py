"""先定公开属性，再运转呈签；自己起草的自己不能审、不能签。"""

from datetime import date

import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.town import ON_REQUEST, TEXT, Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import Classified, edit, take_in


def test_a_document_without_disclosure_is_not_circulated(town: Town) -> None:
    document = town.document(1, disclosure="")
    with pytest.raises(Refused) as refusal:
        perform(document, "submit", actor=town.drafter, key="s")
    assert refusal.value.reasons == ["尚未确定公开属性：先定公开属性，再送审。"]


def test_every_reason_is_given_at_once(town: Town) -> None:
    document = town.document(1, disclosure="withheld", stage="", issuers=[])
    with pytest.raises(Refused) as refusal:
        perform(document, "submit", actor=town.drafter, key="s")
    assert len(refusal.value.reasons) == 4


def test_nobody_reviews_or_signs_what_he_drafted(town: Town) -> None:

    document = town.document()
    perform(document, "submit", actor=town.drafter, key="s")
    same_person = actor("reviewer", town.organisation, username="drafter-test-prefecture")
    assert same_person.user_id == town.drafter.user_id
    with pytest.raises(Refused, match="您自己起草"):
        perform(document, "pass", actor=same_person, key="p")


def test_the_due_date_is_set_when_signed_twenty_working_days_after_issue(town: Town) -> None:
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="s")
    perform(document, "pass", actor=town.reviewer, key="p")
    row = perform(document, "approve", actor=town.approver, key="a")
    # 2020-09-25 印发；国庆、中秋放假 10-01 至 10-08，9-27、10-10 上班
    assert str(document.publish_due) == str(row.new_deadline) == "2020-10-29"


def test_what_is_not_proactive_is_not_published(town: Town) -> None:
    document = town.document(1, **ON_REQUEST)
    for event, who in (
        ("submit", town.drafter),
        ("pass", town.reviewer),
        ("approve", town.approver),
    ):
        perform(document, event, actor=who, key=event)
    assert document.publish_due is None
    with pytest.raises(Refused, match="不能发布上网"):
        perform(document, "publish", actor=town.drafter, key="publish")


def test_another_organisations_document_does_not_exist_for_me(town: Town) -> None:

    stranger = actor("reviewer", organisation("elsewhere"))
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="s")
    with pytest.raises(OutOfScope):
        perform(document, "pass", actor=stranger, key="p")


def test_a_classified_paper_leaves_no_trace(town: Town) -> None:
    with pytest.raises(Classified):
        take_in(
            "机密★1年\n" + TEXT.format(number=9),
            organisation=town.organisation,
            actor=town.drafter,
            key="k",
        )
    assert OfficialDocument.objects.count() == 0
    assert not TransitionRecord.objects.filter(idempotency_key="k").exists()
    assert not AuditEvent.objects.filter(action__startswith="documents.").exists()


def test_a_classification_mark_typed_later_is_refused_too(town: Town) -> None:
    document = town.document()
    with pytest.raises(Classified):
        edit(
            document,
            {"body": [{"type": "paragraph", "text": "秘密★3年", "style": "plain"}]},
            actor=town.drafter,
        )
    document.refresh_from_db()
    assert "秘密" not in str(document.body)


def test_a_document_under_review_is_not_edited(town: Town) -> None:
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="s")
    with pytest.raises(Refused, match="不能修改"):
        edit(document, {"title": "偷改"}, actor=town.drafter)


def test_taking_in_twice_with_one_key_gives_one_document(town: Town) -> None:
    assert town.document(1).pk == town.document(1).pk
    assert OfficialDocument.objects.count() == 1


def test_the_day_of_signing_is_the_date_of_a_document_that_names_none(town: Town) -> None:
    document = town.document(1, written_on=None, issued_on=None)
    today = timezone.localdate()
    for event, who in (("submit", town.drafter), ("pass", town.reviewer)):
        perform(document, event, actor=who, key=event)
    perform(document, "approve", actor=town.approver, key="approve")
    document.refresh_from_db()
    assert (document.state, document.written_on, document.issued_on) == ("approved", today, today)
    assert document.publish_due is not None and document.publish_due > today


def test_a_date_that_was_given_stays_the_date(town: Town) -> None:
    document = town.document(1, written_on=date(2020, 9, 24))
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
    ):  # fmt: skip
        perform(document, event, actor=who, key=event)
    assert document.written_on == date(2020, 9, 24)


def test_what_was_issued_long_ago_is_not_dated_today(town: Town) -> None:
    document = town.document(1, written_on=None)
    assert document.issued_on == date(2020, 9, 25)
    for event, who in (("submit", town.drafter), ("pass", town.reviewer)):
        perform(document, event, actor=who, key=event)
    with pytest.raises(Refused, match="早于今天：签发前须填成文日期"):
        perform(document, "approve", actor=town.approver, key="approve")
