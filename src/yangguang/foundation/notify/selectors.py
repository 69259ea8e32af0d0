"""通知的读取。"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import in_force

from .models import Choice, Contact, Delivery, Message, QuietHours
from .rules import Quiet, usual_pace


def _reachable() -> Q:
    """条件：不拘身份的，或者要用的那个任职还有效（代理的，所代的也要有效）。"""
    today = timezone.localdate()
    own = Q(assignment__on_behalf_of__isnull=True)
    return Q(assignment__isnull=True) | (
        in_force(today, "assignment__") & (own | in_force(today, "assignment__on_behalf_of__"))
    )


def messages_of(user_id: int) -> QuerySet[Message]:
    """此人看得到的消息，新的在前。一次查询。"""
    found = Message.objects.filter(_reachable(), user=user_id)
    return found.select_related("assignment__organisation").order_by("-created_at", "-pk")


def unread_of(user_id: int) -> QuerySet[Message]:
    """此人还没有看、也还没有办的。一次查询。"""
    return messages_of(user_id).filter(read_at__isnull=True, settled_at__isnull=True)


def unread_count(actor: Actor) -> Coalesce:
    """未读的条数，作为别的查询里的一列：页框每页都要，不另查一次。"""
    counted = (
        Message.objects.filter(
            _reachable(), user=actor.user_id, read_at__isnull=True, settled_at__isnull=True
        )
        .order_by()
        .values("user")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Reach:
    """怎样找得到一个人：核实过的联系方式、各人的选择和免打扰。"""

    contacts: tuple[Contact, ...] = ()
    choices: Mapping[tuple[str, str], str] = field(default_factory=dict)
    quiet: Quiet = Quiet()

    def pace(self, kind: str, channel: str) -> str:
        """这一类走这条渠道，怎样提醒。"""
        return self.choices.get((kind, channel)) or usual_pace(kind, channel)


def reaches(users: Iterable[int] | None, channels: Iterable[str]) -> dict[int, Reach]:
    """其中（为空是全部）有核实过的联系方式的人，各怎样找得到。没有这样的人一次查询，有则三次。"""
    contacts = Contact.objects.filter(
        channel__in=list(channels), confirmed_at__isnull=False, user__is_active=True
    )
    if users is not None:
        contacts = contacts.filter(user__in=set(users))
    found: dict[int, list[Contact]] = {}
    for contact in contacts.order_by("pk"):
        found.setdefault(contact.user_id, []).append(contact)
    if not found:
        return {}
    choices: dict[int, dict[tuple[str, str], str]] = {}
    for row in Choice.objects.filter(user__in=found):
        choices.setdefault(row.user_id, {})[row.kind, row.channel] = row.pace
    quiet = {
        row.user_id: Quiet(row.since, row.until, row.skips_rest_days)
        for row in QuietHours.objects.filter(user__in=found)
    }
    return {
        user: Reach(tuple(held), choices.get(user, {}), quiet.get(user, Quiet()))
        for user, held in found.items()
    }


def choices_of(user_id: int) -> dict[tuple[str, str], str]:
    """此人选过的。一次查询。"""
    rows = Choice.objects.filter(user=user_id).values_list("kind", "channel", "pace")
    return {(kind, channel): pace for kind, channel, pace in rows}


def quiet_of(user_id: int) -> Quiet:
    """此人的免打扰。一次查询。"""
    row = QuietHours.objects.filter(user=user_id).first()
    return Quiet(row.since, row.until, row.skips_rest_days) if row else Quiet()


def contacts_of(user_id: int) -> dict[str, Contact]:
    """此人的联系方式，按渠道。一次查询。"""
    return {contact.channel: contact for contact in Contact.objects.filter(user=user_id)}


def deliveries_of(user_id: int) -> QuerySet[Delivery]:
    """发给此人的投递，新的在前。一次查询。"""
    return Delivery.objects.filter(user=user_id).order_by("-pk")


def live_messages(delivery: Delivery) -> QuerySet[Message]:
    """一次投递说的那几条里，还没有看、没有办、看得到的。一次查询。"""
    return unread_of(delivery.user_id).filter(
        Exists(delivery.messages.through.objects.filter(delivery=delivery, message=OuterRef("pk")))
    )
