"""账号与任职的读取。"""

from datetime import date

from django.db.models import Q, QuerySet

from .models import RoleAssignment, User
from .rules import Actor


def current_assignments(user: User, on: date) -> QuerySet[RoleAssignment]:
    """此人在 ``on`` 当日有效的任职。一次查询。"""
    return (
        RoleAssignment.objects.filter(user=user, user__is_active=True, valid_from__lte=on)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        .select_related("organisation", "user")
        .order_by("organisation__path", "role")
    )


def actor_of(assignment: RoleAssignment) -> Actor:
    """把任职化为身份。机构和账号已随任职取出，不再查询。"""
    return Actor(
        user_id=assignment.user_id,
        display_name=assignment.user.display_name,
        assignment_id=assignment.pk,
        role=assignment.role,
        organisation_id=assignment.organisation_id,
        organisation_path=assignment.organisation.path,
        includes_subtree=assignment.includes_subtree,
    )
