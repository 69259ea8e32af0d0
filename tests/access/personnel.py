"""人员、代理、交接：管理员管范围内的，别的人只看与自己有关的。"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.access.table import EVERYONE, Row, rows
from tests.actors import actor
from tests.second_steps import with_totp
from tests.staff import enrolled
from tests.town import Town
from yangguang.foundation.accounts.models import RoleAssignment, SignOnIdentity, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.personnel.deputies import arrange_deputy
from yangguang.foundation.personnel.handovers import draw_up
from yangguang.foundation.personnel.models import StaffMember
from yangguang.foundation.personnel.services import Wanted, invite

READERS = frozenset({"organisation_admin", "system_admin", "security_admin", "audit_admin"})
MANAGERS = frozenset({"organisation_admin", "security_admin"})
ACTIVE = EVERYONE - {"system_admin", "audit_admin"}
STOPPERS = MANAGERS | {"system_admin"}
CARRIED = {"key": "access-personnel", "message": "缘由"}


def admin(town: Town) -> Actor:
    return actor("organisation_admin", town.organisation)


def invited(town: Town) -> tuple[StaffMember, str]:
    """一个邀请了、还没有启用的信息员，和他的链接。"""
    today = timezone.localdate()
    issued = invite(
        "newcomer", "新来的", "", Wanted("drafter", town.organisation, False, today, None),
        actor=actor("security_admin", town.organisation), key="access-invite",
    )  # fmt: skip
    return issued.member, issued.token


def person(tail: str = "", *, left: bool = False) -> Callable[[Town], str]:
    def path(town: Town) -> str:
        member, _ = invited(town)
        if left:
            boss = actor("security_admin", town.organisation)
            perform(member, "leave", actor=boss, key="access-leave", message="调离")
        held = member.user.assignments.get()
        return f"/workbench/people/{member.pk}/{tail.format(held=held.pk)}"

    return path


def guarded(town: Town) -> str:
    """设了动态码的人。"""
    member, _ = invited(town)
    with_totp(member.user)
    return f"/workbench/people/{member.pk}/second-step/"


def bound(town: Town) -> str:
    """绑定了统一身份认证的人。"""
    member, _ = invited(town)
    SignOnIdentity.objects.create(
        user=member.user, issuer="https://id.example", subject="newcomer", bound_at=timezone.now()
    )
    return f"/workbench/people/{member.pk}/sign-on/remove/"


def newcomer(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "display_name": "又一个", "username": "another", "role": "drafter",
        "organisation": who.organisation_id, "valid_from": timezone.localdate().isoformat(),
    }  # fmt: skip


def renamed(town: Town, who: Actor) -> dict[str, Any]:
    member = StaffMember.objects.get(user__username="newcomer")
    return {
        "key": "access-edit", "seen": member.updated_at.isoformat(), "display_name": "改过",
        "organisation": town.organisation.pk,
    }  # fmt: skip


def granted(town: Town, who: Actor) -> dict[str, Any]:
    return newcomer(town, who) | {"role": "reviewer"}


def deputyship(tail: str = "") -> Callable[[Town], str]:
    """信息员请审核人代理。"""

    def path(town: Town) -> str:
        enrolled(town.reviewer)
        today = timezone.localdate()
        made = arrange_deputy(
            RoleAssignment.objects.get(pk=town.drafter.assignment_id),
            User.objects.get(pk=town.reviewer.user_id),
            valid_from=today, valid_until=today + timedelta(days=7), reason="年休假",
            actor=town.drafter, key="access-deputy",
        )  # fmt: skip
        return f"/workbench/deputies/{made.pk}/{tail}"

    return path


def asked(town: Town, who: Actor) -> dict[str, Any]:
    """为自己的任职；安全管理员自己的不能代，替窗口人员安排。"""
    today = timezone.localdate().isoformat()
    here = RoleAssignment.objects.filter(
        organisation=who.organisation_id, role="counter_officer", user__staff__isnull=False
    ).order_by("pk")
    absent, present = here[0], here[1]
    own = who.assignment_id if who.role != "security_admin" else absent.pk
    return {
        "key": "access-deputy-new", "principal": own, "valid_from": today,
        "valid_until": today, "reason": "年休假", "deputy": present.user_id,
    }  # fmt: skip


def with_colleagues(town: Town) -> str:
    """每个机构都有两个窗口人员，可以请来代理。"""
    for organisation in Organisation.objects.all():
        for name in ("absent", "present"):
            username = f"{name}-{organisation.code}"
            enrolled(actor("counter_officer", organisation, username=username))
    return "/workbench/deputies/new/"


def handover(tail: str = "", *, handed: bool = False) -> Callable[[Town], str]:
    """信息员移交给审核人。"""

    def path(town: Town) -> str:
        enrolled(town.drafter)
        enrolled(town.reviewer)
        town.document()
        made = draw_up(
            StaffMember.objects.get(user=town.drafter.user_id),
            User.objects.get(pk=town.reviewer.user_id), ["documents.officialdocument"],
            actor=admin(town), key="access-handover",
        )  # fmt: skip
        if handed:
            perform(made, "hand", actor=town.drafter, key="access-hand")
        return f"/workbench/handovers/{made.pk}/{tail}"

    return path


def listing(town: Town) -> str:
    town.document()
    enrolled(town.drafter)
    enrolled(town.reviewer)
    return "/workbench/handovers/new/"


def listed(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-list", "leaver": StaffMember.objects.get(user=town.drafter.user_id).pk,
        "kinds": ["documents.officialdocument"], "receiver": town.reviewer.user_id,
    }  # fmt: skip


def carried(town: Town, who: Actor) -> dict[str, Any]:
    return CARRIED


def act(base: str, path: Callable[..., Any], event: str, action: str, roles: frozenset[str]) -> Row:
    return Row(
        f"workbench:{base}-do", path, roles, method="POST", data=carried, event=action
    )  # fmt: skip


SELVES = frozenset({"drafter", "reviewer"})
rows(
    Row("workbench:people", lambda t: "/workbench/people/", READERS, elsewhere=True),
    Row("workbench:people-new", lambda t: "/workbench/people/new/", MANAGERS, elsewhere=True),
    Row(
        "workbench:people-new", lambda t: "/workbench/people/new/", MANAGERS, method="POST",
        data=newcomer, event="accounts.issue_link", elsewhere=True, answer=200,
    ),
    Row("workbench:people-record", person(), READERS),
    Row("workbench:people-edit", person("edit/"), MANAGERS),
    Row("workbench:people-edit", person("edit/"), MANAGERS, method="POST", data=renamed, event="people.edit"),
    Row("workbench:people-do", person("do/leave/"), STOPPERS),
    act("people", person("do/leave/"), "leave", "accounts.close", STOPPERS),
    act("people", person("do/reinstate/", left=True), "reinstate", "people.reinstate", MANAGERS),
    Row("workbench:people-grant", person("grant/"), MANAGERS),
    Row("workbench:people-grant", person("grant/"), MANAGERS, method="POST", data=granted, event="accounts.assign"),
    Row("workbench:people-end", person("assignments/{held}/end/"), MANAGERS),
    Row(
        "workbench:people-end", person("assignments/{held}/end/"), MANAGERS, method="POST",
        data=carried, event="accounts.end_assignment",
    ),
    Row("workbench:people-access", person("access/"), MANAGERS),
    Row(
        "workbench:people-access", person("access/"), MANAGERS, method="POST", data=carried,
        event="accounts.issue_link", answer=200,
    ),
    Row("workbench:people-second-step", guarded, MANAGERS),
    Row(
        "workbench:people-second-step", guarded, MANAGERS, method="POST", data=carried,
        event="accounts.reset_second_step",
    ),
    # 测试的设置没有接哪一家：转回记录页，说明没有接；接了的在 test_identities
    Row("workbench:people-sign-on", person("sign-on/"), MANAGERS),
    Row("workbench:people-sign-on", person("sign-on/"), MANAGERS, method="POST", data=carried),
    Row("workbench:people-sign-on-remove", bound, MANAGERS),
    Row(
        "workbench:people-sign-on-remove", bound, MANAGERS, method="POST", data=carried,
        event="accounts.unbind_sign_on",
    ),
    Row(
        "personnel:join", lambda t: f"/workbench/join/{invited(t)[1]}/", EVERYONE, elsewhere=True,
    ),
    Row("workbench:deputies", lambda t: "/workbench/deputies/", EVERYONE, elsewhere=True),
    Row("workbench:deputies-new", with_colleagues, ACTIVE, elsewhere=True),
    Row(
        "workbench:deputies-new", with_colleagues, ACTIVE, method="POST", data=asked,
        event="deputies.create", elsewhere=True,
    ),
    Row("workbench:deputies-record", deputyship(), READERS | SELVES),
    Row("workbench:deputies-do", deputyship("do/end/"), MANAGERS | SELVES),
    act("deputies", deputyship("do/end/"), "end", "deputies.end", MANAGERS | SELVES),
    Row("workbench:handovers", lambda t: "/workbench/handovers/", EVERYONE, elsewhere=True),
    Row("workbench:handovers-new", lambda t: "/workbench/handovers/new/", MANAGERS, elsewhere=True),
    Row(
        "workbench:handovers-new", listing, MANAGERS, method="POST", data=listed,
        event="handovers.create",
    ),
    Row("workbench:handovers-record", handover(), READERS | SELVES),
    act("handovers", handover("do/hand/"), "hand", "handovers.sign", frozenset({"drafter"})),
    act("handovers", handover("do/hand_for/"), "hand_for", "handovers.sign", MANAGERS),
    act("handovers", handover("do/receive/", handed=True), "receive", "handovers.receive", frozenset({"reviewer"})),
    act("handovers", handover("do/void/"), "void", "handovers.void", MANAGERS | SELVES),
)  # fmt: skip
