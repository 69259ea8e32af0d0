"""账号与任职的动作：登录的两步、选身份、会话的结束。"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.audit.services import record as record_event

from .models import RoleAssignment, Session, User
from .rules import (
    CONFIRMED_FOR,
    SEEN_EVERY,
    WAITS_FOR,
    Actor,
    needs_second_step,
    session_is_over,
)
from .selectors import actor_of, current_assignments, held_by
from .sessions import ENTRY

SESSION_KEY = "assignment"
BACKEND = "django.contrib.auth.backends.ModelBackend"
AGENT_LENGTH = 200

WAITING = "waiting"
"""会话里的一项：第一步过了，等第二步。"""

SIGN_IN, SECOND_STEP, IDENTITY, ENDED = "sign-in", "second-step", "identity", "ended"


@dataclass(frozen=True)
class Standing:
    """这次请求站在什么位置上：有身份的是 ``actor``；没有的，``needs`` 说要先做什么。

    ``needs``：``SIGN_IN`` 登录；``SECOND_STEP`` 这个身份还要第二步验证；``IDENTITY`` 选一个任职；
    ``ENDED`` 选定的任职失效了，另选。
    """

    actor: Actor | None
    needs: str = ""


@dataclass(frozen=True)
class Waiting:
    """第一步过了、等着第二步的人；``method`` 是第一步用的什么。"""

    user: User
    method: str


def wait_for_second_step(request: HttpRequest, user: User, method: str) -> None:
    """第一步过了：记在一个新的会话里，还没有登录，什么也看不到。"""
    request.session.flush()
    request.session[WAITING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "method": method,
        "at": int(timezone.now().timestamp()),
    }


@transaction.atomic
def note_wrong_password(request: HttpRequest, username: str) -> None:
    """口令不对，记在审计里；连错几次停用的，停用期间再试多少次都只记停用那一件。

    没有的账号不记：填在用户名里的，也许是谁的口令。
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        return
    is_locked = getattr(request, "axes_locked_out", False)
    action = "accounts.lock" if is_locked else "accounts.fail_password"
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    if is_locked and AuditEvent.objects.filter(user=user, action=action, at__gt=since).exists():
        return
    record_event(action, actor=None, by=user, target=user, public={"method": "口令"})


def waiting(request: HttpRequest) -> Waiting | None:
    """这个会话里等着第二步的人。等得太久，其间改了口令、停了用的，不算。"""
    noted = request.session.get(WAITING)
    if noted is None:
        return None
    since = datetime.fromtimestamp(noted["at"], UTC)
    user = User.objects.filter(pk=noted["user"], is_active=True).first()
    if user is None or timezone.now() - since >= WAITS_FOR:
        return None
    if not constant_time_compare(noted["password"], user.get_session_auth_hash()):
        return None
    return Waiting(user, noted["method"])


def enter(request: HttpRequest, user: User, method: str, *, second: bool = False) -> None:
    """登录：建立会话，记下几时、从哪里、用什么方式，有没有经过第二步。

    只有一个有效任职的当即采用，此后它失效也不会悄悄换成别的。
    """
    with transaction.atomic():
        request.session.pop(WAITING, None)
        login(request, user, BACKEND)
        _note_entry(request, method, second=second)
        held = list(current_assignments(user, timezone.localdate())[:2])
        if len(held) == 1:
            request.session[SESSION_KEY] = held[0].pk
        record_event(
            "accounts.sign_in", actor=None, by=user, target=user, public={"method": method}
        )


def confirm(request: HttpRequest, user: User, method: str, *, second: bool) -> None:
    """登录着的人又证明了一次是本人。"""
    entry = request.session[ENTRY]
    request.session[ENTRY] = entry | {
        "confirmed": int(timezone.now().timestamp()),
        "second": second or entry.get("second", False),
    }
    record_event("accounts.confirm", actor=None, by=user, target=user, public={"method": method})


def confirmed_lately(request: HttpRequest) -> bool:
    """刚刚证明过是本人：登录，或者再验证。"""
    entry = request.session.get(ENTRY)
    if entry is None:
        return False
    last = datetime.fromtimestamp(entry.get("confirmed", entry["at"]), UTC)
    return timezone.now() - last < CONFIRMED_FOR


def passed_second_step(request: HttpRequest) -> bool:
    """这个会话经过第二步没有。"""
    entry = request.session.get(ENTRY) or {}
    return bool(entry.get("second"))


def proved_lately(request: HttpRequest, user: User) -> bool:
    """改得了登录方式：刚刚证明过是本人；设过第二步验证的，这个会话还要经过它。"""
    return confirmed_lately(request) and (passed_second_step(request) or not held_by(user).kinds)


def note_second_step(request: HttpRequest) -> None:
    """刚设好第二步验证的，这个会话就算经过了：设的时候已经证明拿得出来。"""
    request.session[ENTRY] = request.session[ENTRY] | {"second": True}


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
            return _standing_as(request, actor_of(assignment))
    return Standing(None, IDENTITY if chosen is None else ENDED)


def _standing_as(request: HttpRequest, actor: Actor) -> Standing:
    required = settings.SECOND_STEP_REQUIRED and needs_second_step({actor.role})
    if required and not passed_second_step(request):
        return Standing(None, SECOND_STEP)
    return Standing(actor)


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


def _note_entry(request: HttpRequest, method: str, *, second: bool = False) -> None:
    now = int(timezone.now().timestamp())
    request.session[ENTRY] = {
        "at": now,
        "second": second,
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
