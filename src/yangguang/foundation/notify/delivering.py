"""投递：领一件，交给渠道，记下回执。网络都在事务之外。"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from yangguang.foundation.calendar.selectors import calendar_in_force
from yangguang.foundation.failpoints import reach
from yangguang.foundation.jobs.registry import Hopeless
from yangguang.foundation.jobs.services import enqueue

from .adapters import adapter_of, outlets
from .adapters.contract import Adapter, Parcel, Receipt, TryLater, Turned, Undelivered, Unsure
from .audiences import Recipient
from .models import Contact, Delivery, Message
from .outlets import Hook, masked
from .rules import (
    ATTEMPTS,
    CHANNELS,
    CODE_LIFE,
    CONTACT,
    DIGEST,
    KINDS,
    OFF,
    Quiet,
)
from .selectors import Reach, choices_of, live_messages, quiet_of, reaches, unread_of
from .telling import DELIVER, Notice, moment, queue, tell
from .verifying import code_of
from .wording import PATHS, TEMPLATES, Code, Count, Link, Outgoing, Tally

State = Delivery.State
CONTACTS = "notify.contact"
ASK_FOR = timedelta(days=2)
"""回执最多查这么久。"""
ASK_EVERY = timedelta(minutes=5)
MOST_ASKED = 500
RECEIPTS = "notify.receipts"


class Later(Exception):  # noqa: N818
    """这一次没有交成，作业过一阵再来。"""


def deliver(pk: int) -> None:
    """交一件。已经交过的、不必交的，什么也不做；没有交成、还要再试的抛出 ``Later``。"""
    claimed = _claim(pk)
    if claimed is None:
        return
    delivery, adapter, parcel = claimed
    reach("notify.before_send")
    try:
        receipt = adapter.send(parcel)
    except TryLater as error:
        _put_back(delivery, error)
    except Undelivered as error:
        _fail(delivery, error)
    else:
        reach("notify.after_send")
        _note_receipt(delivery, receipt)


def _claim(pk: int) -> tuple[Delivery, Adapter, Parcel] | None:
    """领下这一件：锁住，看还要不要发、能不能发，记作正在发。"""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(pk=pk).first()
        if delivery is None or delivery.state in (State.SENT, State.DELIVERED, State.CANCELLED):
            return None
        adapter = adapter_of(delivery.channel)
        if adapter is None:
            _close(delivery, State.CANCELLED, "这条渠道现在没有接通。")
            return None
        if delivery.state == State.SENDING and not adapter.knows_repeats:
            _close(
                delivery, State.FAILED, "发的时候程序中断，不知道对方收下没有；为免重复，不再发。"
            )
            return None
        if delivery.state == State.FAILED:
            # 管理员查明缘由，从死信里放回来的
            delivery.attempts = 0
        contact = _contact(delivery)
        if contact is None:
            _close(delivery, State.CANCELLED, "收提醒的地址已经没有了，或者还没有核实。")
            return None
        content = _content(delivery, contact)
        if content is None:
            _close(delivery, State.CANCELLED, "都已经看过或者办了，或者改成了不要。")
            return None
        if _put_off(delivery):
            return None
        delivery.state = State.SENDING
        delivery.attempts += 1
        delivery.address = masked(contact.channel, contact.address)
        delivery.save()
        return delivery, adapter, Parcel(delivery.key, contact.address, content)


def _contact(delivery: Delivery) -> Contact | None:
    contact = Contact.objects.filter(
        user=delivery.user_id, channel=delivery.channel, user__is_active=True
    ).first()
    if contact is None:
        return None
    if delivery.template == "check":
        is_current = timezone.now() - contact.code_sent_at <= CODE_LIFE
        return contact if contact.confirmed_at is None and is_current else None
    return contact if contact.confirmed_at is not None else None


def _content(delivery: Delivery, contact: Contact) -> Outgoing | None:
    """现在该说什么；没有可说的为空。只取类别的代号，标题和说明碰都不碰。"""
    template = TEMPLATES[delivery.template]
    if delivery.template == "check":
        return template.render(
            code=Code(code_of(contact)),
            minutes=Count(int(CODE_LIFE.total_seconds()) // 60),
            link=Link(outlets().home, PATHS[1]),
        )
    chosen = Reach(choices=choices_of(delivery.user_id))
    things = [
        (kind, subject)
        for kind, subject in live_messages(delivery).values_list("kind", "subject")
        if KINDS[kind].outward and chosen.pace(kind, delivery.channel) != OFF
    ]
    if not things:
        return None
    tally = Tally.of(things)
    delivery.tally = [list(entry) for entry in tally.entries]
    link = Link(outlets().home)
    if delivery.template == "digest":
        return template.render(what=tally, count=Count(tally.total), link=link)
    return template.render(what=tally, link=link)


def _put_off(delivery: Delivery) -> bool:
    """作业停过一阵，现在已经到了免打扰的时段：推到可以打扰的时候。"""
    is_urgent = any(KINDS[kind].is_urgent for kind, _, _ in delivery.tally)
    if delivery.template == "check" or is_urgent:
        return False
    now = timezone.now()
    at = moment(now, quiet_of(delivery.user_id))
    if at <= now:
        return False
    delivery.not_before = at
    delivery.state = State.QUEUED
    delivery.save()
    key = f"{delivery.key}@{at.isoformat()}"
    enqueue(DELIVER, {"delivery": delivery.pk}, key=key, run_after=at)
    return True


def _close(delivery: Delivery, state: str, why: str) -> None:
    delivery.state, delivery.why = state, why
    delivery.save(update_fields=["state", "why"])


def _mine(delivery: Delivery) -> bool:
    """还是自己领的那一次：锁住再看，别的进程没有接过去。"""
    current = Delivery.objects.select_for_update().filter(
        pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts
    )
    return current.exists()


@transaction.atomic
def _note_receipt(delivery: Delivery, receipt: Receipt) -> None:
    if not _mine(delivery):
        return
    now = timezone.now()
    delivery.state = State.DELIVERED if receipt.is_delivered else State.SENT
    delivery.sent_at, delivery.why, delivery.reference = now, "", receipt.reference
    delivery.delivered_at = now if receipt.is_delivered else None
    delivery.save()
    Contact.objects.filter(user=delivery.user_id, channel=delivery.channel).exclude(
        fault=""
    ).update(fault="")


def _put_back(delivery: Delivery, error: TryLater) -> None:
    """过一阵再试；试满了进死信，由系统管理员查明缘由再放回来。"""
    is_spent = delivery.attempts >= ATTEMPTS
    with transaction.atomic():
        if _mine(delivery):
            _close(delivery, State.FAILED if is_spent else State.QUEUED, error.reason)
    if is_spent:
        raise Hopeless(f"试了 {delivery.attempts} 次都没有发出：{error.reason}") from None
    raise Later(error.reason) from None


@transaction.atomic
def _fail(delivery: Delivery, error: Undelivered) -> None:
    """不再试。对方不收的，告诉本人去看看自己的地址。"""
    if _mine(delivery):
        _give_up(delivery, error)


def _give_up(delivery: Delivery, error: Undelivered) -> None:
    _close(delivery, State.FAILED, error.reason)
    if isinstance(error, Unsure):
        return
    held = Contact.objects.filter(user=delivery.user_id, channel=delivery.channel)
    if held.update(fault=error.reason):
        tell([
            Notice(
                Recipient(delivery.user_id), CONTACT, CONTACTS,
                f"发到您{CHANNELS[delivery.channel]}的提醒没有送到", PATHS[1],
                f"fault:{delivery.key}", f"{error.reason}请看看地址对不对，改好后重新核实。",
            )
        ])  # fmt: skip


# ---- 回执 ----


def _awaiting() -> QuerySet[Delivery]:
    """已经发出、问得到而还没有回音的，先发的在前。"""
    asked = [
        code
        for code, channel in outlets().channels.items()
        if isinstance(channel, Hook) and channel.receipts
    ]
    return Delivery.objects.filter(
        state=State.SENT, channel__in=asked, sent_at__gte=timezone.now() - ASK_FOR
    ).order_by("sent_at")


def ask_when_due() -> bool:
    """有等着回音的，排上一次查回执；五分钟以内只排一次。没有等着的只读一次数据库。"""
    if not _awaiting().exists():
        return False
    bucket = int(timezone.now().timestamp() // ASK_EVERY.total_seconds())
    with transaction.atomic():
        enqueue(RECEIPTS, {}, key=f"{RECEIPTS}@{bucket}")
    return True


def collect_receipts() -> int:
    """问已经发出、还没有回音的送到没有，返回问出了几件。一件问不成不耽误别的。"""
    answered = 0
    for delivery in _awaiting()[:MOST_ASKED]:
        adapter = adapter_of(delivery.channel)
        if adapter is not None:
            answered += _ask(adapter, delivery)
    return answered


def _ask(adapter: Adapter, delivery: Delivery) -> bool:
    try:
        receipt = adapter.ask(delivery.key)
    except TryLater:
        return False
    except Turned as error:
        with transaction.atomic():
            if not _still_sent(delivery):
                return False
            _give_up(delivery, error)
        return True
    if receipt is None or not receipt.is_delivered:
        return False
    now = timezone.now()
    return bool(_sent(delivery).update(state=State.DELIVERED, delivered_at=now))


def _sent(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENT)


def _still_sent(delivery: Delivery) -> bool:
    return bool(_sent(delivery).select_for_update().exists())


# ---- 每日提醒 ----


def queue_digests() -> int:
    """给并入每日提醒的人各排一次今天的，返回排了几次。一天一次，重做无害。

    只在有上一次之后新来、还没有看的时候才发；说的件数连同从前没有看的。
    """
    today, queued = timezone.localdate(), 0
    works_today = calendar_in_force().is_working_day(today)
    for user, found in reaches(None, outlets().channels).items():
        if found.quiet.skips_rest_days and not works_today:
            continue
        unread = list(unread_of(user))
        for contact in found.contacts if unread else ():
            wanted = [m for m in unread if found.pace(m.kind, contact.channel) == DIGEST]
            queued += _queue_digest(user, contact.channel, wanted, found.quiet)
    return queued


def _queue_digest(user: int, channel: str, wanted: Sequence[Message], quiet: Quiet) -> bool:
    now, today = timezone.now(), timezone.localdate()
    with transaction.atomic():
        earlier = Delivery.objects.filter(user=user, channel=channel, template="digest")
        last = earlier.aggregate(last=Max("created_at"))["last"]
        if earlier.filter(digest_on=today).exists():
            return False
        if not any(last is None or message.created_at > last for message in wanted):
            return False
        delivery = queue(user, channel, "digest", moment(now, quiet), now=now, digest_on=today)
        delivery.messages.set(wanted)
    return True
