"""通知的动作：看过与没看，收提醒的地址，各人的选择，清理旧的。"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused

from .adapters import outlets
from .models import Choice, Contact, Delivery, Message, QuietHours
from .outlets import address_fault
from .rules import CHANNELS, CODE_EVERY, CODE_LIFE, CODE_TRIES, KEPT, KINDS, PACES, Quiet
from .telling import Notice, queue, tell
from .verifying import is_code

__all__ = [
    "Notice",
    "choose",
    "confirm_contact",
    "discard_old",
    "drop_contact",
    "mark",
    "set_contact",
    "tell",
]


def mark(messages: Iterable[int], *, is_read: bool, actor: Actor) -> int:
    """把自己的这几条标作看过了，或者没看，返回变了几条。不入审计：只是自己的记号。"""
    mine = Message.objects.filter(user=actor.user_id, pk__in=list(messages))
    now = timezone.now()
    return (
        mine.filter(read_at__isnull=True).update(read_at=now)
        if is_read
        else mine.filter(read_at__isnull=False).update(read_at=None)
    )


@transaction.atomic
def set_contact(channel: str, address: str, *, actor: Actor) -> Contact:
    """登记（或更换）收提醒的地址，往那里发一个验证码。更换的在核实之前不再收提醒。

    地址不对、渠道没有接通、刚要过验证码的，抛出 ``Refused``。
    """
    address = address.strip()
    now = timezone.now()
    user = User.objects.select_for_update().get(pk=actor.user_id)
    held = Contact.objects.filter(user=user, channel=channel).first()
    reasons = []
    if channel not in outlets().channels:
        reasons.append("这条渠道没有接通，不能登记。")
    elif fault := address_fault(channel, address):
        reasons.append(fault)
    if held is not None and now - held.code_sent_at < CODE_EVERY:
        reasons.append("刚发过验证码，请过一分钟再要。")
    if reasons:
        raise Refused(reasons)
    contact, _ = Contact.objects.update_or_create(
        user=user,
        channel=channel,
        defaults={
            "address": address,
            "nonce": secrets.token_hex(16),
            "code_sent_at": now,
            "code_tries": 0,
            "confirmed_at": None,
            "fault": "",
        },
    )
    queue(user.pk, channel, "check", now, now=now)
    record_event(
        "notify.set_contact", actor=actor, target=contact, fields=("address",),
        public={"channel": channel}, personal={"address": address},
    )  # fmt: skip
    return contact


def confirm_contact(channel: str, digits: str, *, actor: Actor) -> None:
    """填对了验证码，地址就算数。填错、过期、试满的抛出 ``Refused``；填错的次数照样记下。"""
    with transaction.atomic():
        contact = (
            Contact.objects.select_for_update()
            .filter(user=actor.user_id, channel=channel, confirmed_at__isnull=True)
            .first()
        )
        reason = _against(contact, digits)
        if contact is not None and not reason:
            contact.confirmed_at = timezone.now()
            contact.save(update_fields=["confirmed_at"])
            record_event(
                "notify.confirm_contact", actor=actor, target=contact,
                public={"channel": channel},
            )  # fmt: skip
    if reason:
        raise Refused([reason])


def _against(contact: Contact | None, digits: str) -> str:
    if contact is None:
        return "没有等着核实的地址，请先登记。"
    if contact.code_tries >= CODE_TRIES:
        return "试的次数太多了，请重新要一个验证码。"
    if timezone.now() - contact.code_sent_at > CODE_LIFE:
        return "验证码过期了，请重新要一个。"
    if is_code(contact, digits.strip()):
        return ""
    contact.code_tries += 1
    contact.save(update_fields=["code_tries"])
    return "验证码不对，请看看是不是最近收到的那一个。"


@transaction.atomic
def drop_contact(channel: str, *, actor: Actor) -> None:
    """删去收提醒的地址；没有的什么也不做。"""
    contact = Contact.objects.filter(user=actor.user_id, channel=channel).first()
    if contact is None:
        return
    record_event(
        "notify.drop_contact", actor=actor, target=contact, public={"channel": channel}
    )  # fmt: skip
    contact.delete()


@transaction.atomic
def choose(paces: Mapping[tuple[str, str], str], quiet: Quiet, *, actor: Actor) -> None:
    """记下各类通知走各条渠道怎样提醒，和免打扰的时段。"""
    for (kind, channel), pace in paces.items():
        if kind not in KINDS or channel not in CHANNELS or pace not in PACES:
            raise ValueError(f"不认识的选择：{kind} {channel} {pace}")
        Choice.objects.update_or_create(
            user_id=actor.user_id, kind=kind, channel=channel, defaults={"pace": pace}
        )
    QuietHours.objects.update_or_create(
        user_id=actor.user_id,
        defaults={
            "since": quiet.since,
            "until": quiet.until,
            "skips_rest_days": quiet.skips_rest_days,
        },
    )
    record_event(
        "notify.set_reminders", actor=actor, target=User.objects.get(pk=actor.user_id),
        public={f"{kind}.{channel}": pace for (kind, channel), pace in paces.items()},
    )  # fmt: skip


def discard_old(keep: timedelta = KEPT) -> int:
    """删去太久以前的消息和投递，返回几行。还没有看、也没有办的消息留着。"""
    before = timezone.now() - keep
    old = Message.objects.filter(created_at__lt=before).exclude(
        read_at__isnull=True, settled_at__isnull=True
    )
    deleted, _ = Delivery.objects.filter(created_at__lt=before).delete()
    more, _ = old.delete()
    return deleted + more
