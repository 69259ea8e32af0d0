"""通行密钥（WebAuthn）的动作：出题，设，核对，去掉。题目记在会话里，答一次就作废。

通行密钥必须由本人解锁（指纹、面容、密码），所以单用它登录就抵得上口令加第二步。
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from yangguang.foundation.audit.services import record as record_event

from .models import Passkey, User
from .rules import Actor, passkeys_work
from .second_steps import SetUp, added, reasons_to_keep, removed
from .selectors import held_by

PASSKEY = "通行密钥"
ASKED = "passkey"
"""会话里的一项：出的题。"""
ANSWER_WITHIN = timedelta(minutes=5)
TIMEOUT_MILLISECONDS = 120_000
MAX_PASSKEYS = 10
NAME_LENGTH = 40
LONGEST_ANSWER = 20_000
NEW, GET = "new", "get"


@dataclass(frozen=True)
class Place:
    """通行密钥认的地方：``domain`` 之下的都通用，此刻的页面在 ``origin``。"""

    domain: str
    origin: str


def place_of(request: HttpRequest) -> Place | None:
    """现在这个网址用不用得了通行密钥；用不了（IP 地址、不是 https、不在设定的域名下）为 ``None``。"""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    domain = settings.PASSKEY_DOMAIN or host
    if not passkeys_work(host, domain, is_secure=request.is_secure()):
        return None
    return Place(domain, f"{request.scheme}://{request.get_host()}")


# ---- 设 ----


def ask_for_new(request: HttpRequest, place: Place, user: User) -> str:
    """设通行密钥的题目（JSON），交给浏览器。"""
    options = generate_registration_options(
        rp_id=place.domain,
        rp_name="阳光工作台",
        user_id=hashlib.sha256(f"yangguang:{user.pk}".encode()).digest(),
        user_name=user.username,
        user_display_name=user.display_name,
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(user),
    )
    _note(request, NEW, options.challenge, user)
    return options_to_json(options)


def add_passkey(
    request: HttpRequest, place: Place, user: User, answer: str, name: str, *, actor: Actor | None
) -> SetUp | None:
    """设一个通行密钥。答的不是刚出的题、签名不对、设过的，为 ``None``。"""
    challenge = _asked(request, NEW, user)
    if challenge is None or len(answer) > LONGEST_ANSWER:
        return None
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        before = held_by(user)
        if len(before.passkeys) >= MAX_PASSKEYS:
            return None
        try:
            with transaction.atomic():
                Passkey.objects.create(
                    user=user,
                    credential_id=bytes_to_base64url(made.credential_id),
                    public_key=made.credential_public_key,
                    sign_count=made.sign_count,
                    transports=_transports(answer),
                    name=name.strip()[:NAME_LENGTH] or f"第 {len(before.passkeys) + 1} 个",
                    added_at=now,
                    used_at=now,
                )
        except IntegrityError:
            return None
        return SetUp(added(user, "passkey", is_first=not before.kinds, actor=actor))


def _transports(answer: str) -> list[str]:
    known = {each.value for each in AuthenticatorTransport}
    given = json.loads(answer).get("response", {}).get("transports") or []
    return [each for each in given if each in known] if isinstance(given, list) else []


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential_id),
            transports=[AuthenticatorTransport(name) for name in each.transports],
        )
        for each in user.passkeys.all()
    ]


# ---- 核对 ----


def ask(request: HttpRequest, place: Place, user: User | None) -> str:
    """核对的题目（JSON）；不知道是谁的，由浏览器列出这里能用的通行密钥给他选。"""
    options = generate_authentication_options(
        rp_id=place.domain,
        timeout=TIMEOUT_MILLISECONDS,
        allow_credentials=_known(user) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _note(request, GET, options.challenge, user)
    return options_to_json(options)


def check_passkey(
    request: HttpRequest, place: Place, user: User | None, answer: str
) -> User | None:
    """核对答案，返回是谁；``user`` 不为空的须是此人。不对的为 ``None``，认得出是谁的入审计。"""
    challenge = _asked(request, GET, user)
    if challenge is None or len(answer) > LONGEST_ANSWER:
        return None
    try:
        identifier = str(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError):
        return None
    with transaction.atomic():
        key = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(credential_id=identifier, user__is_active=True)
            .first()
        )
        if key is None or (user is not None and key.user_id != user.pk):
            return None
        if not _holds(key, place, challenge, answer):
            record_event(
                "accounts.fail_second_step", actor=None, by=key.user, target=key.user,
                public={"kind": "passkey"},
            )  # fmt: skip
            return None
        return key.user


def _holds(key: Passkey, place: Place, challenge: bytes, answer: str) -> bool:
    """签名对，次数比上次多（没有计次的除外）：次数退回去的，是被复制过。"""
    try:
        seen = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    key.sign_count, key.used_at = seen.new_sign_count, timezone.now()
    key.save(update_fields=["sign_count", "used_at"])
    return True


# ---- 去掉 ----


@transaction.atomic
def remove_passkey(user: User, passkey: int, *, actor: Actor | None) -> list[str]:
    """去掉自己的一个通行密钥，返回不能去掉的理由；去掉了为空。没有这一个抛出 ``Passkey.DoesNotExist``。"""
    User.objects.select_for_update().get(pk=user.pk)
    key = user.passkeys.get(pk=passkey)
    left = held_by(user).kinds - 1
    if faults := reasons_to_keep(user, left=left):
        return faults
    key.delete()
    removed(user, "passkey", left=left, actor=actor)
    return []


# ---- 题目 ----


def _note(request: HttpRequest, purpose: str, challenge: bytes, user: User | None) -> None:
    request.session[ASKED] = {
        "for": purpose,
        "user": user.pk if user else None,
        "challenge": bytes_to_base64url(challenge),
        "at": int(timezone.now().timestamp()),
    }


def _asked(request: HttpRequest, purpose: str, user: User | None) -> bytes | None:
    """刚出的题；取出来就作废。"""
    noted: dict[str, Any] | None = request.session.pop(ASKED, None)
    if noted is None or noted["for"] != purpose or noted["user"] != (user.pk if user else None):
        return None
    if timezone.now() - datetime.fromtimestamp(noted["at"], UTC) > ANSWER_WITHIN:
        return None
    return base64url_to_bytes(noted["challenge"])
