"""接口密钥的动作：发一把。撤销走 ``lifecycle.services.perform``。"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused, start
from yangguang.foundation.networks import network_fault
from yangguang.foundation.organisations.models import Organisation

from .models import MOST_PER_MINUTE, ApiKey, Done, KeyUse
from .rules import Token, scopes_fault
from .scopes import scope

LONGEST = timedelta(days=2 * 366)
"""一把密钥最长管这么久，到期另发。"""
KEPT = timedelta(days=30)
"""幂等键办成的事记这么久。"""


@dataclass(frozen=True)
class Issued:
    """发出的密钥；``token`` 只在刚发出时有，同一次提交再来一遍就没有了。"""

    key: ApiKey
    token: Token | None


@transaction.atomic
def issue(
    name: str,
    *,
    organisation: Organisation,
    scopes: Sequence[str],
    networks: Sequence[str],
    valid_from: date,
    valid_until: date,
    per_minute: int,
    actor: Actor,
    key: str,
) -> Issued:
    """发一把密钥。能写的另立一个不能登录的账号，任职到密钥的止日。

    不能发时抛出 ``Refused``，带上全部理由。同一人同一 ``key`` 只发一次，再来不再给全文。
    """
    if reasons := _reasons_against(
        name, organisation, scopes, networks, valid_from, valid_until, per_minute, actor
    ):
        raise Refused(reasons)
    token = Token(secrets.token_hex(6), secrets.token_urlsafe(32))
    made = ApiKey(
        organisation=organisation,
        name=name,
        prefix=token.prefix,
        digest=token.digest,
        scopes=list(scopes),
        networks=list(networks),
        valid_from=valid_from,
        valid_until=valid_until,
        per_minute=per_minute,
    )
    start(made, actor=actor, key=key)
    if made.prefix != token.prefix:
        return Issued(made, None)
    KeyUse.objects.create(api_key=made)
    if roles := [role for code in scopes if (role := _role(code))]:
        made.assignment = _account(made, roles[0], actor)
        made.save(update_fields=["assignment", "updated_at"])
    record_event(
        "api_keys.issue",
        actor=actor,
        target=made,
        public={
            "prefix": made.prefix,
            "organisation": organisation.code,
            "scopes": made.scopes,
            "networks": made.networks,
            "valid_from": valid_from.isoformat(),
            "valid_until": valid_until.isoformat(),
            "per_minute": per_minute,
        },
    )
    return Issued(made, token)


def forget_done() -> int:
    """忘掉三十天前办成的事，返回几件。"""
    deleted, _ = Done.objects.filter(claimed_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _role(code: str) -> str:
    found = scope(code)
    return found.role if found else ""


def _account(key: ApiKey, role: str, actor: Actor) -> RoleAssignment:
    """给这个系统单立的账号和任职：不能登录，办的事记在它名下。"""
    user = User.objects.create_user(f"api-{key.prefix}", f"{key.name}（接口）")
    held = RoleAssignment.objects.create(
        user=user,
        organisation=key.organisation,
        role=role,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
    )
    record_event("accounts.assign", actor=actor, target=held, public={"role": role})
    return held


def _reasons_against(
    name: str,
    organisation: Organisation,
    scopes: Sequence[str],
    networks: Sequence[str],
    valid_from: date,
    valid_until: date,
    per_minute: int,
    actor: Actor,
) -> list[str]:
    reasons = []
    if not ApiKey.policy.may_create(actor):
        reasons.append("只有系统管理员可以发密钥。")
    elif not actor.covers(organisation.pk, organisation.path):
        reasons.append(f"{organisation}不在您的范围内。")
    if not name.strip():
        reasons.append("请写明是哪个系统用。")
    if unknown := [code for code in scopes if scope(code) is None]:
        reasons.append(f"没有这样的权限：{'、'.join(unknown)}。")
    if fault := scopes_fault(map(_role, scopes)):
        reasons.append(fault)
    reasons += [fault for network in networks if (fault := network_fault(network))]
    if valid_until < valid_from:
        reasons.append("止日不能早于起日。")
    elif valid_until - valid_from > LONGEST:
        reasons.append("一把密钥最长管两年，到期另发。")
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        reasons.append(f"每分钟次数在 1 到 {MOST_PER_MINUTE} 之间。")
    return reasons
