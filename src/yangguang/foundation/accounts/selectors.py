"""账号与任职的读取。"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import existing

from .models import Passkey, RoleAssignment, Totp, User
from .rules import Actor, needs_second_step


def not_over(on: date, prefix: str = "") -> Q:
    """条件：任职到 ``on`` 当日没有到期，也没有提前结束；将来才起的也算。``prefix`` 是外键的前缀。"""
    until = f"{prefix}valid_until"
    return Q(
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": on}),
        **{f"{prefix}ended_at__isnull": True},
    )


def in_force(on: date, prefix: str = "") -> Q:
    """条件：任职在 ``on`` 当日有效——日期在内，没有提前结束，账号启用。``prefix`` 是外键的前缀。"""
    return not_over(on, prefix) & Q(
        **{f"{prefix}valid_from__lte": on, f"{prefix}user__is_active": True}
    )


def current_assignments(user: User, on: date) -> QuerySet[RoleAssignment]:
    """此人在 ``on`` 当日有效的任职；代理的，所代的任职也要有效。一次查询。"""
    own = Q(on_behalf_of__isnull=True)
    return (
        RoleAssignment.objects.filter(in_force(on), user=user)
        .filter(own | in_force(on, "on_behalf_of__"))
        .select_related("organisation", "user", "on_behalf_of__user")
        .order_by("organisation__path", "role", "pk")
    )


def actor_of(assignment: RoleAssignment) -> Actor:
    """把任职化为身份。机构、账号和所代的人已随任职取出，不再查询。"""
    principal = assignment.on_behalf_of.user if assignment.on_behalf_of else None
    return Actor(
        user_id=assignment.user_id,
        display_name=assignment.user.display_name,
        assignment_id=assignment.pk,
        role=assignment.role,
        organisation_id=assignment.organisation_id,
        organisation_path=assignment.organisation.path,
        includes_subtree=assignment.includes_subtree,
        behalf_user_id=principal.pk if principal else None,
        behalf_name=principal.display_name if principal else "",
    )


def organisations_within(actor: Actor) -> QuerySet[Organisation]:
    """任职范围内现存的机构，按树的次序。用时一次查询。"""
    found = existing()
    if actor.includes_subtree:
        return found.filter(path__startswith=actor.organisation_path)
    return found.filter(pk=actor.organisation_id)


def ever_within(actor: Actor) -> Q:
    """条件：任职范围内的机构，撤销了的也算——从前的记录还在它名下。"""
    if actor.includes_subtree:
        return Q(path__startswith=actor.organisation_path)
    return Q(pk=actor.organisation_id)


# ---- 第二步验证 ----


@dataclass(frozen=True)
class Held:
    """一个人设好的第二步验证：动态码，通行密钥，还剩几个备用码。"""

    totp: Totp | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def kinds(self) -> int:
        """有几种；备用码不单算一种。"""
        return int(self.totp is not None) + len(self.passkeys)

    @property
    def told(self) -> str:
        """给管理员看的写法。"""
        if not self.kinds:
            return "没有设"
        kinds = ["动态码"] if self.totp else []
        kinds += [f"{len(self.passkeys)} 个通行密钥"] if self.passkeys else []
        return f"{'、'.join(kinds)}；备用码还剩 {self.codes_left} 个"


def held_by(user: User) -> Held:
    """此人设好的第二步验证。三次查询。"""
    return Held(
        Totp.objects.filter(user=user).first(),
        list(user.passkeys.all()),
        user.recovery_codes.filter(used_at__isnull=True).count(),
    )


def roles_of(user: User) -> set[str]:
    """此人今天有效的任职的角色。一次查询。"""
    return {each.role for each in current_assignments(user, timezone.localdate())}


def must_have_second_step(user: User) -> bool:
    """此人登录是不是必须有第二步。不要求的一次也不查，要求的一次查询。"""
    return settings.SECOND_STEP_REQUIRED and needs_second_step(roles_of(user))
