"""用统一身份认证登录：别家说是谁，先前绑定过的账号才认。权力仍只来自任职，不因登录而建账号。"""

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
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


def bind(user: User, identity: Identity, *, actor: Actor | None) -> str:
    """绑定，返回绑不了的理由；绑好了为空串。一个人一家一个，一个身份只属于一个人。"""
    try:
        with transaction.atomic():
            SignOnIdentity.objects.create(
                user=user, issuer=identity.issuer, subject=identity.subject,
                bound_at=timezone.now(),
            )  # fmt: skip
            record_event(
                "accounts.bind_sign_on", actor=actor, target=user,
                public={"issuer": identity.issuer}, personal={"subject": identity.subject},
            )  # fmt: skip
    except IntegrityError:
        if user.sign_on_identities.filter(issuer=identity.issuer).exists():
            return "您的账号已经绑定了一个身份。要换的，先解除原来的。"
        return "这个身份已经绑定了别的账号。不是您绑的，请告诉本单位的管理员。"
    return ""


@transaction.atomic
def unbind(user: User, *, actor: Actor | None) -> int:
    """解除全部绑定，返回几个。"""
    removed, _ = user.sign_on_identities.all().delete()
    if removed:
        record_event(
            "accounts.unbind_sign_on", actor=actor, target=user, public={"removed": removed}
        )
    return removed
