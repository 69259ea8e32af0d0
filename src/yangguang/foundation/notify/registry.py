"""登记：各应用在自己的 ``notices`` 模块里说明，一种记录走到哪一步该告诉谁、期限快到了该告诉谁。"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from yangguang.foundation.lifecycle.models import LivingRecord

from .audiences import Audience
from .wording import declare_subject

TITLE_LENGTH = 300


@dataclass(frozen=True)
class Due:
    """一种期限：``between`` 给出期限在两日之间（含）、还没有办的，``on`` 说这一条哪天到期。

    ``working_days`` 是剩几个工作日时各提醒一次（从多到少，到期、过期另各一次）；没有说的按平常的天数。
    一种记录有几个期限的，平常的那一个以外都要有 ``label``，写在提醒的前面。
    """

    between: Callable[[date, date], QuerySet[Any]]
    on: Callable[[Any], date | None]
    audience: Audience
    working_days: tuple[int, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class LivingNotices:
    """一种记录的通知。

    ``waits`` 是走到哪个状态等谁办；``returns`` 是哪个事件算退回、退给谁；``route`` 是记录页的路由名；
    ``also_due`` 是它另外的期限。``subject`` 是离开本系统时对这类事的称呼，只能是汉字。
    """

    model: type[LivingRecord]
    subject: str
    route: str
    waits: Mapping[str, Audience] = field(default_factory=dict)
    returns: Mapping[str, Audience] = field(default_factory=dict)
    due: Due | None = None
    also_due: tuple[Due, ...] = ()

    @property
    def dues(self) -> tuple[Due, ...]:
        """各个期限，平常的那一个在前。"""
        return (() if self.due is None else (self.due,)) + self.also_due

    @property
    def code(self) -> str:
        """这类事的代号。"""
        return str(self.model._meta.label_lower)

    def href(self, record: LivingRecord) -> str:
        """记录页的地址。"""
        return reverse(self.route, args=[record.pk])


_notices: dict[type[LivingRecord], LivingNotices] = {}


def register(notices: LivingNotices) -> None:
    """登记一种；登记过的抛出 ``ValueError``，用了不认识的状态或事件抛出 ``KeyError``。"""
    if notices.model in _notices:
        raise ValueError(f"“{notices.code}”已经登记过。")
    lifecycle = notices.model.lifecycle
    for state in notices.waits:
        lifecycle.states[state]
    for event in notices.returns:
        lifecycle.transition(event)
    declare_subject(notices.code, notices.subject)
    _notices[notices.model] = notices


def notices_of(model: type[LivingRecord]) -> LivingNotices | None:
    """一种记录的通知；没有登记的为空。"""
    return _notices.get(model)


def all_notices() -> tuple[LivingNotices, ...]:
    """全部，按登记的次序。"""
    return tuple(_notices.values())
