"""一个人手上有哪些事：各应用在自己的 ``holdings`` 模块里登记，交接清单由此而来。

有一生的记录用 ``LivingHolding`` 登记一行就够；别的（订阅、存下的筛选）自己写一个 ``Holding``。
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of, current_assignments
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.selectors import kept_by
from yangguang.foundation.lifecycle.services import hand_over

TITLE_LENGTH = 200


@dataclass(frozen=True)
class HeldItem:
    """手上的一件事。``standing`` 是到了哪一步，``href`` 是它在工作台上的地址，没有的为空。"""

    object_id: int
    title: str
    standing: str = ""
    href: str = ""


class Holding(ABC):
    """一种可以移交的事。``code`` 全系统唯一，``label`` 是给人看的名称。

    ``is_work`` 为假的不是要办的事（存下的筛选），人走了还留着的不提醒。
    """

    code: str
    label: str
    is_work: ClassVar[bool] = True

    @abstractmethod
    def held_by(self, user: User) -> list[HeldItem]:
        """此人手上还没有办结的，先来的在前。一次查询。"""

    @abstractmethod
    def out_of_reach(self, object_ids: Sequence[int], receiver: User) -> set[int]:
        """其中接收人看不到、接不了的。"""

    @abstractmethod
    def move(self, object_id: int, *, to: User, actor: Actor, key: str, message: str) -> None:
        """把一件移交给 ``to``。在调用者的事务里；同一 ``key`` 只移交一次。"""


@dataclass(frozen=True)
class LivingHolding(Holding):
    """有一生的记录：在 ``open_states`` 里的还没有办结，由经办人拿着。

    ``route`` 是记录页的路由名；没有记录页的为空。
    """

    model: type[LivingRecord]
    label: str
    open_states: frozenset[str]
    route: str = ""

    @property
    def code(self) -> str:  # type: ignore[override]
        """模型的名称。"""
        return self.model._meta.label_lower

    def held_by(self, user: User) -> list[HeldItem]:
        """此人经办的、没有办结的。"""
        return [
            HeldItem(
                record.pk,
                str(record)[:TITLE_LENGTH],
                record.state_label,
                reverse(self.route, args=[record.pk]) if self.route else "",
            )
            for record in kept_by(self._open(), user.pk).order_by("pk")
        ]

    def out_of_reach(self, object_ids: Sequence[int], receiver: User) -> set[int]:
        """接收人现有的任职都看不到的。每个任职一次查询。"""
        left = set(object_ids)
        for assignment in current_assignments(receiver, timezone.localdate()):
            seen = self.model.policy.visible(actor_of(assignment)).filter(pk__in=left)
            left -= set(seen.values_list("pk", flat=True))
        return left

    def move(self, object_id: int, *, to: User, actor: Actor, key: str, message: str) -> None:
        """换经办人。"""
        record = self.model._default_manager.get(pk=object_id)
        hand_over(record, to=to, actor=actor, key=key, message=message)

    def _open(self) -> QuerySet[LivingRecord]:
        records = self.model._default_manager.filter(state__in=self.open_states)
        return records.select_related("organisation", *self.model.named_with)


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """登记一种；代号重复抛出 ``ValueError``。"""
    if holding.code in _holdings:
        raise ValueError(f"“{holding.code}”已经登记过。")
    _holdings[holding.code] = holding


def all_holdings() -> tuple[Holding, ...]:
    """全部种类，按登记的次序。"""
    return tuple(_holdings.values())


def find(code: str) -> Holding:
    """按代号取；没有抛出 ``KeyError``。"""
    return _holdings[code]


def counts(user: User) -> list[tuple[Holding, int]]:
    """此人手上的各种事和件数，没有的不列。每种一次查询。"""
    counted = [(holding, len(holding.held_by(user))) for holding in all_holdings()]
    return [(holding, count) for holding, count in counted if count]


def held_by(user: User, kinds: Iterable[str] | None = None) -> list[tuple[Holding, HeldItem]]:
    """此人手上的全部（或 ``kinds`` 几种）事。每种一次查询。"""
    chosen = all_holdings() if kinds is None else [find(code) for code in kinds]
    return [(holding, item) for holding in chosen for item in holding.held_by(user)]
