"""审计的动作：记一件事、核对一个值、销毁一个对象的摘要密钥。"""

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import current_assignments

from .models import AuditEvent, DigestKey
from .rules import canonical_json, personal_digest

LABEL_LENGTH = 200


def record(
    action: str,
    *,
    actor: Actor | None,
    by: User | str = "",
    target: models.Model | None,
    target_label: str = "",
    fields: Iterable[str] = (),
    public: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    note: str = "",
    at: datetime | None = None,
) -> AuditEvent:
    """记一件事，与调用者的改动同生共死：必须在调用者的事务里，否则抛出 ``RuntimeError``。

    ``fields`` 是改动的字段名；``public`` 是其中公开字段的值；``personal`` 是个人信息的值，
    只以带密钥的摘要留下（密钥按 ``target`` 各有一把，可以销毁），所以给了它就必须给 ``target``。
    ``actor`` 为空的是还没有以哪个任职行事的人（``by`` 是账号，没有账号的是怎样称呼），例如登录：归在此人
    现在任职的机构，在几个机构任职的归头一个。``by`` 也为空表示系统作业。系统外的当事人（``actor.is_outside``）
    只留怎样称呼他。
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("审计事件必须与它所记的改动在同一个事务里。")
    subject_type, subject_id = _subject(target)
    digests: dict[str, str] = {}
    identifier = ""
    if personal:
        if target is None:
            raise ValueError("记个人信息的摘要须指明对象。")
        key = _key(subject_type, subject_id, at or timezone.now())
        identifier = key.identifier
        secret = bytes.fromhex(key.secret)
        digests = {name: personal_digest(secret, name, value) for name, value in personal.items()}
    label = target_label or ("" if target is None else str(target))
    return AuditEvent.objects.create(
        action=action,
        at=at or timezone.now(),
        user_id=_user_id(actor, by),
        user_name=_clean(actor.signature if actor else str(by)),
        assignment_id=(actor.assignment_id or None) if actor else None,
        role=actor.role if actor and not actor.is_outside else "",
        organisation_id=_organisation_id(actor, by),
        target_type=subject_type,
        target_id=subject_id,
        target_label=_clean(label)[:LABEL_LENGTH],
        fields=sorted({*fields, *(public or {}), *digests}),
        public=json.loads(canonical_json(dict(public or {}))),
        personal=digests,
        digest_key=identifier,
        note=_clean(note),
    )


def personal_value_was(event: AuditEvent, field: str, value: str) -> bool | None:
    """事件里 ``field`` 当时的值是不是 ``value``；密钥已销毁或没有记这个字段时为 ``None``。"""
    key = DigestKey.objects.filter(identifier=event.digest_key).first()
    if key is None or field not in event.personal:
        return None
    digest = personal_digest(bytes.fromhex(key.secret), field, value)
    return hmac.compare_digest(digest, event.personal[field])


@transaction.atomic
def destroy_digest_key(target: models.Model, *, actor: Actor | None, note: str) -> bool:
    """销毁 ``target`` 的摘要密钥并记一件事；本来就没有密钥则返回假。

    此后它名下的个人信息摘要不能再与任何值核对，而事件链照样完整。
    """
    subject_type, subject_id = _subject(target)
    keys = DigestKey.objects.filter(subject_type=subject_type, subject_id=subject_id)
    destroyed, _ = keys.delete()
    if destroyed:
        record("audit.destroy_digest_key", actor=actor, target=target, note=note)
    return bool(destroyed)


def _user_id(actor: Actor | None, by: User | str) -> int | None:
    if actor:
        return actor.user_id or None
    return by.pk if isinstance(by, User) else None


def _organisation_id(actor: Actor | None, by: User | str) -> int | None:
    if actor:
        return actor.organisation_id
    if not isinstance(by, User):
        return None
    held = current_assignments(by, timezone.localdate()).order_by("pk")
    return held.values_list("organisation", flat=True).first()


def _subject(target: models.Model | None) -> tuple[str, str]:
    if target is None:
        return "", ""
    if target.pk is None:
        raise ValueError("对象还没有存入数据库，记不了审计。")
    return target._meta.label_lower, str(target.pk)


def _key(subject_type: str, subject_id: str, at: datetime) -> DigestKey:
    existing = DigestKey.objects.filter(subject_type=subject_type, subject_id=subject_id)
    if key := existing.first():
        return key
    try:
        with transaction.atomic():
            return DigestKey.objects.create(
                identifier=secrets.token_hex(16),
                subject_type=subject_type,
                subject_id=subject_id,
                secret=secrets.token_hex(32),
                created_at=at,
            )
    except IntegrityError:
        # 另一个事务刚建好同一对象的密钥
        return existing.get()


def _clean(text: str) -> str:
    """PostgreSQL 的文本存不下 NUL；登录名之类的外来文字可能带着它。"""
    return text.replace("\x00", "␀")
