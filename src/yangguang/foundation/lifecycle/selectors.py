"""流转的读取。"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor

from .models import LivingRecord, TransitionRecord
from .rules import GuardContext, Transition


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
    ]


def history(record: LivingRecord) -> QuerySet[TransitionRecord]:
    """这条记录的流转，先后为序。一次查询。"""
    return (
        TransitionRecord.objects.filter(
            content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk
        )
        .select_related("user", "organisation", "assignment")
        .order_by("pk")
    )


def last_steps(model: type[LivingRecord], pks: Iterable[int]) -> dict[int, TransitionRecord]:
    """各条记录的最后一步流转：记录编号到那一行。一次查询。"""
    rows = TransitionRecord.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(pks)
    ).order_by("pk")
    return {row.object_id: row for row in rows}
