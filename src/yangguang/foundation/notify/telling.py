"""通知的发出：记站内消息，排上要离开本系统的投递。与引出它的改动同一个事务。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.calendar.selectors import calendar_in_force
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.models import LivingRecord

from .adapters import outlets
from .audiences import Recipient
from .models import Delivery, Message
from .rules import AT_ONCE, GATHER, KINDS, Quiet, first_moment
from .selectors import Reach, reaches
from .wording import subject_label

DELIVER = "notify.deliver"


@dataclass(frozen=True)
class Notice:
    """要告诉一个人的一件事。``key`` 相同的只告诉一次；``stays`` 的只在站内，不离开本系统。"""

    to: Recipient
    kind: str
    subject: str
    title: str
    href: str
    key: str
    why: str = ""
    due_on: date | None = None
    record: LivingRecord | None = None
    stays: bool = False


def tell(notices: Sequence[Notice]) -> list[Message]:
    """告诉这些人，返回新的消息。已经告诉过的（同一人同一 ``key``）不再告诉。

    必须在引出它的改动的事务里，否则抛出 ``RuntimeError``；没有登记过的类别抛出 ``Unsafe``。
    查询次数与条数无关；有人登记了联系方式的，每次投递另有几次。
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("通知必须与引出它的改动在同一个事务里。")
    for each in notices:
        subject_label(each.subject)
    if not notices:
        return []
    now, keys = timezone.now(), {each.key for each in notices}
    people = {each.to.user for each in notices}
    known = set(Message.objects.filter(user__in=people, key__in=keys).values_list("user", "key"))
    fresh = {
        (each.to.user, each.key): each
        for each in reversed(notices)
        if (each.to.user, each.key) not in known
    }
    if not fresh:
        return []
    Message.objects.bulk_create(
        [_message(each, now) for each in fresh.values()], ignore_conflicts=True
    )
    leaving = [each for each in fresh.values() if KINDS[each.kind].outward and not each.stays]
    reach = reaches({each.to.user for each in leaving}, outlets().channels) if leaving else {}
    told = list(Message.objects.filter(user__in=people, key__in=keys).exclude(created_at__lt=now))
    for message in told:
        notice = fresh.get((message.user_id, message.key))
        if notice is not None and not notice.stays and message.user_id in reach:
            _queue(message, reach[message.user_id], now)
    return told


def _message(notice: Notice, now: datetime) -> Message:
    record = notice.record
    return Message(
        user_id=notice.to.user,
        assignment_id=notice.to.assignment,
        kind=notice.kind,
        subject=notice.subject,
        title=notice.title[:300],
        why=notice.why[:300],
        href=notice.href,
        due_on=notice.due_on,
        record_type=ContentType.objects.get_for_model(type(record)) if record else None,
        record_id=record.pk if record else None,
        key=notice.key,
        created_at=now,
    )


def _queue(message: Message, reach: Reach, now: datetime) -> None:
    """立即提醒的：并到还没有发的那一次里；没有就另排一次。"""
    urgent = KINDS[message.kind].is_urgent
    for contact in reach.contacts:
        if reach.pace(message.kind, contact.channel) != AT_ONCE:
            continue
        waiting = (
            Delivery.objects.select_for_update()
            .filter(
                user=message.user_id, channel=contact.channel, template="notice",
                state=Delivery.State.QUEUED, attempts=0,
            )
            .order_by("pk")
            .first()
        )  # fmt: skip
        if waiting is None or urgent:
            at = now if urgent else moment(now + GATHER, reach.quiet)
            waiting = queue(message.user_id, contact.channel, "notice", at, now=now)
        waiting.messages.add(message)


def queue(
    user_id: int, channel: str, template: str, at: datetime, *, now: datetime,
    digest_on: date | None = None,
) -> Delivery:  # fmt: skip
    """排上一次投递，连同要做它的作业。"""
    delivery = Delivery.objects.create(
        user_id=user_id, channel=channel, template=template, key=uuid4().hex,
        not_before=at, created_at=now, digest_on=digest_on,
    )  # fmt: skip
    enqueue(DELIVER, {"delivery": delivery.pk}, key=delivery.key, run_after=at)
    return delivery


def moment(at: datetime, quiet: Quiet) -> datetime:
    """``at`` 起头一个可以打扰此人的时刻。"""
    calendar = calendar_in_force()
    works = cache(calendar.is_working_day)
    return first_moment(timezone.localtime(at), quiet, works)


def settle(records: Iterable[LivingRecord], model: type[LivingRecord], at: datetime) -> None:
    """这几条记录往前走了：从前说的等谁办、退回、到期，都不必再看。一次查询。"""
    Message.objects.filter(
        record_type=ContentType.objects.get_for_model(model),
        record_id__in=[record.pk for record in records],
        settled_at__isnull=True,
    ).update(settled_at=at)


def settle_told(key: str, at: datetime) -> None:
    """没有流转的事了结了：为 ``key`` 告诉过的都不必再看。一次查询。"""
    Message.objects.filter(key=key, settled_at__isnull=True).update(settled_at=at)
