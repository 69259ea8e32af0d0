"""流转的读取。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor

from .models import Custody, LivingRecord, TransitionRecord
from .rules import GuardContext, Transition

R = TypeVar("R", bound=LivingRecord)
CUSTODY = Prefetch("custodies", Custody.objects.select_related("keeper"))
"""移交给了谁：经办人要问不止一回的，先取好。"""


@dataclass(frozen=True)
class Action:
    """界面上的一个动作：能不能做，不能做是为什么。"""

    transition: Transition
    refusals: tuple[str, ...]
    context: GuardContext

    @property
    def allowed(self) -> bool:
        """现在可以做。"""
        return not self.refusals


def facts_for(record: LivingRecord, actor: Actor) -> Mapping[str, Any] | None:
    """这条记录供守卫判断的事实；此人在这一状态下没有动作的不取，为空。"""
    return record.guard_facts() if record.lifecycle.available(record.state, actor.role) else None


def actions(
    record: LivingRecord, actor: Actor, facts: Mapping[str, Any] | None = None
) -> list[Action]:
    """此人在此刻对这条记录的动作：他的角色在这一状态下有份的，能做的和暂不能做的都列出。

    表单还没有填，所填内容的毛病不算。``facts`` 是刚取过的事实（``facts_for``）；没有给的取一次。
    """
    available = record.lifecycle.available(record.state, actor.role)
    if not available:
        return []
    given = record.guard_facts() if facts is None else facts
    context = GuardContext(given, {}, actor, "", timezone.now())
    against = record.lifecycle.reasons_against
    return [
        Action(t, tuple(against(t.event, record.state, context, is_filled=False)), context)
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


def last_steps_of(
    records: Iterable[LivingRecord],
) -> dict[tuple[type[LivingRecord], int], TransitionRecord]:
    """几种记录各自的最后一步流转：记录的类和编号到那一行。一次查询，与有几种、多少条无关。"""
    pks: dict[type[LivingRecord], list[int]] = {}
    for record in records:
        pks.setdefault(type(record), []).append(record.pk)
    if not pks:
        return {}
    models = {ContentType.objects.get_for_model(model).pk: model for model in pks}
    asked = Q()
    for of, model in models.items():
        asked |= Q(content_type=of, object_id__in=pks[model])
    rows = TransitionRecord.objects.filter(asked).select_related("user").order_by("pk")
    return {(models[row.content_type_id], row.object_id): row for row in rows}


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
    """记录现在由谁经办：移交过的是接手的人，否则是起草人。至多两次查询，先取好了 ``CUSTODY`` 的不查。"""
    custody = next(iter(record.custodies.all()), None)
    return custody.keeper if custody else record.created_by


def kept_by(records: QuerySet[R], user_id: int) -> QuerySet[R]:
    """``records`` 里由此人经办的：自己起草而没有移交出去的，和移交给他的。不另查询。"""
    moved = Custody.objects.filter(content_type=ContentType.objects.get_for_model(records.model))
    return records.filter(
        (Q(created_by=user_id) & ~Q(pk__in=moved.values("object_id")))
        | Q(pk__in=moved.filter(keeper=user_id).values("object_id"))
    )


def of_others(actor: Actor) -> Q:
    """别人经办、此人审得、签得的：不是他（和他代的人）起草的，也没有移交给他。不另查询。"""
    return ~Q(created_by__in=actor.persons) & ~Q(custodies__keeper__in=actor.persons)


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
