"""报送、核实、退回、改派、拆并、结项：表里许可的才做得成，做成的都有记录。"""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import KeyTaken, OutOfScope, Refused, perform_all
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.models import Change
from yangguang.oversight.plans import selectors
from yangguang.oversight.plans.models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    ProgressReport,
    UnitGroup,
)
from yangguang.oversight.plans.services import (
    Piece,
    add_units,
    close_plan,
    confirm,
    fill_group,
    merge_deliverables,
    name_contact,
    read_plan,
    reassign,
    redate_deliverable,
    reopen_share,
    report,
    send_back,
    split_deliverable,
    take_in_plan,
)
from yangguang.oversight.plans.workbook import ledger

JUNE = date(2022, 6, 30)
Act = Callable[..., Actor]


def _share(unit: str, phrase: str = "6月底前") -> DeliverableAssignment:
    return DeliverableAssignment.objects.get(
        organisation__short_name=unit, deliverable__phrase=phrase, deliverable__due_basis="own"
    )


def _report(share: DeliverableAssignment, act: Act, key: str = "r1", **changes: object) -> None:
    details = {
        "text": "网站已建成。",
        "is_completion": True,
        "no_evidence": "内部系统，没有公开页面。",
        "reported_on": JUNE,
        "source": "州政府办公室督办台账",
        **changes,
    }
    report(share, actor=act("approver", share.organisation.short_name), key=key, **details)


def _refreshes(plan: ActionPlan) -> int:
    return Change.objects.filter(action="refresh", key=plan.data_key).count()


def _standing(plan: ActionPlan, share: DeliverableAssignment, as_of: date) -> str:
    listed = {s.pk: s for s in selectors.plan_shares(plan, as_of=as_of)}
    return listed[share.pk].standing


def test_a_unit_reports_and_the_supervisor_confirms(
    plan: ActionPlan, act: Act, supervisor: Actor
) -> None:
    share = _share("州甲局")
    before = _refreshes(plan)
    _report(share, act)
    assert share.state == "reported"
    confirm(share, actor=supervisor, key="c1")
    assert share.state == "completed"
    assert share.reports.get().is_confirmed
    assert _refreshes(plan) == before + 2
    today = timezone.localdate()
    assert _standing(plan, share, today) == "completed_on_time"
    assert _standing(plan, share, JUNE + timedelta(days=1)) == "in_progress"
    assert _standing(plan, share, JUNE) == "in_progress"


def test_the_same_key_reports_and_confirms_once(
    plan: ActionPlan, act: Act, supervisor: Actor
) -> None:
    share = _share("州甲局")
    _report(share, act)
    _report(share, act)
    assert share.reports.count() == 1
    confirm(share, actor=supervisor, key="c1")
    before = _refreshes(plan)
    confirm(share, actor=supervisor, key="c1")
    assert _refreshes(plan) == before


def test_a_key_of_another_share_or_another_person_reports_nothing(
    plan: ActionPlan, act: Act
) -> None:
    first, second = _share("州甲局"), _share("州政府办公室")
    _report(first, act)
    with pytest.raises(KeyTaken):
        _report(second, act)
    with pytest.raises(KeyTaken):
        _report(first, act, is_completion=False)
    with pytest.raises(KeyTaken):
        report(first, actor=act("approver", "州政府办公室"), key="r1", text="", is_completion=True)
    assert ProgressReport.objects.count() == 1


def test_a_key_that_settled_one_place_of_the_plan_does_not_settle_another(
    plan: ActionPlan, supervisor: Actor
) -> None:
    first, second = Deliverable.objects.filter(task__plan=plan).order_by("pk")[:2]
    redate_deliverable(first, JUNE, key="d", actor=supervisor, reason="核定")
    with pytest.raises(KeyTaken):
        redate_deliverable(second, JUNE, key="d", actor=supervisor, reason="核定")


def test_a_plan_is_not_handed_to_another_person_by_the_key_that_took_it_in(
    plan: ActionPlan, act: Act
) -> None:
    other = act("supervisor", plan.organisation.short_name, person="another-supervisor")
    with pytest.raises(KeyTaken):
        take_in_plan(
            read_plan("方案"), organisation=plan.organisation, actor=other, key=plan.idempotency_key
        )


