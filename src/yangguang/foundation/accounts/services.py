"""账号与任职的动作。"""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from .models import RoleAssignment, User
from .rules import Actor
from .selectors import actor_of, current_assignments

SESSION_KEY = "assignment"


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


def acting(request: HttpRequest, on: date | None = None) -> Actor | None:
    """本次请求的身份。任职到期、撤销或账号停用后，下一次请求即失效。

    只有一个有效任职时直接采用；有几个而尚未选定时为 ``None``。
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return None
    held = list(current_assignments(user, on or timezone.localdate()))
    chosen = request.session.get(SESSION_KEY)
    for assignment in held:
        if assignment.pk == chosen:
            return actor_of(assignment)
    return actor_of(held[0]) if len(held) == 1 else None


def address_behind_proxy(request: HttpRequest) -> str:
    """访客的地址：反向代理写在 ``X-Real-IP`` 里的。只在生产用，代理必须覆盖访客自带的这一项。

    不这样，全单位在锁定规则眼里都是代理一个地址，谁连错五次都会锁住别人。
    """
    return str(request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR", ""))
