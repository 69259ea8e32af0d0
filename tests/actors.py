"""测试用的机构、账号与任职。"""

from datetime import date

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.organisations.models import Kind, Level, Organisation
from yangguang.foundation.organisations.rules import demonstration_uscc


def organisation(
    code: str = "city", parent: Organisation | None = None, **fields: object
) -> Organisation:
    """一个机构；没有给出的字段取常用值。"""
    values = {
        "code": code,
        "name": f"{code}全称",
        "short_name": code,
        "level": Level.PREFECTURE,
        "kind": Kind.GOVERNMENT,
        "uscc": demonstration_uscc(code),
        "uscc_is_demonstration": True,
    } | fields
    instance = Organisation(**values)
    if parent is None:
        return Organisation.objects.add_root(instance=instance)
    return Organisation.objects.add_child(Organisation.objects.get(pk=parent.pk), instance=instance)


def actor(role: str, at: Organisation, *, username: str = "", subtree: bool = False) -> Actor:
    """在 ``at`` 任 ``role`` 的一个新账号的身份。"""
    name = username or f"{role}-{at.code}"
    user = User.objects.filter(username=name).first() or User.objects.create_user(
        name, f"测试{name}"
    )
    assignment, _ = RoleAssignment.objects.get_or_create(
        user=user,
        organisation=at,
        role=role,
        valid_from=date(2020, 1, 1),
        defaults={"includes_subtree": subtree},
    )
    return actor_of(assignment)
