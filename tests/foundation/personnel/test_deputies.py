"""请假代理：期间之内代他行事，两个人的名字都留下；提前结束、被代的人离岗，当即失效。"""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.actors import actor
from tests.foundation.personnel.conftest import Office
from tests.staff import enrolled
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of, current_assignments
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.foundation.personnel.deputies import arrange_deputy
from yangguang.foundation.personnel.models import Deputyship

WEEK = timedelta(days=7)


def held(who: Actor) -> RoleAssignment:
    return RoleAssignment.objects.select_related("user", "organisation").get(pk=who.assignment_id)


def arranged(office: Office, by: Actor | None = None, **changes: object) -> Deputyship:
    today = timezone.localdate()
    values = {"valid_from": today, "valid_until": today + WEEK, "reason": "年休假"} | changes
    return arrange_deputy(
        held(office.reviewer), office.user(office.drafter), actor=by or office.reviewer,
        key="arrange", **values,
    )  # fmt: skip


def deputising(office: Office, days: int = 0) -> list[Actor]:
    on = timezone.localdate() + timedelta(days=days)
    found = current_assignments(office.user(office.drafter), on)
    return [actor_of(each) for each in found if each.on_behalf_of]


def test_a_deputy_has_the_post_for_the_days_of_the_leave_and_acts_in_both_names(
    office: Office,
) -> None:
    arranged(office)
    assert deputising(office, 8) == deputising(office, -1) == []
    (deputy,) = deputising(office, 7)
    assert deputy.role == "reviewer" and deputy.behalf_user_id == office.reviewer.user_id
    assert deputy.persons == {office.drafter.user_id, office.reviewer.user_id}
    event = AuditEvent.objects.filter(action="accounts.assign").latest("pk")
    assert event.public["on_behalf_of"] == "shen.he"


def test_the_principal_an_administrator_in_scope_and_nobody_else_arranges_it(
    office: Office,
) -> None:
    with pytest.raises(Refused, match="您现在的身份不能授予"):
        arranged(office, by=office.drafter)
    assert arranged(office, by=office.county_admin).created_by_id == office.county_admin.user_id


def test_twice_the_same_is_once_and_overlapping_is_refused(office: Office) -> None:
    assert arranged(office) == arranged(office)
    assert RoleAssignment.objects.filter(on_behalf_of__isnull=False).count() == 1
    enrolled(actor("drafter", office.county, username="ling.wai"))
    with pytest.raises(Refused, match="已经安排了代理"):
        arranged(office, valid_from=timezone.localdate() + timedelta(days=3))


def test_a_stranger_to_the_office_cannot_stand_in(office: Office) -> None:
    today = timezone.localdate()
    with pytest.raises(Refused, match="没有岗位"):
        arrange_deputy(
            held(office.reviewer), office.user(office.admin), valid_from=today, valid_until=today,
            reason="年休假", actor=office.reviewer, key="arrange",
        )  # fmt: skip


@pytest.mark.parametrize("how", ["end", "principal leaves", "principal's post ends"])
def test_it_ends_at_once_when_it_is_ended_or_the_principal_loses_the_post(
    office: Office, how: str
) -> None:
    record = arranged(office)
    if how == "end":
        perform(record, "end", actor=office.reviewer, key="end")
    elif how == "principal leaves":
        member = office.member(office.reviewer)
        perform(member, "leave", actor=office.county_admin, key="leave", message="调离")
    else:
        RoleAssignment.objects.filter(pk=office.reviewer.assignment_id).update(
            valid_until=timezone.localdate() - timedelta(days=1)
        )
    assert deputising(office) == []


def test_a_third_person_cannot_end_it(office: Office) -> None:
    record = arranged(office)
    outsider = actor("supervisor", office.county, subtree=True)
    assert sign_in(outsider).get(f"/workbench/deputies/{record.pk}/").status_code == 404


def test_it_is_arranged_on_a_page_with_ones_own_post_and_ones_colleagues(office: Office) -> None:
    desk = sign_in(office.reviewer)
    page = desk.get("/workbench/deputies/new/").content.decode()
    assert "（xin.xi）" in page and "prefecture" not in page.split("<form")[-1]
    until = (timezone.localdate() + WEEK).isoformat()
    answer = desk.fill(
        "/workbench/deputies/new/",
        deputy=office.drafter.user_id,
        valid_until=until,
        reason="年休假",
    )
    assert "代理中" in answer.content.decode()
    reminded = sign_in(office.drafter).get("/workbench/").content.decode()
    assert "您正代" in reminded and "换身份" in reminded
