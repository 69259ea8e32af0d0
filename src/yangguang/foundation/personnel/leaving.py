"""离岗：账号关上的那一刻，断开一切。由人员的流转在同一事务里调用。"""

from datetime import datetime

from django.db.models import Q

from yangguang.foundation.accounts.models import RoleAssignment, Session, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.second_steps import clear_second_steps
from yangguang.foundation.accounts.services import end_sessions
from yangguang.foundation.accounts.sign_on import unbind
from yangguang.foundation.audit.services import record as record_event

from .models import EntryLink


def close_account(user: User, *, actor: Actor, at: datetime) -> None:
    """结束全部会话、任职、代理和没有用过的链接，口令、第二步验证、统一身份认证的绑定作废；各有几样入审计。"""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    clear_second_steps(user)
    unbind(user, actor=actor)
    ended = end_assignments(user, at=at)
    cancelled = cancel_links(user, at=at)
    sessions = end_sessions(Session.objects.filter(user=user))
    record_event(
        "accounts.close",
        actor=actor,
        target=user,
        public={"assignments": ended, "links": cancelled, "sessions": sessions},
    )


def end_assignments(user: User, *, at: datetime) -> int:
    """结束此人的全部任职，连同别人代他的，返回几个。"""
    return end_all(Q(user=user), at=at)


def end_all(which: Q, *, at: datetime) -> int:
    """结束合条件的任职，连同代它们的；已经结束的不动。返回几个。"""
    found = RoleAssignment.objects.filter(which).values("pk")
    return RoleAssignment.objects.filter(
        Q(pk__in=found) | Q(on_behalf_of__in=found), ended_at__isnull=True
    ).update(ended_at=at)


def cancel_links(user: User, *, at: datetime) -> int:
    """作废此人没有用过的链接，返回几条。"""
    open_links = EntryLink.objects.filter(
        user=user, used_at__isnull=True, cancelled_at__isnull=True
    )
    return open_links.update(cancelled_at=at)
