"""流转的读取。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor

from .models import Custody, LivingRecord, TransitionRecord
from .rules import GuardContext, Transition

R = TypeVar("R", bound=LivingRecord)


@dataclass(frozen=True)
class Action:
    """界面上的一个动作：能不能做，不能做是为什么。"""

    transition: Transition
    refusals: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """现在可以做。"""
        return not self.refusals


def actions(record: LivingRecord, actor: Actor) -> list[Action]:
    """此人在此刻对这条记录的动作：他的角色在这一状态下有份的，能做的和暂不能做的都列出。

    表单还没有填，所填内容的毛病不算；记录的事实只取一次，与动作多少无关。
    """
    available = record.lifecycle.available(record.state, actor.role)
    if not available:
        return []
    context = GuardContext(record.guard_facts(), {}, actor, "", timezone.now())
    against = record.lifecycle.reasons_against
    return [
        Action(t, tuple(against(t.event, record.state, context, is_filled=False)))
        for t in available
        if t.is_on(context)
    ]


def has_step(record: LivingRecord, transition: Transition, actor: Actor) -> bool:
    """这条记录、这个人有没有这一步；现在能不能办另说。"""
    if transition.applies is None:
        return True
    return transition.is_on(GuardContext(record.guard_facts(), {}, actor, "", timezone.now()))


def has_done(key: str, actor: Actor) -> bool:
    """此人用这把幂等键办成过一步：双击的第二下照样转到记录页。一次查询。"""
    return TransitionRecord.objects.filter(idempotency_key=key, user=actor.user_id).exists()


def history(record: LivingRecord) -> QuerySet[TransitionRecord]:
    """这条记录的流转，先后为序。一次查询。"""
    return (
        TransitionRecord.objects.filter(
            content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk
        )
        .select_related("user", "organisation", "assignment__on_behalf_of__user")
        .order_by("pk")
    )


def last_steps(
    model: type[LivingRecord], pks: Iterable[int], *, moving: bool = False
) -> dict[int, TransitionRecord]:
    """各条记录的最后一步流转：记录编号到那一行。``moving`` 是只算换了状态的：移交、置顶不算。一次查询。"""
    rows = TransitionRecord.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(pks)
    )
    if moving:
        rows = rows.exclude(source=F("target"))
    return {row.object_id: row for row in rows.select_related("user").order_by("pk")}


def returned(
    model: type[LivingRecord], records: Iterable[LivingRecord]
) -> dict[int, TransitionRecord]:
    """起草中的记录里，退回到起草的：记录编号到那一步。退回之后移交给别人的也算。一次查询。"""
    latest = last_steps(model, [each.pk for each in records if each.state == "draft"], moving=True)
    return {pk: row for pk, row in latest.items() if row.event in ("return", "decline")}


def keeper_of(record: LivingRecord) -> User:
    """记录现在由谁经办：移交过的是接手的人，否则是起草人。一次查询。"""
    custody = (
        Custody.objects.filter(
            content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk
        )
        .select_related("keeper")
        .first()
    )
    return custody.keeper if custody else record.created_by


def kept_by(records: QuerySet[R], user_id: int) -> QuerySet[R]:
    """``records`` 里由此人经办的：自己起草而没有移交出去的，和移交给他的。不另查询。"""
    moved = Custody.objects.filter(content_type=ContentType.objects.get_for_model(records.model))
    return records.filter(
        (Q(created_by=user_id) & ~Q(pk__in=moved.values("object_id")))
        | Q(pk__in=moved.filter(keeper=user_id).values("object_id"))
    )


def judged(records: Sequence[LivingRecord], event: str, actor: Actor) -> dict[int, list[str]]:
    """同一种的几条记录，此刻各自不能做 ``event`` 的理由（表单还没有填）；能做的为空。"""
    if not records:
        return {}
    facts, now = type(records[0]).guard_facts_of(records), timezone.now()
    return {
        record.pk: record.lifecycle.reasons_against(
            event,
            record.state,
            GuardContext(facts[record.pk], {}, actor, "", now),
            is_filled=False,
        )
        for record in records
    }
