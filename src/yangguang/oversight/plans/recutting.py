"""分解项的拆、并和期限核定：读出的方案由监督员校正。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation

from .intake import assign
from .ledger import decide, renew_ledger
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
    deliverable: Deliverable, pieces: Sequence[Piece], *, actor: Actor, key: str, reason: str
) -> list[Deliverable]:
    """把一个分解项拆成几项；牵头单位每项都有。已有报送的不能拆，须写明理由。

    同一 ``key`` 只拆一次，再来返回空。
    """
    with transaction.atomic():
        plan = lock_plan(deliverable)
        faults = _cut_before([deliverable])
        if len(pieces) < 2 or not all(piece.text.strip() for piece in pieces):
            faults.append("请写明拆成哪几项，至少两项，每项都要有内容。")
        if not decide(
            plan, "split", actor=actor, key=key, subject=_where([deliverable]), reason=reason,
            faults=faults,
        ):  # fmt: skip
            return []
        made = [_recut([deliverable], piece, actor, reason) for piece in pieces]
        public = f"第{deliverable.task.number}项的分解项拆分：{reason}"
        renew_ledger(plan, actor=actor, reason=public, key=key)
        return made


def merge_deliverables(
    deliverables: Sequence[Deliverable], piece: Piece, *, actor: Actor, key: str, reason: str
) -> Deliverable | None:
    """把同一任务的几个分解项并成一项。已有报送的不能并，须写明理由。

    同一 ``key`` 只并一次，再来返回空。
    """
    if not deliverables:
        raise Refused(["请选定要合并的分解项。"])
    with transaction.atomic():
        plan = lock_plan(deliverables[0])
        faults = _cut_before(deliverables)
        if len({d.task_id for d in deliverables}) != 1 or len(deliverables) < 2:
            faults.append("只能合并同一项任务里的两个以上分解项。")
        if not piece.text.strip():
            faults.append("请写明合并之后的要求。")
        if not decide(
            plan, "merge", actor=actor, key=key, subject=_where(deliverables), reason=reason,
            faults=faults,
        ):  # fmt: skip
            return None
        made = _recut(deliverables, piece, actor, reason)
        public = f"第{made.task.number}项的分解项合并：{reason}"
        renew_ledger(plan, actor=actor, reason=public, key=key)
        return made


def add_units(
    deliverable: Deliverable,
    organisations: Sequence[Organisation],
    *,
    role: str,
    actor: Actor,
    key: str,
    reason: str,
) -> list[DeliverableAssignment]:
    """给分解项补上单位（方案没有写明，或漏读的），每个单位得一份；已有的跳过。须写明理由。

    同一 ``key`` 只补一次，再来返回空。
    """
    with transaction.atomic():
        plan = lock_plan(deliverable)
        taken = set(deliverable.assignments.values_list("organisation_id", flat=True))
        faults = [] if organisations else ["请选定单位。"]
        if organisations and all(unit.pk in taken for unit in organisations):
            faults.append("选定的单位在这个分解项里都已有一份。")
        if deliverable.retired_at:
            faults.append(f"“{deliverable}”已经拆分或合并过。")
        names = "、".join(str(unit) for unit in organisations)
        if not decide(
            plan, "add_units", actor=actor, key=key,
            subject=_where([deliverable]), change=f"补充{names}", reason=reason, faults=faults,
        ):  # fmt: skip
            return []
        made = assign(deliverable, role, ADDED, organisations, taken, actor=actor)
        record_event(
            "plans.deliverable.add_units",
            actor=actor,
            target=deliverable,
            public={"role": role, "units": [str(share.organisation) for share in made]},
            note=reason,
        )
        public = f"第{deliverable.task.number}项补充单位{names}：{reason}"
        renew_ledger(plan, actor=actor, reason=public, key=key)
        return made


def redate_deliverable(
    deliverable: Deliverable, due_on: date | None, *, actor: Actor, key: str, reason: str
) -> None:
    """监督员核定分解项的期限，须写明理由；``due_on`` 为空是没有期限。同一 ``key`` 只做一次。"""
    with transaction.atomic():
        plan = lock_plan(deliverable)
        old = deliverable.due_on
        basis = DueBasis.SUPERVISOR if due_on else DueBasis.NONE
        faults = []
        if (old, deliverable.due_basis) == (due_on, basis):
            faults.append("期限没有变化。")
        if deliverable.retired_at:
            faults.append(f"“{deliverable}”已经拆分或合并过。")
        told = f"由{old or '没有期限'}改为{due_on or '没有期限'}"
        if not decide(
            plan, "redate", actor=actor, key=key, subject=_where([deliverable]), change=told,
            reason=reason, faults=faults,
        ):  # fmt: skip
            return
        deliverable.due_on = due_on
        deliverable.due_basis = basis
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
        public = f"第{deliverable.task.number}项的一个期限{told}：{reason}"
        renew_ledger(plan, actor=actor, reason=public, key=key)


def plan_of(record: DeliverableAssignment | UnitGroup | Deliverable) -> ActionPlan:
    """所属的方案。"""
    deliverable = record if isinstance(record, Deliverable) else record.deliverable
    return deliverable.task.plan


def lock_plan(record: DeliverableAssignment | UnitGroup | Deliverable) -> ActionPlan:
    """锁住所属的方案，记录换成最新的：两个监督员同时办，后一个看到前一个的结果。"""
    plan = ActionPlan.objects.select_for_update(of=("self",)).get(pk=plan_of(record).pk)
    record.refresh_from_db()
    return plan


def _where(deliverables: Sequence[Deliverable]) -> str:
    """在经过里怎样称呼这几个分解项。"""
    texts = "”和“".join(str(d) for d in deliverables)
    return f"第{deliverables[0].task.number}项“{texts}”"


def _cut_before(deliverables: Sequence[Deliverable]) -> list[str]:
    faults = []
    for deliverable in deliverables:
        if deliverable.retired_at:
            faults.append(f"“{deliverable}”已经拆分或合并过。")
        elif ProgressReport.objects.filter(assignment__deliverable=deliverable).exists():
            faults.append(f"“{deliverable}”已有单位报送，不能再拆分或合并。")
    return faults


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
    return made
