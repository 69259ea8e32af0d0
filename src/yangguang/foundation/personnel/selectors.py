"""人员和任职的读取。"""

import hashlib
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor, Held
from yangguang.foundation.accounts.selectors import in_force, not_over, organisations_within
from yangguang.foundation.organisations.models import Organisation

from .models import Deputyship, EntryLink, StaffMember
from .rules import GRANTS, Post


def live_assignments(user: User) -> QuerySet[RoleAssignment]:
    """此人现在有效和将来才起的任职，代理的在内；到期的、提前结束的不算。一次查询。"""
    return (
        RoleAssignment.objects.filter(not_over(timezone.localdate()), user=user)
        .select_related("organisation", "user", "on_behalf_of__user")
        .order_by("organisation__path", "role", "pk")
    )


def all_assignments(user: User) -> QuerySet[RoleAssignment]:
    """此人的全部任职，新的在前。一次查询。"""
    return (
        RoleAssignment.objects.filter(user=user)
        .select_related("organisation", "user", "on_behalf_of__user")
        .order_by("-valid_from", "-pk")
    )


def post_label(organisation: Organisation, role_label: str, includes_subtree: bool) -> str:
    """岗位的写法：“永靖县签发人”，含下级的注明。"""
    return f"{organisation.short_name}{role_label}{'（含下级）' if includes_subtree else ''}"


def post_of(assignment: RoleAssignment) -> Post:
    """任职所占的岗位。机构已随任职取出，不再查询。"""
    organisation = assignment.organisation
    subtree = assignment.includes_subtree
    label = post_label(organisation, assignment.get_role_display(), subtree)
    return Post(assignment.role, organisation.pk, organisation.path, subtree, label)


def held_of(assignment: RoleAssignment) -> Held:
    """任职的角色和期间。"""
    label = post_of(assignment).label
    return Held(assignment.role, assignment.valid_from, assignment.valid_until, label)


def posts_of(user: User) -> tuple[Post, ...]:
    """此人现在和将来的岗位。一次查询。"""
    return tuple(post_of(assignment) for assignment in live_assignments(user))


def manageable_organisations(actor: Actor) -> QuerySet[Organisation]:
    """管理员范围内现存的机构，按树的次序；不是管理员的一个也没有。用时一次查询。"""
    return organisations_within(actor) if actor.role in GRANTS else Organisation.objects.none()


def colleagues(organisation_id: int, on: date) -> QuerySet[User]:
    """在这个机构有岗位的人：所在单位是它，或者当日在那里有任职。一次查询。"""
    posted = RoleAssignment.objects.filter(
        in_force(on), organisation=organisation_id, on_behalf_of__isnull=True
    )
    return (
        User.objects.filter(is_active=True, staff__isnull=False)
        .filter(Q(staff__organisation=organisation_id) | Q(pk__in=posted.values("user")))
        .order_by("display_name", "pk")
    )


def deputyships_of(user: User, on: date) -> QuerySet[Deputyship]:
    """与此人有关的、没有过去的代理：他请人代的，他代别人的。一次查询。"""
    return (
        Deputyship.objects.filter(Q(principal__user=user) | Q(deputy=user), valid_until__gte=on)
        .filter(state="arranged", acts_as__ended_at__isnull=True)
        .select_related("organisation", "principal__user", "deputy", "acts_as")
        .order_by("valid_from", "pk")
    )


def link_digest(token: str) -> str:
    """一次性链接的摘要。密文有 256 位随机，不怕穷举，所以不用慢的散列。"""
    return hashlib.sha256(token.encode()).hexdigest()


def find_link(token: str) -> EntryLink | None:
    """按链接里的密文取；没有为 ``None``。一次查询。"""
    return (
        EntryLink.objects.filter(digest=link_digest(token))
        .select_related("user__staff__organisation")
        .first()
    )


def last_holders(assignment: RoleAssignment, on: date) -> int:
    """这个机构里同一角色除此之外还有几个人在任。一次查询。"""
    return (
        RoleAssignment.objects.filter(
            in_force(on), organisation=assignment.organisation_id, role=assignment.role
        )
        .exclude(user=assignment.user_id)
        .values("user")
        .distinct()
        .count()
    )


def left_members(actor: Actor) -> QuerySet[StaffMember]:
    """范围内已经停用的人。用时一次查询。"""
    return StaffMember.policy.visible(actor).filter(state="left")
