"""分解项的拆、并和期限核定：读出的方案由监督员校正。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.services import refresh

from .intake import assign
from .models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    DueBasis,
    ProgressReport,
    UnitGroup,
)

ADDED = "监督员补充"
"""补上的单位在“方案里的写法”一栏记的话。"""


@dataclass(frozen=True)
class Piece:
    """拆出的一项：要求、期限、归哪些单位（为空则归原来全部单位）。"""

    text: str
    due_on: date | None = None
    organisations: tuple[Organisation, ...] = ()


def split_deliverable(
    deliverable: Deliverable, pieces: Sequence[Piece], *, actor: Actor, reason: str
) -> list[Deliverable]:
    """把一个分解项拆成几项；牵头单位每项都有。已有报送的不能拆。"""
    with transaction.atomic():
        _check_recut([deliverable], actor, reason)
        if len(pieces) < 2 or not all(piece.text.strip() for piece in pieces):
            raise Refused(["请写明拆成哪几项，至少两项，每项都要有内容。"])
        return [_recut([deliverable], piece, actor, reason) for piece in pieces]


def merge_deliverables(
    deliverables: Sequence[Deliverable], piece: Piece, *, actor: Actor, reason: str
) -> Deliverable:
    """把同一任务的几个分解项并成一项。已有报送的不能并。"""
    with transaction.atomic():
        _check_recut(deliverables, actor, reason)
        if len({d.task_id for d in deliverables}) != 1 or len(deliverables) < 2:
            raise Refused(["只能合并同一项任务里的两个以上分解项。"])
        return _recut(deliverables, piece, actor, reason)


def add_units(
    deliverable: Deliverable,
    organisations: Sequence[Organisation],
    *,
    role: str,
    actor: Actor,
    reason: str,
) -> list[DeliverableAssignment]:
    """给分解项补上单位（方案没有写明，或漏读的），每个单位得一份；已有的跳过。须写明理由。"""
    with transaction.atomic():
        plan = plan_of(deliverable)
        check_supervises(plan, actor)
        reasons = [] if reason.strip() else ["补上单位须写明理由。"]
        if not organisations:
            reasons.append("请选定单位。")
        if reasons:
            raise Refused(reasons)
        taken = set(deliverable.assignments.values_list("organisation_id", flat=True))
        made = assign(deliverable, role, ADDED, organisations, taken, actor=actor)
        record_event(
            "plans.deliverable.add_units",
            actor=actor,
            target=deliverable,
            public={"role": role, "units": [str(share.organisation) for share in made]},
            note=reason,
        )
        refresh(plan.data_key)
        return made


def redate_deliverable(
    deliverable: Deliverable, due_on: date | None, *, actor: Actor, reason: str
) -> None:
    """监督员核定分解项的期限，须写明理由。"""
    with transaction.atomic():
        plan = plan_of(deliverable)
        check_supervises(plan, actor)
        if not reason.strip():
            raise Refused(["核定期限须写明理由。"])
        old = deliverable.due_on
        deliverable.due_on = due_on
        deliverable.due_basis = DueBasis.SUPERVISOR if due_on else DueBasis.NONE
        deliverable.save()
        record_event(
            "plans.deliverable.redate",
            actor=actor,
            target=deliverable,
            public={
                "from": old.isoformat() if old else None,
                "to": due_on.isoformat() if due_on else None,
            },
            note=reason,
        )
        refresh(plan.data_key)


def plan_of(record: DeliverableAssignment | UnitGroup | Deliverable) -> ActionPlan:
    """所属的方案。"""
    deliverable = record if isinstance(record, Deliverable) else record.deliverable
    return deliverable.task.plan


def check_supervises(plan: ActionPlan, actor: Actor) -> None:
    """不是这个方案的监督员、方案不在执行时，抛出 ``OutOfScope`` 或 ``Refused``。"""
    if not ActionPlan.policy.visible(actor).filter(pk=plan.pk).exists():
        raise OutOfScope
    reasons = []
    if actor.role != "supervisor" or not actor.covers(plan.organisation_id, plan.organisation.path):
        reasons.append("只有监督这个方案的机构的监督员可以办理。")
    if plan.state != plan.lifecycle.initial:
        reasons.append("方案已经结项，不能再办理；确有需要，请先重新启动方案。")
    if reasons:
        raise Refused(reasons)


def _check_recut(deliverables: Sequence[Deliverable], actor: Actor, reason: str) -> None:
    if not deliverables:
        raise Refused(["请选定分解项。"])
    check_supervises(plan_of(deliverables[0]), actor)
    reasons = [] if reason.strip() else ["拆分、合并分解项须写明理由。"]
    for deliverable in deliverables:
        if deliverable.retired_at:
            reasons.append(f"“{deliverable}”已经拆分或合并过。")
        elif ProgressReport.objects.filter(assignment__deliverable=deliverable).exists():
            reasons.append(f"“{deliverable}”已有单位报送，不能再拆分或合并。")
    if reasons:
        raise Refused(reasons)


def _recut(olds: Sequence[Deliverable], piece: Piece, actor: Actor, reason: str) -> Deliverable:
    task = olds[0].task
    made = Deliverable.objects.create(
        task=task,
        position=task.deliverables.count() + 1,
        text=piece.text.strip(),
        due_on=piece.due_on,
        due_basis=DueBasis.SUPERVISOR if piece.due_on else DueBasis.NONE,
    )
    chosen = {o.pk for o in piece.organisations}
    taken: set[int] = set()
    old_shares = (
        DeliverableAssignment.objects.filter(deliverable__in=olds)
        .select_related("organisation")
        .order_by("-role", "pk")
    )
    for share in old_shares:
        if not chosen or share.role == "lead" or share.organisation_id in chosen:
            assign(made, share.role, share.phrase, [share.organisation], taken, actor=actor)
    for group in UnitGroup.objects.filter(deliverable__in=olds, settled_at__isnull=True):
        copied, is_new = UnitGroup.objects.get_or_create(
            deliverable=made,
            role=group.role,
            phrase=group.phrase,
            defaults={"is_unresolved": group.is_unresolved},
        )
        if is_new:
            copied.candidates.set(group.candidates.all())
    now = timezone.now()
    for old in olds:
        old.retired_at = now
        old.save(update_fields=["retired_at"])
    record_event(
        "plans.deliverable.recut",
        actor=actor,
        target=made,
        public={"from": [str(old) for old in olds], "to": made.text},
        note=reason,
    )
    refresh(task.plan.data_key)
    return made