def test_a_returned_report_counts_from_the_new_report(
    plan: ActionPlan, act: Act, supervisor: Actor
) -> None:
    share = _share("州甲局")
    _report(share, act)
    send_back(share, actor=supervisor, key="b1", message="请补充栏目清单。")
    assert (share.state, share.reported_on) == ("in_progress", None)
    _report(share, act, key="r2", reported_on=JUNE + timedelta(days=5))
    confirm(share, actor=supervisor, key="c1")
    assert _standing(plan, share, timezone.localdate()) == "completed_late"
    assert [r.is_confirmed for r in share.reports.order_by("pk")] == [False, True]


def test_progress_does_not_change_the_state(plan: ActionPlan, act: Act) -> None:
    share = _share("州甲局")
    _report(share, act, is_completion=False, no_evidence="")
    assert share.state == "in_progress"
    assert share.reports.get().is_completion is False
    assert TransitionRecord.objects.filter(event="progress", object_id=share.pk).exists()


def test_a_refused_report_leaves_nothing(plan: ActionPlan, act: Act) -> None:
    share = _share("州甲局")
    with pytest.raises(Refused) as refused:
        _report(share, act, text="", no_evidence="", source="")
    assert len(refused.value.reasons) == 3
    assert not share.reports.exists()
    share.refresh_from_db()
    assert share.state == "in_progress"


def test_another_unit_neither_sees_nor_reports_the_share(plan: ActionPlan, act: Act) -> None:
    share = _share("州甲局")
    with pytest.raises(OutOfScope):
        report(share, actor=act("approver", "金县"), key="x", text="代报", is_completion=False)
    with pytest.raises(OutOfScope):
        name_contact(share, actor=act("drafter", "金县"), leader_post="副县长", contact="")


def test_the_lead_sees_the_shares_it_leads_but_does_not_report_for_them(
    plan: ActionPlan, act: Act
) -> None:
    share = _share("州甲局")
    lead = act("approver", "州政府办公室")
    assert DeliverableAssignment.policy.visible(lead).filter(pk=share.pk).exists()
    with pytest.raises(Refused, match="只能由承担任务的单位"):
        report(share, actor=lead, key="x", text="代报", is_completion=False)


def test_a_unit_names_the_post_of_its_leader(plan: ActionPlan, act: Act) -> None:
    share = _share("州甲局")
    name_contact(
        share, actor=act("drafter", "州甲局"), leader_post="分管副局长", contact="0930-0000000"
    )
    share.refresh_from_db()
    assert share.leader_post == "分管副局长"
    assert share.state == "in_progress"


def test_a_share_is_given_to_another_unit_with_a_reason(
    plan: ActionPlan, act: Act, supervisor: Actor, directory: dict[str, Organisation]
) -> None:
    share = _share("州甲局")
    with pytest.raises(Refused, match="已有一份"):
        reassign(share, directory["金县"], actor=supervisor, key="m0", message="职责划转")
    with pytest.raises(Refused, match="须写明理由"):
        reassign(share, directory["州乙局"], actor=supervisor, key="m1", message="")
    reassign(share, directory["州乙局"], actor=supervisor, key="m2", message="职责划转")
    assert share.organisation == directory["州乙局"]


def test_a_unit_whose_share_went_to_another_can_be_given_one_again(
    plan: ActionPlan, supervisor: Actor, directory: dict[str, Organisation]
) -> None:
    share = _share("州甲局")
    reassign(share, directory["州乙局"], actor=supervisor, key="m1", message="职责划转")
    (again,) = add_units(
        share.deliverable, [directory["州甲局"]], role="implementing", actor=supervisor,
        key="m2", reason="仍须配合",
    )  # fmt: skip
    assert again.pk != share.pk and again.organisation == directory["州甲局"]


