"""账号与任职的动作：登录、选身份、会话的结束。"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from yangguang.foundation.audit.services import record as record_event

from .models import RoleAssignment, Session, User
from .rules import SEEN_EVERY, Actor, session_is_over
from .selectors import actor_of, current_assignments
from .sessions import ENTRY

SESSION_KEY = "assignment"
BACKEND = "django.contrib.auth.backends.ModelBackend"
AGENT_LENGTH = 200

SIGN_IN, IDENTITY, ENDED = "sign-in", "identity", "ended"


@dataclass(frozen=True)
class Standing:
    """这次请求站在什么位置上：有身份的是 ``actor``；没有的，``needs`` 说要先做什么。

    ``needs``：``SIGN_IN`` 登录；``IDENTITY`` 选一个任职；``ENDED`` 选定的任职失效了，另选。
    """

    actor: Actor | None
    needs: str = ""


def enter(request: HttpRequest, user: User, method: str) -> None:
    """登录：建立会话，记下几时、从哪里、用什么方式。

    只有一个有效任职的当即采用，此后它失效也不会悄悄换成别的。
    """
    with transaction.atomic():
        login(request, user, BACKEND)
        _note_entry(request, method)
        held = list(current_assignments(user, timezone.localdate())[:2])
        if len(held) == 1:
            request.session[SESSION_KEY] = held[0].pk
        record_event("accounts.sign_in", actor=None, target=user, public={"method": method})


def assume(request: HttpRequest, assignment: RoleAssignment) -> Actor:
    """以某一任职行事，此后整个会话都用这个身份。

    任职必须属于当前登录者且当日有效，否则抛出 ``PermissionError``。
    """
    user = request.user
    if not isinstance(user, User) or assignment.user_id != user.pk:
        raise PermissionError("这不是您的任职。")
    if not current_assignments(user, timezone.localdate()).filter(pk=assignment.pk).exists():
        raise PermissionError("这一任职现在无效。")
    request.session[SESSION_KEY] = assignment.pk
    return actor_of(assignment)


def standing(request: HttpRequest) -> Standing:
    """这次请求以什么身份。任职到期、结束或账号停用后，下一次请求即失效。

    还没有选过而只有一个有效任职的，采用它并记住；选定的失效了，不会自己换成另一个。
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return Standing(None, SIGN_IN)
    if not _keep(request):
        return Standing(None, SIGN_IN)
    held = list(current_assignments(user, timezone.localdate()))
    chosen = request.session.get(SESSION_KEY)
    if chosen is None and len(held) == 1:
        request.session[SESSION_KEY] = chosen = held[0].pk
    for assignment in held:
        if assignment.pk == chosen:
            return Standing(actor_of(assignment))
    return Standing(None, IDENTITY if chosen is None else ENDED)


def _keep(request: HttpRequest) -> bool:
    """会话还能用：没有登录太久，也没有闲置太久。该结束的当场退出。"""
    entry = request.session.get(ENTRY)
    if entry is None:
        _note_entry(request, "")
        return True
    now = timezone.now()
    seen = datetime.fromtimestamp(entry["seen"], UTC)
    if session_is_over(
        datetime.fromtimestamp(entry["at"], UTC), seen, now,
        longest=timedelta(seconds=settings.SESSION_COOKIE_AGE), idle=settings.SESSION_IDLE,
    ):  # fmt: skip
        logout(request)
        return False
    if now - seen >= SEEN_EVERY:
        request.session[ENTRY] = entry | {"seen": int(now.timestamp())}
    return True


def _note_entry(request: HttpRequest, method: str) -> None:
    now = int(timezone.now().timestamp())
    request.session[ENTRY] = {
        "at": now,
        "seen": now,
        "address": client_address(request),
        "agent": request.headers.get("User-Agent", "").replace("\0", "")[:AGENT_LENGTH],
        "method": method,
    }


def end_sessions(sessions: QuerySet[Session]) -> int:
    """当场结束这些会话，返回几个：下一次请求就要重新登录。"""
    ended, _ = sessions.delete()
    return ended


def discard_sessions() -> int:
    """删去过期的会话，返回几个。"""
    return end_sessions(Session.objects.filter(expire_date__lt=timezone.now()))


def client_address(request: HttpRequest) -> str:
    """来访者的地址；不知道的为空串。"""
    return get_client_ip_address(request) or ""


def address_behind_proxy(request: HttpRequest) -> str:
    """访客的地址：反向代理写在 ``X-Real-IP`` 里的。只在生产用，代理必须覆盖访客自带的这一项。

    不这样，全单位在锁定规则眼里都是代理一个地址，谁连错五次都会锁住别人。
    """
    return str(request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR", ""))
