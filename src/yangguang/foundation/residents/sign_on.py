"""公众到省里登录的一来一回。与工作人员的 ``accounts.sign_on`` 各有各的客户端、地址和会话。"""

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.oidc.claims import Identity
from yangguang.foundation.oidc.client import Client, Errand, Failed
from yangguang.foundation.oidc.provider import Provider

from .claims import real_name
from .models import ResidentSession
from .rules import ERRAND_FOR, RealName, faults
from .sessions import open_session

log = logging.getLogger("yangguang.residents")


@dataclass(frozen=True)
class Returned:
    """从省里回来的人；``next`` 是办完去哪里。"""

    identity: Identity
    real_name: RealName
    next: str


def provider() -> Provider | None:
    """接着哪一家；没有接为 ``None``。"""
    found: Provider | None = settings.RESIDENT_SIGN_ON
    return found


@cache
def client_of(found: Provider) -> Client:
    """那一家的客户端，一个进程一个。"""
    return Client(found)


def send(request: HttpRequest, found: Provider, target: str) -> tuple[str, str]:
    """送人过去：地址，和记着这一趟的会话的密文。提供者不应答的抛出 ``Failed``。"""
    errand = Errand.new()
    address = client_of(found).address(errand, _back(request))
    noted = {**asdict(errand), "next": target, "at": int(timezone.now().timestamp())}
    return address, open_session(None, noted)


def returned(request: HttpRequest, found: Provider, session: ResidentSession | None) -> Returned:
    """人回来了：是谁。不能信的、身份不全的抛出 ``Failed``；记下的那几样用一次就作废。"""
    now = timezone.now()
    noted = _take(session)
    if noted is None or now - datetime.fromtimestamp(noted["at"], UTC) >= ERRAND_FOR:
        raise Failed("这次登录不是从这里开始的，或者隔得太久了，请重新来过。", "没有记下")
    errand = Errand(noted["state"], noted["nonce"], noted["verifier"])
    answer = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    try:
        identity = client_of(found).identify(
            answer, errand, _back(request), int(now.timestamp()), asks_more=True
        )
        return Returned(identity, _trusted(identity, found), noted["next"])
    except Failed as failed:
        log.warning("公众的实名登录没有办成：%s", failed.detail)
        raise


def _take(session: ResidentSession | None) -> dict[str, Any] | None:
    """取走记下的这一趟；没有的、同时来的另一个已经取走的为空。"""
    if session is None or session.errand is None:
        return None
    kept = ResidentSession.objects.filter(pk=session.pk, errand__isnull=False)
    noted: dict[str, Any] = session.errand
    return noted if kept.update(errand=None) else None


def _trusted(identity: Identity, found: Provider) -> RealName:
    given = real_name(identity.claims, settings.RESIDENT_VOCABULARY)
    wrong = ["没有说明是自然人还是单位。"] if given is None else faults(given, timezone.localdate())
    if given is None or wrong:
        told = (
            f"{found.name}里您的实名信息现在不能用来登录：{''.join(wrong)}"
            "有缺的、有错的，请到那里补全、更正，再回来登录。"
        )
        raise Failed(told, "身份不全或者不合格")
    return given


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("residents:sign-in-back"))