def test_nobody_writes_a_state_outside_the_table(plan: ActionPlan) -> None:
    share = _share("州甲局")
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliverableAssignment.objects.filter(pk=share.pk).update(state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliverableAssignment.objects.filter(pk=share.pk).update(state="completed")


def test_a_deliverable_is_split_and_the_lead_has_a_share_of_each(
    plan: ActionPlan, supervisor: Actor, directory: dict[str, Organisation]
) -> None:
    old = _share("州甲局").deliverable
    first, second = split_deliverable(
        old,
        [
            Piece("州甲局网站完成平台建设", JUNE, (directory["州甲局"],)),
            Piece("各县市政府网站完成平台建设", date(2022, 7, 31)),
        ],
        key="d1",
        actor=supervisor,
        reason="进度不同，分开督办。",
    )
    assert [s.organisation.short_name for s in first.assignments.order_by("pk")] == [
        "州政府办公室", "州甲局",
    ]  # fmt: skip
    assert second.assignments.count() == 10
    listed = selectors.plan_shares(plan, as_of=JUNE)
    assert old.pk not in {s.deliverable_id for s in listed}


def test_deliverables_are_merged_within_one_task(plan: ActionPlan, supervisor: Actor) -> None:
    olds = list(Deliverable.objects.filter(task__plan=plan, task__number="1"))
    merged = merge_deliverables(
        olds, Piece("完成平台建设", JUNE), key="d2", actor=supervisor, reason="一并督办。"
    )
    units = [s.organisation.short_name for s in merged.assignments.all()]
    assert len(units) == len(set(units)) == 11
    assert {s.deliverable_id for s in selectors.plan_shares(plan, as_of=JUNE) if s.task_number == "1"} == {merged.pk}  # fmt: skip


def test_what_has_a_report_is_not_cut_again(plan: ActionPlan, act: Act, supervisor: Actor) -> None:
    share = _share("州甲局")
    _report(share, act)
    with pytest.raises(Refused, match="已有单位报送"):
        split_deliverable(
            share.deliverable, [Piece("甲"), Piece("乙")], key="d3", actor=supervisor, reason="分开"
        )


def test_the_supervisor_adds_a_unit_that_the_plan_did_not_name(
    plan: ActionPlan, supervisor: Actor, directory: dict[str, Organisation]
) -> None:
    bare = Deliverable.objects.get(task__plan=plan, due_on=date(2022, 2, 28))
    units = [directory["州甲局"], directory["州政府办公室"]]
    with pytest.raises(Refused, match="须写明理由"):
        add_units(bare, units, role="implementing", key="d4", actor=supervisor, reason="")
    (made,) = add_units(
        bare, units, role="implementing", key="d5", actor=supervisor, reason="由该局承建。"
    )
    assert (made.organisation, made.state) == (directory["州甲局"], "in_progress")


def test_the_supervisor_settles_a_date_with_a_reason(plan: ActionPlan, supervisor: Actor) -> None:
    inherited = Deliverable.objects.get(task__plan=plan, due_basis="sentence")
    with pytest.raises(Refused, match="须写明理由"):
        redate_deliverable(inherited, None, key="d6", actor=supervisor, reason="")
    redate_deliverable(
        inherited,
        date(2022, 8, 31),
        key="d7",
        actor=supervisor,
        reason="原文没有给出期限，经会商核定。",
    )
    inherited.refresh_from_db()
    assert (inherited.due_on, inherited.due_basis) == (date(2022, 8, 31), "supervisor")


def test_a_plan_with_open_shares_is_not_closed_and_every_one_is_named(
    plan: ActionPlan, supervisor: Actor
) -> None:
    with pytest.raises(Refused) as refused:
        close_plan(plan, actor=supervisor, key="close")
    open_shares = DeliverableAssignment.objects.filter(state="in_progress").count()
    waiting = UnitGroup.objects.waiting().count()
    assert len(refused.value.reasons) == open_shares + waiting
    assert "第1项 州甲局：进行中，请先核实完成，或写明结项理由。" in refused.value.reasons
    assert any("“州政府有关部门”尚未指明" in reason for reason in refused.value.reasons)
    plan.refresh_from_db()
    assert plan.state == "active"


def test_a_plan_is_closed_when_every_open_share_has_a_reason(
    plan: ActionPlan, act: Act, supervisor: Actor
) -> None:
    done = _share("州甲局")
    _report(done, act)
    confirm(done, actor=supervisor, key="c1")
    reasons = {
        share.pk: "转入日常工作。" for share in DeliverableAssignment.objects.exclude(pk=done.pk)
    }
    waiting = {group.pk: "没有需要指明的单位。" for group in UnitGroup.objects.waiting()}
    short = dict(list(reasons.items())[1:])
    with pytest.raises(Refused) as refused:
        close_plan(plan, actor=supervisor, key="k0", reasons=short, group_reasons=waiting)
    assert len(refused.value.reasons) == 1
    for _ in range(2):
        close_plan(plan, actor=supervisor, key="k1", reasons=reasons, group_reasons=waiting)
    plan.refresh_from_db()
    assert plan.state == "closed"
    today = timezone.localdate()
    standings = {s.standing for s in selectors.plan_shares(plan, as_of=today)}
    assert standings == {"closed", "completed_on_time"}
    assert selectors.figures(plan, as_of=today)["is_closed"]
    other = _share("金县")
    with pytest.raises(Refused, match="方案已经结项"):
        reopen_share(other, actor=supervisor, key="o1", message="再办")


def test_the_workbook_holds_every_share_and_the_state_of_the_day(
    plan: ActionPlan, act: Act, supervisor: Actor, directory: dict[str, Organisation]
) -> None:
    fill_group(
        UnitGroup.objects.get(phrase="州政府有关部门"),
        [directory["州甲局"]],
        key="d8",
        actor=supervisor,
    )
    share = _share("州甲局")
    _report(share, act)
    confirm(share, actor=supervisor, key="c1")
    book = load_workbook(BytesIO(ledger(plan, as_of=timezone.localdate())))
    assert book.sheetnames == ["分解任务", "任务汇总", "单位汇总", "待指明的单位", "说明"]
    head, *lines = list(book["分解任务"].iter_rows(values_only=True))
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    assert len(rows) == DeliverableAssignment.objects.count()
    (mine,) = [r for r in rows if r["单位"] == "州甲局" and r["编号"] == "1"]
    assert mine["状况"] == "按期完成"
    assert mine["期限"].date() == JUNE
    assert mine["报送完成之日"].date() == JUNE
    assert {r["单位"] for r in rows if r["方案里的写法"] == "各县市人民政府"} >= {"金县", "锌县"}
    waiting = list(book["待指明的单位"].iter_rows(min_row=2, values_only=True))
    assert [line[3] for line in waiting] == ["州丙中心"]


def test_a_batch_is_done_whole_or_not_at_all(plan: ActionPlan, act: Act, supervisor: Actor) -> None:
    done = _share("州甲局")
    _report(done, act)
    confirm(done, actor=supervisor, key="c1")
    shares = list(DeliverableAssignment.objects.all())
    reasons = {share.pk: "转入日常工作。" for share in shares}
    given = {pk: {"reason": reason} for pk, reason in reasons.items()}
    with pytest.raises(Refused) as refused:
        perform_all(shares, "close", actor=supervisor, key="all", messages=reasons, inputs=given)
    (reason,) = refused.value.reasons
    assert reason.startswith("第1项 州甲局：“已完成”时不能未完成结项")
    assert not DeliverableAssignment.objects.filter(state="closed").exists()
    with pytest.raises(OutOfScope):
        perform_all(shares, "close", actor=act("approver", "金县"), key="x", messages=reasons)
    rest = [share for share in shares if share.pk != done.pk]
    rows = perform_all(rest, "close", actor=supervisor, key="all", messages=reasons, inputs=given)
    assert [row.object_id for row in rows] == sorted(share.pk for share in rest)
    assert DeliverableAssignment.objects.filter(state="closed").count() == len(rest)


def test_the_queries_of_a_batch_grow_by_three_a_record(
    plan: ActionPlan, supervisor: Actor, django_assert_num_queries: Callable
) -> None:
    shares = [_share("金县"), _share("银县"), _share("铜县")]
    for count, batch in ((10, shares[:1]), (13, shares[1:])):
        reasons = {share.pk: "转入日常工作。" for share in batch}
        with django_assert_num_queries(count):
            perform_all(
                batch, "close", actor=supervisor, key=f"b{count}", messages=reasons,
                inputs={pk: {"reason": r} for pk, r in reasons.items()},
            )  # fmt: skip
