"""跟着看的：自己经办、正等别人办的；别人最近办过的。"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import kept_by, last_steps_of

from .screens.declared import Declared

RECENT = timedelta(days=7)
"""这么久以内的算最近。"""
SHOWN = 10
"""每种记录最多列几件；再多的到列表里看。"""


@dataclass(frozen=True)
class Followed:
    """一件跟着看的事。``last`` 是它的最后一步；``is_waiting`` 是正等别人办。"""

    title: str
    href: str
    step: str
    last: TransitionRecord
    is_waiting: bool


def followed(viewsets: Iterable[Declared[Any]], actor: Actor, now: datetime) -> list[Followed]:
    """此人经办的记录里，正等别人办的和别人最近办过的。

    起草的人才有；每种声明了 ``awaiting`` 的记录查一次，各种的最后一步一并再查一次，与有多少件无关。
    """
    since = now - RECENT
    kept = [
        (viewset, record)
        for viewset in viewsets
        if viewset.awaiting and viewset.may_create(actor)
        for record in _kept(viewset, actor, since)
    ]
    steps = last_steps_of(record for _, record in kept)
    found: list[Followed] = []
    for viewset, record in kept:
        last, is_waiting = steps[type(record), record.pk], record.state in viewset.awaiting
        by_others = last.user_id != actor.user_id and last.at >= since
        if is_waiting or by_others:
            href = viewset.record_href(record.pk)
            found.append(Followed(str(record), href, record.state_label, last, is_waiting))
    return found


def _kept(viewset: Declared[Any], actor: Actor, since: datetime) -> QuerySet[Any]:
    """这一种里此人经办的：正等别人办的，近来动过的。"""
    own = kept_by(viewset.model.policy.visible(actor), actor.user_id)
    moving = own.filter(Q(state__in=viewset.awaiting) | Q(updated_at__gte=since))
    return moving.order_by("-updated_at", "-pk")[:SHOWN]
