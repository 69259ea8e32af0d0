"""方案落实的动作：报送、核实、退回、改派、指明单位、拆并分解项、结项。收下方案见 ``intake``。"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import (
    Classified,
    KeyTaken,
    OutOfScope,
    Refused,
    perform,
    perform_all,
)
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.refreshing import refresh

from .intake import assign, read_plan, take_in_plan
from .ledger import LEDGER_COLUMN, decide, is_done, publish_ledger, renew_ledger
from .models import (
    LEDGER,
    ActionPlan,
    DeliverableAssignment,
    Evidence,
    ProgressReport,
    UnitGroup,
)
from .recutting import (
    Piece,
    add_units,
    lock_plan,
    merge_deliverables,
    plan_of,
    redate_deliverable,
    split_deliverable,
)


def report(
    share: DeliverableAssignment,
    *,
    actor: Actor,
    key: str,
    text: str,
    is_completion: bool,
    evidence: Sequence[Publication] = (),
    no_evidence: str = "",
    reported_on: date | None = None,
    source: str = "",
) -> ProgressReport:
    """单位签发人签出一次报送：进展，或完成。

    ``reported_on`` 早于今天的是补录，须在 ``source`` 注明来源；审计里仍是真实时间。
    同一 ``key`` 只报一次，做过别的事的抛出 ``KeyTaken``。不能报送时抛出 ``Refused``，带上全部理由；带密级标志的抛出 ``Classified``。
    """
    with transaction.atomic():
        if earlier := ProgressReport.objects.filter(idempotency_key=key).first():
            done = (earlier.assignment_id, earlier.is_completion, earlier.signed_by_id)
            if done != (share.pk, is_completion, actor.user_id):
                raise KeyTaken
            return earlier
        if secret_mark(f"{text}\n{no_evidence}"):
            raise Classified
        today = timezone.localdate()
        day = reported_on or today
        perform(
            share,
            "report" if is_completion else "progress",
            actor=actor,
            key=key,
            message=text,
            inputs={
                "text": text,
                "reported_on": day,
                "today": today,
                "source": source,
                "evidence_count": len(evidence),
                "no_evidence": no_evidence,
                "unpublished": [
                    p.title for p in evidence if p.state != Publication.State.PUBLISHED
                ],
            },
        )
        written = ProgressReport.objects.create(
            assignment=share,
            is_completion=is_completion,
            text=text,
            no_evidence=no_evidence,
            reported_on=day,
            reported_on_source=source,
            signed_by_id=actor.user_id,
            signed_as_id=actor.assignment_id,
            signed_at=timezone.now(),
            idempotency_key=key,
        )
        Evidence.objects.bulk_create(
            Evidence(report=written, publication=p) for p in dict.fromkeys(evidence)
        )
        refresh(plan_of(share).data_key)
        return written


def confirm(
    share: DeliverableAssignment,
    *,
    actor: Actor,
    key: str,
    message: str = "",
    confirmed_on: date | None = None,
) -> None:
    """监督员核实完成。方案的任务台账已经公开的，随之成一个新版本，落实数据随之更新。

    ``confirmed_on`` 只用于补录。
    """
    with transaction.atomic():
        again = is_done(key)
        perform(
            share, "confirm", actor=actor, key=key, message=message,
            inputs={"confirmed_on": confirmed_on},
        )  # fmt: skip
        if again:
            return
        completion = share.reports.filter(is_completion=True).order_by("pk").last()
        if completion is not None:
            completion.is_confirmed = True
            completion.save(update_fields=["is_confirmed"])
        told = f"{share.organisation}报送的第{share.deliverable.task.number}项落实情况已核实。"
        renew_ledger(plan_of(share), actor=actor, reason=told, key=key)


def send_back(share: DeliverableAssignment, *, actor: Actor, key: str, message: str) -> None:
    """监督员退回报送，须写明意见。"""
    with transaction.atomic():
        perform(share, "return", actor=actor, key=key, message=message)
        refresh(plan_of(share).data_key)


def close_share(share: DeliverableAssignment, *, actor: Actor, key: str, reason: str) -> None:
    """未完成而说明理由结项。"""
    with transaction.atomic():
        perform(share, "close", actor=actor, key=key, message=reason, inputs={"reason": reason})
        refresh(plan_of(share).data_key)


def reopen_share(share: DeliverableAssignment, *, actor: Actor, key: str, message: str) -> None:
    """已完成或已结项的重新办理，须写明理由。"""
    with transaction.atomic():
        perform(share, "reopen", actor=actor, key=key, message=message)
        refresh(plan_of(share).data_key)


def reassign(
    share: DeliverableAssignment,
    organisation: Organisation,
    *,
    actor: Actor,
    key: str,
    message: str,
) -> None:
    """改由 ``organisation`` 承担，须写明理由；已有一份的单位不能再派。"""
    with transaction.atomic():
        again, old = is_done(key), share.organisation
        perform(
            share,
            "reassign",
            actor=actor,
            key=key,
            message=message,
            inputs={"organisation_id": organisation.pk},
        )
        if not again:
            number = share.deliverable.task.number
            told = f"第{number}项由{old}改派{organisation}：{message}"
            renew_ledger(plan_of(share), actor=actor, reason=told, key=key)


def name_contact(
    share: DeliverableAssignment, *, actor: Actor, leader_post: str, contact: str
) -> None:
    """单位填报负责同志的职务和联系电话；没有改动的不再记。"""
    with transaction.atomic():
        if not DeliverableAssignment.policy.visible(actor).filter(pk=share.pk).exists():
            raise OutOfScope
        if share.organisation_id != actor.organisation_id:
            raise Refused(["只能填报本单位的负责同志和联系电话。"])
        if not DeliverableAssignment.policy.may_create(actor):
            raise Refused(["您现在的身份不能填报负责同志和联系电话。"])
        named = (leader_post.strip(), contact.strip())
        if named == (share.leader_post, share.contact):
            return
        share.leader_post, share.contact = named
        share.save(update_fields=["leader_post", "contact", "updated_at"])
        record_event(
            "plans.share.contact", actor=actor, target=share, fields=("leader_post", "contact")
        )


def fill_group(
    group: UnitGroup,
    organisations: Sequence[Organisation],
    *,
    actor: Actor,
    key: str,
    throughout: bool = False,
    reason: str = "",
) -> list[DeliverableAssignment]:
    """指明“有关单位”是哪些单位，每个单位得一份；``throughout`` 表示方案里同样写法的一并指明。

    一个单位也不选的，须写明不再指明的理由。已经指明过的抛出 ``Refused``；同一 ``key`` 只做一次，
    再来返回空。
    """
    with transaction.atomic():
        plan = lock_plan(group)
        groups = UnitGroup.objects.waiting().select_related("deliverable__task")
        if throughout:
            groups = groups.filter(
                deliverable__task__plan=plan, phrase=group.phrase, role=group.role
            )
        else:
            groups = groups.filter(pk=group.pk)
        names = "、".join(str(unit) for unit in organisations)
        subject = f"全篇“{group.phrase}”" if throughout else str(group)
        told = f"指明为{names}" if names else "不再指明"
        if reason.strip():
            told += f"（{reason.strip()}）"
        faults = []
        if not organisations and not reason.strip():
            faults.append("请选定单位；确实不再指明的，请写明理由。")
        if group.settled_at:
            faults.append(f"{group}已经指明过，不能重复指明；要补上单位，请用“补充单位”。")
        if not decide(
            plan, "settle_group", actor=actor, key=key, subject=subject, reason=told,
            faults=faults,
        ):  # fmt: skip
            return []
        made: list[DeliverableAssignment] = []
        for waiting in groups:
            taken = set(waiting.deliverable.assignments.values_list("organisation_id", flat=True))
            made += assign(
                waiting.deliverable, waiting.role, waiting.phrase, organisations, taken, actor=actor
            )
            waiting.settled_at = timezone.now()
            waiting.settled_by_id = actor.user_id
            waiting.reason = reason
            waiting.save()
            record_event(
                "plans.group.settle",
                actor=actor,
                target=waiting,
                public={"phrase": waiting.phrase, "units": [str(o) for o in organisations]},
                note=reason,
            )
        renew_ledger(plan, actor=actor, reason=f"{subject}{told}", key=key)
        return made


def close_plan(
    plan: ActionPlan,
    *,
    actor: Actor,
    key: str,
    message: str = "",
    reasons: Mapping[int, str] | None = None,
    group_reasons: Mapping[int, str] | None = None,
) -> None:
    """方案结项。

    还有没完成的分解任务、没指明的单位时，须逐一写明理由（``reasons`` 按分解任务、
    ``group_reasons`` 按待指明单位），否则抛出 ``Refused``，一条一条列出。
    """
    with transaction.atomic():
        given, waiting = dict(reasons or {}), dict(group_reasons or {})
        again = is_done(key)
        perform(
            plan,
            "close",
            actor=actor,
            key=key,
            message=message,
            inputs={"reasons": given, "group_reasons": waiting},
        )
        if again:
            return
        shares = list(
            DeliverableAssignment.objects.current().filter(
                deliverable__task__plan=plan, state__in=("in_progress", "reported")
            )
        )
        perform_all(
            shares,
            "close",
            actor=actor,
            key=key,
            messages=given,
            inputs={pk: {"reason": reason} for pk, reason in given.items()},
        )
        for group in UnitGroup.objects.waiting().filter(deliverable__task__plan=plan):
            group.settled_at = timezone.now()
            group.settled_by_id = actor.user_id
            group.reason = waiting[group.pk]
            group.save()
        refresh(plan.data_key)


def reopen_plan(plan: ActionPlan, *, actor: Actor, key: str, message: str) -> None:
    """已结项的方案重新启动，须写明理由。各份分解任务仍是原样，要办的逐份重新办理。"""
    with transaction.atomic():
        perform(plan, "reopen", actor=actor, key=key, message=message)
        refresh(plan.data_key)


__all__ = [
    "LEDGER",
    "LEDGER_COLUMN",
    "Piece",
    "add_units",
    "close_plan",
    "close_share",
    "confirm",
    "fill_group",
    "merge_deliverables",
    "name_contact",
    "publish_ledger",
    "read_plan",
    "reassign",
    "redate_deliverable",
    "reopen_plan",
    "reopen_share",
    "report",
    "send_back",
    "split_deliverable",
    "take_in_plan",
]
