"""流转引擎：一个事务里验权、问守卫、改状态、记一行、入审计。"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.screening.rules import CLASSIFIED, secret_mark

from .models import Custody, LivingRecord, TransitionRecord
from .rules import GuardContext, Transition
from .watching import Step, tell

R = TypeVar("R", bound=LivingRecord)


class Refused(Exception):  # noqa: N818  拒绝是答复，不是程序出错
    """不能做。``reasons`` 是全部理由，每条一句，给人看。

    ``keeps_input`` 为假的，被拒的内容不许再显示给人，也不许留下（密级）。
    """

    keeps_input: ClassVar[bool] = True

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("".join(reasons))
        self.reasons = reasons


class Classified(Refused):
    """带有密级标志：不得进入本系统，什么都不留下。"""

    keeps_input = False

    def __init__(self) -> None:
        super().__init__([CLASSIFIED])


class KeyTaken(Refused):
    """这把幂等键做过的是别的事，或者是别人做的：不能再用，也不把那件事的结果给他。"""

    def __init__(self) -> None:
        super().__init__(["这次提交的凭据已用于另一项操作，请刷新页面后再试。"])


class OutOfScope(Exception):  # noqa: N818
    """记录不在此人的范围内：对他来说不存在（404）。"""


@transaction.atomic
def start(record: LivingRecord, *, actor: Actor, key: str, message: str = "") -> TransitionRecord:
    """存入一条新记录，状态为初始状态，并记下第一行流转。

    同一人同一 ``key`` 再来一次不做第二遍，返回第一次的那一行；别人的 ``key`` 抛出 ``KeyTaken``。
    """
    refuse_marked(message)
    if earlier := _earlier(key, record, "create", actor):
        record.pk = earlier.object_id
        record.refresh_from_db()
        return earlier
    now = timezone.now()
    record.state = record.lifecycle.initial
    if not actor.is_outside:
        record.created_by_id = actor.user_id
    record.created_at = now
    record.save(force_insert=True)
    row = _append(
        record, "create", "新建", "", record.state, actor, key, message, None, record.deadline, now
    )
    record_event(
        f"{record.lifecycle.name}.create", actor=actor, target=record, note=message, at=now
    )
    tell([Step(record, row)])
    _at_the_end()
    return row


@transaction.atomic
def perform(
    record: LivingRecord,
    event: str,
    *,
    actor: Actor,
    key: str,
    message: str = "",
    inputs: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> TransitionRecord:
    """对 ``record`` 做 ``event``，返回新增的那一行流转记录。

    ``key`` 是幂等键：双击只做一次；它做过的不是这个人对这条记录的这件事，抛出 ``KeyTaken``。
    系统外的当事人（``accounts.rules.outsider``）看不看得到，由调用者先验过。
    不在范围内抛出 ``OutOfScope``；不能做抛出 ``Refused``，带上全部理由。成功后 ``record`` 的字段与库中一致。
    """
    inputs = {**(inputs or {}), "message": message}
    refuse_marked(*inputs.values())
    now = at or timezone.now()
    model = type(record)
    if not actor.is_outside and not model.policy.visible(actor).filter(pk=record.pk).exists():
        raise OutOfScope
    current: LivingRecord = model._default_manager.select_for_update().get(pk=record.pk)
    if earlier := _earlier(key, current, event, actor):
        record.refresh_from_db()
        return earlier
    context = GuardContext(current.guard_facts(), inputs, actor, message, now)
    if reasons := current.lifecycle.reasons_against(event, current.state, context):
        raise Refused(reasons)
    row = _change(current, event, context, key)
    tell([Step(current, row)])
    record.refresh_from_db()
    _at_the_end()
    return row


@transaction.atomic
def perform_all(
    records: Sequence[R],
    event: str,
    *,
    actor: Actor,
    key: str,
    messages: Mapping[int, str],
    inputs: Mapping[int, Mapping[str, Any]] | None = None,
    at: datetime | None = None,
) -> list[TransitionRecord]:
    """对同一种的许多条记录做同一件事，返回新增的各行：要么都做，要么一条也不做。

    ``messages``、``inputs`` 按记录编号给；没有给意见的为空。幂等由调用者的 ``key`` 负责，
    每条的键是 ``key:编号``。有看不见的抛出 ``OutOfScope``；有不能做的抛出 ``Refused``，
    带上各条的全部理由。查询次数：每条三次，另有几次与条数无关。
    """
    if not records:
        return []
    now = at or timezone.now()
    model = type(records[0])
    pks = [record.pk for record in records]
    if model.policy.visible(actor).filter(pk__in=pks).count() != len(set(pks)):
        raise OutOfScope
    locked = model._default_manager.select_for_update(of=("self",)).filter(pk__in=pks)
    currents: list[R] = list(locked.select_related(*model.named_with).order_by("pk"))
    facts = model.guard_facts_of(currents)
    given = {pk: {**(inputs or {}).get(pk, {}), "message": messages.get(pk, "")} for pk in pks}
    refuse_marked(*(text for values in given.values() for text in values.values()))
    contexts = {
        pk: GuardContext(facts[pk], given[pk], actor, given[pk]["message"], now) for pk in facts
    }
    reasons = [
        f"{current}：{reason}"
        for current in currents
        for reason in current.lifecycle.reasons_against(event, current.state, contexts[current.pk])
    ]
    if reasons:
        raise Refused(reasons)
    rows = [
        _change(current, event, contexts[current.pk], f"{key}:{current.pk}") for current in currents
    ]
    tell([Step(current, row) for current, row in zip(currents, rows, strict=True)])
    _at_the_end()
    return rows


@transaction.atomic
def note(
    record: LivingRecord, event: str, label: str, *, actor: Actor, key: str, message: str = ""
) -> bool:
    """在记录的经过里写一行：做了一件不改状态的事。审计由调用者自己记。

    同一人同一 ``key`` 做过这件事的返回假，什么也不写：调用者据此不做第二遍。
    """
    refuse_marked(message)
    if _earlier(key, record, event, actor):
        return False
    _append(
        record, event, label, record.state, record.state, actor, key, message,
        record.deadline, record.deadline, timezone.now(),
    )  # fmt: skip
    return True


@transaction.atomic
def hand_over(record: LivingRecord, *, to: User, actor: Actor, key: str, message: str = "") -> None:
    """把一条记录移交给 ``to`` 经办。起草人不变：谁起草的，谁就不能审。同一 ``key`` 只移交一次。"""
    if not note(record, "hand_over", "移交", actor=actor, key=key, message=message):
        return
    Custody.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(type(record)),
        object_id=record.pk,
        defaults={"keeper": to, "since": timezone.now()},
    )
    record_event(
        f"{record.lifecycle.name}.hand_over", actor=actor, target=record, fields=("keeper",),
        public={"keeper": to.username}, note=message,
    )  # fmt: skip


def refuse_marked(*values: object) -> None:
    """其中的文字带密级标志的抛出 ``Classified``；不是文字的不看。"""
    if any(isinstance(value, str) and secret_mark(value) for value in values):
        raise Classified


def _at_the_end() -> None:
    reach("lifecycle.before_commit")
    transaction.on_commit(partial(reach, "lifecycle.after_commit"))


def _earlier(key: str, record: LivingRecord, event: str, actor: Actor) -> TransitionRecord | None:
    row = TransitionRecord.objects.filter(idempotency_key=key).first()
    if row is None:
        return None
    content_type = ContentType.objects.get_for_model(type(record))
    done = (row.content_type_id, row.event, row.user_id)
    if done != (content_type.pk, event, actor.user_id or None):
        raise KeyTaken
    if record.pk is not None and row.object_id != record.pk:
        raise KeyTaken
    return row


def _change(current: LivingRecord, event: str, context: GuardContext, key: str) -> TransitionRecord:
    """已经锁住、问过守卫的一条：改状态，记一行，入审计。"""
    actor, message, now = context.actor, str(context.inputs["message"]), context.at
    transition = current.lifecycle.transition(event)
    source, old_deadline = current.state, current.deadline
    reach("lifecycle.before_change")
    current.state = transition.lands(context)
    current.on_transition(transition, actor=actor, inputs=context.inputs, at=now)
    current.save()
    row = _append(
        current, event, transition.label, source, current.state, actor, key, message,
        old_deadline, current.deadline, now,
    )  # fmt: skip
    record_event(
        f"{current.lifecycle.name}.{event}",
        actor=actor,
        target=current,
        fields=("state",),
        public={"from": source, "to": current.state},
        note=message,
        at=now,
    )
    return row


def _append(
    record: LivingRecord, event: str, label: str, source: str, target: str, actor: Actor,
    key: str, message: str, old: Any, new: Any, at: datetime,
) -> TransitionRecord:  # fmt: skip
    return TransitionRecord.objects.create(
        content_type=ContentType.objects.get_for_model(type(record)),
        object_id=record.pk,
        event=event,
        label=label,
        source=source,
        target=target,
        user_id=actor.user_id or None,
        assignment_id=actor.assignment_id or None,
        party=actor.display_name if actor.is_outside else "",
        organisation_id=actor.organisation_id,
        message=message,
        old_deadline=old,
        new_deadline=new,
        idempotency_key=key,
        at=at,
    )


__all__ = [
    "Classified",
    "KeyTaken",
    "OutOfScope",
    "Refused",
    "Transition",
    "hand_over",
    "note",
    "perform",
    "perform_all",
    "start",
]
