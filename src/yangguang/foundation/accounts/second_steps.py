"""第二步验证的动作：设、去掉、核对、重设。每一样同在一个事务里入审计。"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.encryption import Unreadable, keyed_digests, seal, unseal

from .models import RecoveryCode, SecondStepTries, Session, Totp, User
from .one_time_codes import folded, is_recovery_code, new_recovery_codes, step_matching
from .rules import Actor, Tries, removal_faults
from .selectors import held_by, roles_of
from .services import end_sessions

TOTP, RECOVERY = "动态码", "备用码"
_SECRET, _CODE = "accounts.totp", "accounts.recovery-code"
NEVER = -1


@dataclass(frozen=True)
class Outcome:
    """核对的结果：过了的，``method`` 是用什么过的；没有过的为空，``is_stopped`` 说是不是停用了。"""

    method: str = ""
    is_stopped: bool = False


def check_code(user: User, typed: str) -> Outcome:
    """核对动态码或备用码，连错五次停用半小时。同一个码两处同时来，只有一处过。"""
    now = timezone.now()
    limit, cool_off = _limits()
    with transaction.atomic():
        row = _tries(user, now)
        tries = Tries(row.count, row.last_at)
        if tries.is_stopped(now, limit=limit, cool_off=cool_off):
            return Outcome(is_stopped=True)
        method = _use_recovery_code(user, typed, now) or _use_totp(user, typed, now)
        if method:
            row.delete()
            return Outcome(method)
        row.count, row.last_at = tries.counted(now, cool_off=cool_off), now
        row.save(update_fields=["count", "last_at"])
        record_event(
            "accounts.fail_second_step", actor=None, by=user, target=user,
            public={"count": row.count},
        )  # fmt: skip
        return Outcome(is_stopped=row.count >= limit)


def _limits() -> tuple[int, timedelta]:
    """与口令的一样。"""
    return settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME


def _tries(user: User, now: datetime) -> SecondStepTries:
    """锁住这个人的计数：一批同时来的，一个一个核对。"""
    SecondStepTries.objects.get_or_create(user=user, defaults={"count": 0, "last_at": now})
    return SecondStepTries.objects.select_for_update().get(user=user)


def _use_totp(user: User, typed: str, now: datetime) -> str:
    device = Totp.objects.select_for_update().filter(user=user).first()
    if device is None:
        return ""
    try:
        secret = unseal(device.secret, _SECRET)
    except Unreadable:
        return ""
    step = step_matching(secret, typed, now, after=device.last_step)
    if step is None:
        return ""
    device.last_step, device.used_at = step, now
    device.save(update_fields=["last_step", "used_at"])
    return TOTP


def _use_recovery_code(user: User, typed: str, now: datetime) -> str:
    if not is_recovery_code(typed):
        return ""
    unused = RecoveryCode.objects.filter(
        user=user, used_at__isnull=True, digest__in=_digests(user, typed)
    )
    return RECOVERY if unused.update(used_at=now) else ""


def _digests(user: User, code: str) -> list[str]:
    return keyed_digests(f"{user.pk}:{folded(code)}".encode(), _CODE)


# ---- 设、换、去掉 ----


@dataclass(frozen=True)
class SetUp:
    """设好了；``codes`` 是随头一种发下的备用码，只在这时有。"""

    codes: list[str]


@transaction.atomic
def set_up_totp(user: User, secret: bytes, typed: str, *, actor: Actor | None) -> SetUp | None:
    """设动态码，原来的换掉。``typed`` 不是这把密钥现在的码、或者用过了，为 ``None``。"""
    now = timezone.now()
    User.objects.select_for_update().get(pk=user.pk)
    before = held_by(user)
    step = step_matching(secret, typed, now, after=_last_step(before.totp, secret))
    if step is None:
        return None
    Totp.objects.update_or_create(
        user=user,
        defaults={
            "secret": seal(secret, _SECRET), "last_step": step, "added_at": now, "used_at": now,
        },
    )  # fmt: skip
    return SetUp(added(user, "totp", is_first=not before.kinds, actor=actor))


def _last_step(device: Totp | None, secret: bytes) -> int:
    """同一把密钥又交一遍的，用过的码照样不认。"""
    if device is None:
        return NEVER
    try:
        return device.last_step if unseal(device.secret, _SECRET) == secret else NEVER
    except Unreadable:
        return NEVER


def added(user: User, kind: str, *, is_first: bool, actor: Actor | None) -> list[str]:
    """多了一种第二步验证：入审计；头一种的发一批备用码。在调用者的事务里。"""
    record_event("accounts.add_second_step", actor=actor, target=user, public={"kind": kind})
    return renew_codes(user, actor=actor) if is_first else []


@transaction.atomic
def renew_codes(user: User, *, actor: Actor | None) -> list[str]:
    """换一批备用码，旧的随即作废。"""
    codes = new_recovery_codes()
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digests(user, code)[0]) for code in codes
    )
    record_event("accounts.renew_codes", actor=actor, target=user, public={"codes": len(codes)})
    return codes


@transaction.atomic
def remove_totp(user: User, *, actor: Actor | None) -> list[str]:
    """去掉动态码，返回不能去掉的理由；去掉了为空。"""
    User.objects.select_for_update().get(pk=user.pk)
    held = held_by(user)
    if held.totp is None:
        return ["没有设动态码。"]
    if faults := reasons_to_keep(user, left=held.kinds - 1):
        return faults
    held.totp.delete()
    removed(user, "totp", left=held.kinds - 1, actor=actor)
    return []


def reasons_to_keep(user: User, *, left: int) -> list[str]:
    """为什么不能去掉一种。一次查询。"""
    return removal_faults(roles_of(user), required=settings.SECOND_STEP_REQUIRED, left=left)


def removed(user: User, kind: str, *, left: int, actor: Actor | None) -> None:
    """少了一种：一种也没有了，备用码也作废。在调用者的事务里。"""
    if not left:
        user.recovery_codes.all().delete()
    record_event("accounts.remove_second_step", actor=actor, target=user, public={"kind": kind})


# ---- 丢了的，由管理员重设 ----


def forget_second_steps(user: User, *, actor: Actor | None, note: str = "") -> int:
    """全部去掉，会话当场结束，返回结束了几个会话。管不管得着由调用者先问过。在调用者的事务里。"""
    clear_second_steps(user)
    ended = end_sessions(Session.objects.filter(user=user))
    record_event(
        "accounts.reset_second_step", actor=actor, target=user, public={"sessions": ended},
        note=note,
    )  # fmt: skip
    return ended


def clear_second_steps(user: User) -> None:
    """动态码、通行密钥、备用码、连错的次数，一样不留。在调用者的事务里。"""
    user.passkeys.all().delete()
    Totp.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    SecondStepTries.objects.filter(user=user).delete()
