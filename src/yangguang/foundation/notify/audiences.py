"""告诉谁：一批记录各自的收件人，和他要用哪个身份去办。查询次数与记录多少无关。"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.selectors import actor_of, in_force
from yangguang.foundation.lifecycle.models import Custody, LivingRecord
from yangguang.foundation.organisations.models import Organisation


@dataclass(frozen=True)
class Recipient:
    """一个收件人。``assignment`` 是去办要用的任职，不拘身份的为空。"""

    user: int
    assignment: int | None = None


class Audience(ABC):
    """哪些人。"""

    @abstractmethod
    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """各条记录的收件人，按编号；一人只算一次。"""


def held_now() -> QuerySet[RoleAssignment]:
    """今天有效的任职；代理的，所代的任职也要有效。"""
    today = timezone.localdate()
    own = Q(on_behalf_of__isnull=True)
    return (
        RoleAssignment.objects.filter(in_force(today))
        .filter(own | in_force(today, "on_behalf_of__"))
        .select_related("organisation", "user", "on_behalf_of__user")
        .order_by("pk")
    )


def everyone_as(role: str) -> list[Recipient]:
    """全平台任这一角色的人。一次查询。"""
    return _once(Recipient(held.user_id, held.pk) for held in held_now().filter(role=role))


def _covering(organisations: Iterable[Organisation]) -> Q:
    """条件：任职管得到其中一个机构——就在那里，或在它的上级而含下级。"""
    paths = {each.path for each in organisations}
    step = Organisation.steplen
    above = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    return Q(organisation__path__in=paths) | Q(includes_subtree=True, organisation__path__in=above)


@dataclass(frozen=True)
class Roles(Audience):
    """记录的机构里任 ``roles`` 的人；``reaches_up`` 的，连同管得到这个机构的上级。

    ``organisation`` 是从记录走到机构的路。
    """

    roles: frozenset[str]
    organisation: str = "organisation"
    reaches_up: bool = True

    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """一次查询。"""
        places = {record.pk: _follow(record, self.organisation) for record in records}
        held = held_now().filter(_covering(places.values()), role__in=self.roles)
        actors = [actor_of(each) for each in held]
        return {
            pk: _once(
                Recipient(actor.user_id, actor.assignment_id)
                for actor in actors
                if actor.organisation_id == place.pk
                or (self.reaches_up and actor.covers(place.pk, place.path))
            )
            for pk, place in places.items()
        }


@dataclass(frozen=True)
class Keeper(Audience):
    """经办人：移交过的是接手的人，否则是起草人。他在 ``roles`` 里要有管得到这条记录的任职。"""

    roles: frozenset[str]

    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """两次查询。"""
        moved = dict(
            Custody.objects.filter(
                content_type=ContentType.objects.get_for_model(type(records[0])),
                object_id__in=[record.pk for record in records],
            ).values_list("object_id", "keeper")
        )
        keepers = {record.pk: moved.get(record.pk, record.created_by_id) for record in records}
        held = held_now().filter(user__in=set(keepers.values()), role__in=self.roles)
        actors = [actor_of(each) for each in held]
        return {
            record.pk: _once(
                Recipient(actor.user_id, actor.assignment_id)
                for actor in actors
                if actor.user_id == keepers[record.pk]
                and actor.covers(record.organisation_id, record.organisation.path)
            )
            for record in records
        }


@dataclass(frozen=True)
class Where(Audience):
    """只有合条件的记录才告诉 ``audience``。"""

    condition: Callable[[Any], bool]
    audience: Audience

    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """同 ``audience``。"""
        wanted = [record for record in records if self.condition(record)]
        found = self.audience.of(wanted) if wanted else {}
        return {record.pk: found.get(record.pk, []) for record in records}


@dataclass(frozen=True)
class Person(Audience):
    """记录上写明的那个人，用哪个身份都办得了。``field`` 是外键的名称。不查询。"""

    field: str

    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """外键的值。"""
        return {record.pk: [Recipient(getattr(record, f"{self.field}_id"))] for record in records}


def _follow(record: LivingRecord, path: str) -> Organisation:
    found: object = record
    for name in path.split("."):
        found = getattr(found, name)
    if not isinstance(found, Organisation):
        raise TypeError(f"{path} 走不到机构。")
    return found


def _once(found: Iterable[Recipient]) -> list[Recipient]:
    return list(_first_of_each(found))


def _first_of_each(found: Iterable[Recipient]) -> Iterator[Recipient]:
    seen: set[int] = set()
    for each in found:
        if each.user not in seen:
            seen.add(each.user)
            yield each
