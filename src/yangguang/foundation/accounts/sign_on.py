"""用统一身份认证登录：别家说是谁，先前绑定过的账号才认。权力仍只来自任职，不因登录而建账号。"""

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.oidc.claims import Identity
from yangguang.foundation.oidc.client import Client, Errand, Failed
from yangguang.foundation.oidc.provider import Provider

from .models import SignOnIdentity, User
from .rules import WAITS_FOR, Actor

METHOD = "统一身份认证"
SENT = "sign-on"
"""会话里的一项：送人去提供者那里时记下的。"""
log = logging.getLogger("yangguang.sign_on")


@dataclass(frozen=True)
class Returned:
    """从提供者那里回来的人。``binding`` 是要绑定的账号，为空的是来登录；``next`` 是办完去哪里。"""

    identity: Identity
    binding: int | None
    next: str


def provider() -> Provider | None:
    """接着哪一家；没有接为 ``None``。"""
    found: Provider | None = settings.SIGN_ON
    return found


@cache
def client_of(found: Provider) -> Client:
    """那一家的客户端，一个进程一个：公开信息和公钥记在里面。"""
    return Client(found)


def send(request: HttpRequest, found: Provider, *, binding: User | None, target: str) -> str:
    """送人过去的地址。提供者不应答的抛出 ``Failed``。"""
    errand = Errand.new()
    address = client_of(found).address(errand, _back(request))
    request.session[SENT] = {
        **asdict(errand),
        "binding": binding.pk if binding else None,
        "next": target,
        "at": int(timezone.now().timestamp()),
    }
    return address


def returned(request: HttpRequest, found: Provider) -> Returned:
    """人回来了：是谁。不能信的抛出 ``Failed``；记下的那几样用一次就作废。"""
    noted = request.session.pop(SENT, None)
    now = timezone.now()
    if noted is None or now - datetime.fromtimestamp(noted["at"], UTC) > WAITS_FOR:
        raise Failed("这次登录不是从这里开始的，或者隔得太久了，请重新来过。", "没有记下")
    errand = Errand(noted["state"], noted["nonce"], noted["verifier"])
    answer = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    try:
        identity = client_of(found).identify(answer, errand, _back(request), int(now.timestamp()))
    except Failed as failed:
        log.warning("统一身份认证没有办成：%s", failed.detail)
        raise
    return Returned(identity, noted["binding"], noted["next"])


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("accounts:sign-on-back"))


def bound_to(identity: Identity) -> User | None:
    """绑定了这个身份的账号，启用着的。一次查询。"""
    found = SignOnIdentity.objects.select_related("user").filter(
        issuer=identity.issuer, subject=identity.subject, user__is_active=True
    )
    row = found.first()
    return row.user if row else None


def note_use(user: User, identity: Identity) -> None:
    """记下用过一次。"""
    user.sign_on_identities.filter(issuer=identity.issuer).update(used_at=timezone.now())


class Clash(Enum):
    """为什么绑不了：这个账号已经绑了一个身份，或者这个身份已经绑了别的账号。"""

    ACCOUNT = "account"
    IDENTITY = "identity"


def bind(
    user: User, issuer: str, subject: str, *, actor: Actor | None, note: str = ""
) -> Clash | None:
    """绑定，返回为什么绑不了；绑好了为空。一个人一家一个，一个身份只属于一个人。"""
    try:
        with transaction.atomic():
            SignOnIdentity.objects.create(
                user=user, issuer=issuer, subject=subject, bound_at=timezone.now()
            )
            record_event(
                "accounts.bind_sign_on", actor=actor, target=user, public={"issuer": issuer},
                personal={"subject": subject}, note=note,
            )  # fmt: skip
    except IntegrityError:
        is_bound = user.sign_on_identities.filter(issuer=issuer).exists()
        return Clash.ACCOUNT if is_bound else Clash.IDENTITY
    return None


@transaction.atomic
def unbind(user: User, *, actor: Actor | None, note: str = "") -> int:
    """解除全部绑定，返回几个。"""
    removed, _ = user.sign_on_identities.all().delete()
    if removed:
        record_event(
            "accounts.unbind_sign_on", actor=actor, target=user, public={"removed": removed},
            note=note,
        )  # fmt: skip
    return removed
