"""公众的会话：一个随机的 Cookie，库里只有它的摘要。不用 Django 的会话，所以与工作人员的混不到一起。"""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yangguang.foundation.accounts.rules import session_is_over

from .models import Resident, ResidentSession
from .rules import ERRAND_FOR, IDLE, LONGEST, SEEN_EVERY


def held(request: HttpRequest) -> ResidentSession | None:
    """这次请求带着的会话；没有 Cookie 的不查库，有的一次查询。过时的当作没有。"""
    token = request.COOKIES.get(settings.RESIDENT_COOKIE, "")
    if not token:
        return None
    found = (
        ResidentSession.objects.select_related("resident")
        .filter(token_digest=_digest(token))
        .first()
    )
    return None if found is None or _is_over(found, timezone.now()) else found


def touch(session: ResidentSession) -> None:
    """记下最近使用；隔得不久的不写。"""
    now = timezone.now()
    if now - session.seen_at >= SEEN_EVERY:
        ResidentSession.objects.filter(pk=session.pk).update(seen_at=now)


def open_session(resident: Resident | None, errand: dict[str, Any] | None) -> str:
    """开一个新的会话，返回写进 Cookie 的密文。"""
    token, now = secrets.token_urlsafe(32), timezone.now()
    ResidentSession.objects.create(
        token_digest=_digest(token), resident=resident, errand=errand, begun_at=now, seen_at=now
    )
    return token


def give(response: HttpResponse, token: str) -> None:
    """把会话交给浏览器：脚本读不到，关掉浏览器就没有了。"""
    response.set_cookie(
        settings.RESIDENT_COOKIE, token, path="/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def take_back(response: HttpResponse) -> None:
    """叫浏览器丢掉会话。"""
    response.set_cookie(
        settings.RESIDENT_COOKIE, "", max_age=0, path="/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def discard_sessions(now: datetime) -> int:
    """删去过时的会话，返回几个。"""
    gone, _ = ResidentSession.objects.filter(
        Q(begun_at__lt=now - LONGEST)
        | Q(seen_at__lt=now - IDLE - SEEN_EVERY)
        | Q(resident=None, begun_at__lt=now - ERRAND_FOR)
    ).delete()
    return gone


def _is_over(session: ResidentSession, now: datetime) -> bool:
    if session.resident_id is None:
        return now - session.begun_at >= ERRAND_FOR
    return session_is_over(session.begun_at, session.seen_at, now, longest=LONGEST, idle=IDLE)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
