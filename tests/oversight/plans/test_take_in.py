"""收下方案：各单位各得一份，八个县是八份；没有说尽的等监督员指明。"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.services import load_organisations
from yangguang.oversight.plans.models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    Recurrence,
    Task,
    UnitGroup,
)
from yangguang.oversight.plans.rules import parse_plan
from yangguang.oversight.plans.services import fill_group, take_in_plan

from .conftest import COUNTIES, SMALL_PLAN

LINXIA = Path(settings.DATA_ROOT) / "linxia"


def _units(deliverable: Deliverable, role: str) -> list[str]:
    rows = deliverable.assignments.filter(role=role).order_by("pk")
    return [row.organisation.short_name for row in rows]


def test_the_eight_counties_are_eight_shares(plan: ActionPlan) -> None:
    dated = Deliverable.objects.get(task__plan=plan, phrase="6月底前", due_basis="own")
    assert _units(dated, "implementing") == ["州甲局", *COUNTIES]
    assert _units(dated, "lead") == ["州政府办公室"]


def test_a_deadline_already_past_when_the_plan_was_issued_is_kept_and_marked(
    plan: ActionPlan,
) -> None:
    past = Deliverable.objects.get(task__plan=plan, due_on=date(2022, 2, 28))
    assert past.precedes_plan
    assert not Deliverable.objects.get(phrase="6月底前", due_basis="own").precedes_plan


def test_recurring_demands_are_kept(plan: ActionPlan) -> None:
    assert list(Recurrence.objects.values_list("task__number", "phrase")) == [
        ("2", "全年至少组织2次")
    ]


def test_what_the_plan_leaves_open_waits_for_the_supervisor(plan: ActionPlan) -> None:
    groups = {g.phrase: g for g in UnitGroup.objects.waiting()}
    assert set(groups) == {"州政府有关部门", "州丙中心"}
    assert not groups["州政府有关部门"].is_unresolved
    assert groups["州丙中心"].is_unresolved


def test_the_supervisor_fills_an_open_group(
    plan: ActionPlan, directory: dict[str, Organisation], supervisor: Actor
) -> None:
    group = UnitGroup.objects.get(phrase="州政府有关部门")
    made = fill_group(group, [directory["州甲局"], directory["州乙局"]], key="d1", actor=supervisor)
    assert [share.organisation.short_name for share in made] == ["州甲局", "州乙局"]
    group.refresh_from_db()
    assert group.settled_by_id == supervisor.user_id
    with pytest.raises(Refused, match="已经指明过"):
        fill_group(group, [directory["金县"]], key="d2", actor=supervisor)


def test_only_the_supervisor_of_the_plan_fills_a_group(
    plan: ActionPlan, directory: dict[str, Organisation], act: Callable[..., Actor]
) -> None:
    group = UnitGroup.objects.get(phrase="州政府有关部门")
    with pytest.raises(Refused):
        fill_group(group, [directory["州甲局"]], key="d3", actor=act("supervisor", "州政府办公室"))
    assert UnitGroup.objects.waiting().filter(pk=group.pk).exists()


def test_the_same_key_takes_the_plan_in_once(
    plan: ActionPlan, directory: dict[str, Organisation], supervisor: Actor
) -> None:
    before = (Task.objects.count(), DeliverableAssignment.objects.count())
    again = take_in_plan(
        parse_plan(SMALL_PLAN),
        organisation=directory["州政府"],
        actor=supervisor,
        key="small-plan",
    )
    assert again == plan
    assert (Task.objects.count(), DeliverableAssignment.objects.count()) == before


def test_taking_in_is_in_the_audit(plan: ActionPlan, supervisor: Actor) -> None:
    event = AuditEvent.objects.get(action="plans.take_in")
    assert event.user_id == supervisor.user_id
    assert event.public["tasks"] == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("通知\n各单位：请报名。", "没有读到任务"),
        (SMALL_PLAN.replace("6月底前", "6月31日前"), "不是日历上有的日期"),
        (SMALL_PLAN.replace("\n2.", "\n1."), "编号重复"),
    ],
)
def test_a_faulty_plan_is_refused_and_nothing_stays(
    text: str, reason: str, directory: dict[str, Organisation], supervisor: Actor
) -> None:
    with pytest.raises(Refused, match=reason):
        take_in_plan(
            parse_plan(text),
            organisation=directory["州政府"],
            actor=supervisor,
            key="faulty",
            title="某方案",
        )
    assert not ActionPlan.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="plans").exists()


@pytest.mark.parametrize(("role", "unit"), [("approver", "州政府"), ("supervisor", "州甲局")])
def test_only_a_supervisor_of_the_organisation_takes_a_plan_in(
    role: str, unit: str, directory: dict[str, Organisation], act: Callable[..., Actor]
) -> None:
    with pytest.raises(Refused):
        take_in_plan(
            parse_plan(SMALL_PLAN),
            organisation=directory["州政府"],
            actor=act(role, unit),
            key="x",
        )
    assert not ActionPlan.objects.exists()


@pytest.mark.django_db
def test_the_plan_of_linxia_becomes_43_tasks_with_known_units() -> None:
    load_organisations(LINXIA)
    prefecture = Organisation.objects.get(code="linxia")
    user = User.objects.create_user("supervisor", "监督员")
    post = RoleAssignment.objects.create(
        user=user,
        organisation=prefecture,
        role="supervisor",
        valid_from=date(2020, 1, 1),
        includes_subtree=True,
    )
    actor = Actor(user.pk, "监督员", post.pk, "supervisor", prefecture.pk, prefecture.path, True)
    plan = take_in_plan(
        parse_plan((LINXIA / "linxia-2020-81.txt").read_text(encoding="utf-8")),
        organisation=prefecture,
        actor=actor,
        key="linxia-81",
    )
    assert plan.tasks.count() == 43
    assert Task.objects.get(plan=plan, number="27").deliverables.count() == 5
    assert not UnitGroup.objects.filter(is_unresolved=True).exists()
    assert set(UnitGroup.objects.values_list("phrase", flat=True)) == {
        "各乡镇（街道）",
        "州政府有关部门",
        "州政府各有关部门",
        "州政府各相关部门",
        "省属在临有关单位",
        "州应对新冠肺炎疫情工作总指挥部各成员单位",
        "州级各医疗卫生机构",
        "直属事业单位",
    }
    named = Deliverable.objects.get(task__plan=plan, phrase="9月底前", due_basis="own")
    counties = named.assignments.filter(phrase="各县市人民政府")
    assert sorted(s.organisation.division_code for s in counties) == [
        str(code) for code in (622901, *range(622921, 622928))
    ]
    assert Deliverable.objects.filter(precedes_plan=True).count() == 1
