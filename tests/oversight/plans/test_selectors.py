"""截至哪一天：到期、逾期、合计随日子走；查询次数钉住。"""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.publications.data import compute
from yangguang.oversight.plans import selectors
from yangguang.oversight.plans.models import ActionPlan, Deliverable, DeliverableAssignment
from yangguang.oversight.plans.rules import STANDINGS
from yangguang.oversight.plans.services import Piece, merge_deliverables
from yangguang.oversight.plans.workbook import ledger

from .conftest import COUNTIES

ALL = DeliverableAssignment.objects.all


def test_as_the_day_moves_on_what_was_due_soon_is_overdue(plan: ActionPlan) -> None:
    june = date(2022, 6, 30)
    soon = {s.unit for s in selectors.due_soon(ALL(), as_of=date(2022, 6, 1))}
    assert soon == {"州政府办公室", "州甲局", "州乙局", *COUNTIES}
    assert selectors.due_soon(ALL(), as_of=date(2022, 5, 1)) == []
    assert {s.unit for s in selectors.overdue(ALL(), as_of=june)} == {"州政府办公室"}
    late = selectors.overdue(ALL(), as_of=date(2022, 7, 1))
    assert {s.unit for s in late} == {"州政府办公室", "州甲局", "州乙局", *COUNTIES}
    assert [s.due_on for s in late] == sorted(s.due_on for s in late)
    assert selectors.due_soon(ALL(), as_of=date(2022, 7, 1)) == []


def test_a_unit_sees_what_it_owes(plan: ActionPlan, act: Callable[..., Actor]) -> None:
    visible = DeliverableAssignment.policy.visible(act("drafter", "金县"))
    (mine,) = selectors.overdue(visible, as_of=date(2022, 7, 1))
    assert (mine.unit, mine.task_number, mine.days_left) == ("金县", "1", -1)


def test_lists_and_totals_agree(plan: ActionPlan) -> None:
    for day in (date(2022, 1, 1), date(2022, 6, 30), date(2022, 7, 1)):
        data = selectors.figures(plan, as_of=day)
        late = selectors.overdue(ALL(), as_of=day)
        assert data["totals"]["shares"]["due_passed"] == len(late)
        assert sum(data["totals"]["shares"].values()) == DeliverableAssignment.objects.count()
        assert sum(data["totals"]["tasks"].values()) == 2
        assert sum(u["counts"]["due_passed"] for u in data["units"]) == len(late)


def test_what_was_merged_away_is_counted_nowhere(plan: ActionPlan, supervisor: Actor) -> None:
    olds = list(Deliverable.objects.filter(task__plan=plan, task__number="1"))
    merged = merge_deliverables(
        olds,
        Piece("完成平台建设", date(2022, 6, 30)),
        key="d1",
        actor=supervisor,
        reason="一并督办。",
    )
    day = date(2022, 7, 1)
    first, _ = selectors.figures(plan, as_of=day)["tasks"]
    assert [d["id"] for d in first["deliverables"]] == [merged.pk]
    assert first["counts"]["due_passed"] == 11 == len(selectors.overdue(ALL(), as_of=day))


def test_the_lead_answers_for_every_share_of_its_deliverables(plan: ActionPlan) -> None:
    (office,) = selectors.by_lead(plan, as_of=date(2022, 7, 1))
    assert office.name == "州政府办公室"
    assert office.total == DeliverableAssignment.objects.count()


def test_the_figures_are_read_by_their_key(plan: ActionPlan) -> None:
    data = compute(plan.data_key, date(2022, 7, 1))
    assert data["as_of"] == "2022-07-01"
    assert [(row["number"], row["standing"]) for row in data["tasks"]] == [
        ("1", "due_passed"),
        ("2", "in_progress"),
    ]
    assert data["tasks"][1]["waiting_groups"] == 2


@pytest.mark.parametrize(
    ("read", "queries"),
    [
        (lambda plan, day: selectors.plan_shares(plan, as_of=day), 1),
        (lambda plan, day: selectors.overdue(ALL(), as_of=day), 1),
        (lambda plan, day: selectors.due_soon(ALL(), as_of=day), 1),
        (lambda plan, day: selectors.by_lead(plan, as_of=day), 1),
        (lambda plan, day: selectors.figures(plan, as_of=day), 3),
        (lambda plan, day: selectors.figures_of(plan.data_key, day), 4),
        (lambda plan, day: selectors.waiting_groups(plan), 2),
        (lambda plan, day: ledger(plan, as_of=day), 6),
    ],
)
def test_the_number_of_queries_does_not_grow(
    read: Callable, queries: int, plan: ActionPlan, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(queries):
        read(plan, date(2022, 7, 1))


def test_the_standing_that_lists_filter_by_is_the_standing_of_the_rules(plan: ActionPlan) -> None:
    """一份分工的四个日期取遍先后，库里算的和规则算的都一样。"""
    share = DeliverableAssignment.objects.filter(deliverable__due_on__isnull=False).first()
    assert share is not None
    days = [None, date(2022, 6, 29), date(2022, 6, 30), date(2022, 7, 1)]
    as_of = date(2022, 6, 30)
    found = set()
    for due, reported, confirmed, closed in product(days, repeat=4):
        Deliverable.objects.filter(pk=share.deliverable_id).update(
            due_on=due, due_basis="own" if due else ""
        )
        ALL().filter(pk=share.pk).update(
            reported_on=reported, confirmed_on=confirmed, closed_on=closed
        )
        row = ALL().select_related("deliverable").with_standing(as_of).get(pk=share.pk)
        assert row.standing_code == row.standing(as_of), (due, reported, confirmed, closed)
        found.add(row.standing_code)
    assert found == set(STANDINGS)
