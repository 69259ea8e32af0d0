"""记一件事：与改动同生共死，个人信息只留摘要。"""

from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent, DigestKey
from yangguang.foundation.audit.services import destroy_digest_key, personal_value_was, record
from yangguang.foundation.organisations.models import Organisation

AT = datetime(2020, 10, 20, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def actor(db: None) -> Actor:
    office = Organisation.objects.add_root(
        instance=Organisation(
            code="office", name="州人民政府办公室", short_name="州政府办", level="prefecture",
            kind="administrative",
        )
    )  # fmt: skip
    user = User.objects.create_user("ma", "马信息")
    assignment = RoleAssignment.objects.create(
        user=user, organisation=office, role=Role.DRAFTER, valid_from="2020-01-01"
    )
    return Actor(user.pk, user.display_name, assignment.pk, "drafter", office.pk, office.path, True)


def test_an_event_holds_who_in_what_capacity_when_and_what(actor: Actor) -> None:
    target = User.objects.get()
    record(
        "document.submit", actor=actor, target=target, fields=["title"], public={"state": "draft"},
        note="请审核", at=AT,
    )  # fmt: skip
    event = AuditEvent.objects.get()
    assert (event.user_id, event.user_name, event.role) == (actor.user_id, "马信息", "drafter")
    assert (event.assignment_id, event.organisation_id) == (
        actor.assignment_id,
        actor.organisation_id,
    )
    assert (event.target_type, event.target_id) == ("accounts.user", str(target.pk))
    assert (event.target_label, event.at, event.note) == ("马信息", AT, "请审核")
    assert event.fields == ["state", "title"]
    assert event.public == {"state": "draft"}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError, match="同一个事务"):
        record("x", actor=None, target=None)


@pytest.mark.django_db(transaction=True)
def test_it_goes_when_the_change_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("x", actor=None, target=None)
        _ = 1 / 0
    assert not AuditEvent.objects.exists()


def test_personal_values_leave_only_a_digest_that_dies_with_its_key(actor: Actor) -> None:
    applicant = User.objects.get()
    first = record(
        "request.edit", actor=actor, target=applicant, personal={"mobile": "13800138000"}
    )
    second = record("request.edit", actor=actor, target=applicant, personal={"phone": "1", "mobile": "13800138000"})  # fmt: skip
    assert "13800138000" not in repr(AuditEvent.objects.values_list())
    assert first.personal["mobile"] == second.personal["mobile"]
    assert second.personal["mobile"] != second.personal["phone"]
    assert personal_value_was(first, "mobile", "13800138000") is True
    assert personal_value_was(first, "mobile", "13800138001") is False
    assert personal_value_was(first, "phone", "1") is None

    assert destroy_digest_key(applicant, actor=actor, note="保存期满") is True
    assert personal_value_was(first, "mobile", "13800138000") is None
    assert AuditEvent.objects.filter(action="audit.destroy_digest_key").count() == 1
    again = record("request.edit", actor=actor, target=applicant, personal={"mobile": "13800138000"})  # fmt: skip
    assert again.personal != first.personal
    assert destroy_digest_key(ContentType.objects.first(), actor=actor, note="") is False


def test_two_subjects_with_the_same_value_do_not_match(actor: Actor) -> None:
    other = User.objects.create_user("bai", "白办事")
    one = record("x", actor=actor, target=User.objects.get(username="ma"), personal={"mobile": "1"})
    two = record("x", actor=actor, target=other, personal={"mobile": "1"})
    assert one.personal != two.personal
    assert DigestKey.objects.count() == 2


def test_a_nul_from_outside_does_not_stop_the_record(db: None) -> None:
    event = record("sign_in.failed", actor=None, target=None, target_label="a\x00b", public={"name": "a\x00b"})  # fmt: skip
    event.refresh_from_db()
    assert event.target_label == "a␀b"
    assert event.public == {"name": "a␀b"}


def test_an_unsaved_target_and_personal_values_without_a_target_are_refused(db: None) -> None:
    with pytest.raises(ValueError, match="还没有存入"):
        record("x", actor=None, target=User(username="x"))
    with pytest.raises(ValueError, match="须指明对象"):
        record("x", actor=None, target=None, personal={"a": "b"})
