"""谁能授予什么、管得了谁；代理的条件；交接清单的摘要。"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import ADMINISTRATORS, Actor, Held
from yangguang.foundation.personnel.deputising import Arrangement, deputy_faults, overlap_faults
from yangguang.foundation.personnel.handing_over import Line, list_digest
from yangguang.foundation.personnel.rules import (
    EVERYONE,
    PEOPLE,
    WORKING_ROLES,
    Post,
    grant_faults,
    management_faults,
    period_faults,
    username_fault,
)

TODAY = date(2026, 3, 2)


def manager(role: str, path: str = "0001", subtree: bool = True) -> Actor:
    return Actor(1, "管理员", 1, role, 1, path, subtree)


def post(role: str, organisation: int = 2, path: str = "00010001", subtree: bool = False) -> Post:
    return Post(role, organisation, path, subtree, f"县里的{role}")


def test_the_table_knows_every_role() -> None:
    assert EVERYONE == set(Role.values)


@pytest.mark.parametrize("role", Role.values)
def test_an_organisation_administrator_grants_working_roles_and_a_security_administrator_more(
    role: str,
) -> None:
    by_organisation = not grant_faults(manager("organisation_admin"), post(role), 9)
    by_security = not grant_faults(manager("security_admin"), post(role), 9)
    assert by_organisation is (role in WORKING_ROLES | {"organisation_admin"})
    assert by_security is (role not in ADMINISTRATORS)
    for other in set(Role.values) - {"organisation_admin", "security_admin"}:
        assert grant_faults(manager(other), post(role), 9)


def test_no_one_grants_to_himself_nor_outside_his_scope_nor_above_himself() -> None:
    admin = manager("organisation_admin")
    assert "不能给自己" in grant_faults(admin, post("drafter"), 1)[0]
    assert "范围" in grant_faults(admin, post("drafter", 5, "0002"), 9)[0]
    assert "上级" in grant_faults(admin, post("organisation_admin", 1, "0001"), 9)[0]
    narrow = manager("organisation_admin", subtree=False)
    assert "范围" in grant_faults(narrow, post("drafter"), 9)[0]
    assert "含下级" in grant_faults(narrow, post("drafter", 1, "0001", True), 9)[0]
    assert grant_faults(narrow, post("drafter", 1, "0001"), 9) == []
    assert "appoint" in grant_faults(manager("security_admin"), post("audit_admin"), 9)[0]


def test_whoever_holds_a_role_one_cannot_grant_is_beyond_ones_management() -> None:
    admin = manager("organisation_admin")
    assert management_faults(admin, (post("drafter"), post("reviewer")), 9) == []
    assert management_faults(admin, (post("drafter"), post("supervisor")), 9)
    assert management_faults(admin, (), 9) == []
    assert management_faults(admin, (), 1)


def test_the_diagram_of_a_person_leads_from_the_invitation_to_the_end_and_back() -> None:
    assert [t.event for t in PEOPLE.leaving("left")] == ["reinstate"]
    assert "invited --> active: 启用账号" in PEOPLE.diagram()


@pytest.mark.parametrize(
    ("username", "good"),
    [("wang.fang", True), ("li4", True), ("ab", False), ("Wang", False), ("a..b", False),
     ("王芳", False), ("x" * 65, False), ("admin\n", False)],
)  # fmt: skip
def test_a_user_name_is_plain(username: str, good: bool) -> None:
    assert (username_fault(username) == "") is good


def test_a_post_that_is_over_before_it_begins_is_refused() -> None:
    assert period_faults(TODAY, None, TODAY) == []
    assert period_faults(TODAY, TODAY - timedelta(days=1), TODAY) == ["止日不能早于起日。"]
    assert "已经过去" in period_faults(date(2025, 1, 1), date(2025, 2, 1), TODAY)[0]


LEAVE = Arrangement(
    post=Held("approver", date(2020, 1, 1), None, "签发人"),
    post_is_deputed=False,
    principal_id=1,
    deputy_id=2,
    deputy_name="乙",
    deputy_held=(Held("reviewer", date(2020, 1, 1), None, "审核人"),),
    is_colleague=True,
    valid_from=TODAY,
    valid_until=TODAY + timedelta(days=7),
)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"valid_until": TODAY - timedelta(days=1)}, "止日不能早于起日"),
        ({"valid_until": TODAY + timedelta(days=185)}, "最长半年"),
        ({"valid_from": TODAY - timedelta(days=1)}, "过去的日子"),
        ({"post": replace(LEAVE.post, role="system_admin")}, "三员不能请人代理"),
        ({"post_is_deputed": True}, "不能再请别人"),
        ({"post": replace(LEAVE.post, valid_until=TODAY)}, "不能更晚"),
        ({"post": replace(LEAVE.post, valid_from=TODAY + timedelta(days=3))}, "不能更早"),
        ({"deputy_id": 1}, "自己代理自己"),
        ({"is_colleague": False}, "没有岗位"),
        ({"deputy_held": (Held("audit_admin", date(2020, 1, 1), None, "审计管理员"),)}, "三员分立"),
    ],
)
def test_a_deputy_is_a_colleague_for_a_while_and_never_for_an_administrator(
    changes: dict[str, object], told: str
) -> None:
    reasons = deputy_faults(replace(LEAVE, **changes), TODAY)
    assert any(told in reason for reason in reasons) if told else reasons == []


def test_one_day_has_one_deputy() -> None:
    arranged = [(date(2026, 3, 2), date(2026, 3, 6))]
    assert overlap_faults(arranged, date(2026, 3, 6), date(2026, 3, 9))
    assert overlap_faults(arranged, date(2026, 3, 7), date(2026, 3, 9)) == []


def test_the_digest_of_a_list_changes_with_any_of_its_lines_and_with_whom_it_goes_to() -> None:
    line = Line("documents", 1, "通知", "起草")
    digest = list_digest("jia", "yi", [line])
    assert digest == list_digest("jia", "yi", [line])
    assert digest != list_digest("jia", "bing", [line])
    assert digest != list_digest("jia", "yi", [replace(line, standing="审核")])
    assert digest != list_digest("jia", "yi", [line, replace(line, object_id=2)])
