"""演示账号：每个单位有信息员、审核人、签发人，其余角色各有一个。姓名都是“演示……”，不是真人。"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import perform, start
from yangguang.foundation.organisations.models import Kind, Level, Organisation
from yangguang.foundation.organisations.selectors import existing
from yangguang.foundation.personnel.models import StaffMember

PASSWORD = "Yangguang-2020"  # noqa: S105  演示口令，命令会印出来
SINCE = date(2018, 1, 1)
WRITERS = (Role.DRAFTER, Role.REVIEWER, Role.APPROVER)
KINDS = frozenset({Kind.GOVERNMENT, Kind.ADMINISTRATIVE, Kind.PARTY, Kind.VERTICAL})


@dataclass(frozen=True)
class Post:
    """一个演示账号和它的任职。"""

    username: str
    display_name: str
    organisation: str
    role: Role
    includes_subtree: bool = False


SPECIAL = (
    Post("office.supervisor", "演示监督员（州政府办公室）", "linxia", Role.SUPERVISOR, True),
    Post("yongjing.supervisor", "演示监督员（永靖县）", "yongjing", Role.SUPERVISOR, True),
    Post("office.secrecy", "演示保密审查员（州政府办公室）", "linxia-office", Role.SECRECY_REVIEWER),
    Post("justice.legality", "演示合法性审核员（州司法局）", "linxia-justice", Role.LEGALITY_REVIEWER),
    Post("office.request", "演示依申请公开经办人（州政府办公室）", "linxia-office", Role.REQUEST_OFFICER),
    Post("office.legality", "演示合法性审核员（州政府办公室）", "linxia-office", Role.LEGALITY_REVIEWER),
    Post("education.request", "演示依申请公开经办人（州教育局）", "linxia-education", Role.REQUEST_OFFICER),
    Post("yongjing.request", "演示依申请公开经办人（永靖县）", "yongjing", Role.REQUEST_OFFICER),
    Post("liujiaxia.request", "演示依申请公开经办人（刘家峡镇）", "yongjing-liujiaxia", Role.REQUEST_OFFICER),
    Post("office.counter", "演示窗口人员（州政府办公室）", "linxia-office", Role.COUNTER_OFFICER),
    Post("office.gazette", "演示公报编辑（州政府办公室）", "linxia-office", Role.GAZETTE_EDITOR),
    Post("assessor", "演示第三方评估专家", "linxia", Role.ASSESSOR, True),
    Post("office.admin", "演示机构管理员（州本级）", "linxia", Role.ORGANISATION_ADMIN, True),
    Post("yongjing.admin", "演示机构管理员（永靖县）", "yongjing", Role.ORGANISATION_ADMIN, True),
    Post("system.admin", "演示系统管理员", "linxia", Role.SYSTEM_ADMIN, True),
    Post("security.admin", "演示安全管理员", "linxia", Role.SECURITY_ADMIN, True),
    Post("audit.admin", "演示审计管理员", "linxia", Role.AUDIT_ADMIN, True),
)  # fmt: skip
"""各单位信息员、审核人、签发人之外的账号。三员各是一个人。"""

SHOWN = (
    "office.drafter", "office.reviewer", "office.approver", "office.supervisor",
    "education.approver", "yongjing.drafter", "yongjing.approver",
    "office.secrecy", "justice.legality", "office.request", "office.counter", "office.gazette",
    "assessor", "office.admin", "system.admin", "security.admin", "audit.admin",
)  # fmt: skip
"""启动时印出来的账号：每种角色至少一个。"""


def username_of(code: str, role: str) -> str:
    """某单位某角色的用户名：州级单位的代码去掉 ``linxia-``，例如 ``education.drafter``。

    县市的代码里也可能有 ``linxia-``（临夏市、临夏县），照写不去。
    """
    kept = ("linxia-city", "linxia-county")
    short = code if code.startswith(kept) else code.removeprefix("linxia-")
    return f"{short}.{role}"


def posts(organisations: Iterable[Organisation]) -> list[Post]:
    """全部演示账号。"""
    return [
        Post(
            username_of(unit.code, role),
            f"演示{role.label}（{unit.short_name}）",
            unit.code,
            role,
        )
        for unit in organisations
        if unit.kind in KINDS and unit.level != Level.TOWNSHIP
        for role in WRITERS
    ] + list(SPECIAL)


def settle_people(*days: date) -> int:
    """为 ``days`` 各日存在的单位建好演示账号，返回新建了几个。已有的账号和任职不动。

    账号建好就能用：口令是演示口令，人员已经启用。
    """
    units = {unit.code: unit for day in days for unit in existing(day)}
    wanted = posts(units.values())
    have = set(User.objects.values_list("username", flat=True))
    missing = [post for post in wanted if post.username not in have]
    with transaction.atomic():
        if missing:
            _create(missing, units)
        _enrol([post.username for post in wanted])
    return len(missing)


def _create(missing: Iterable[Post], units: Mapping[str, Organisation]) -> None:
    encoded = make_password(PASSWORD)
    created = 0
    for post in missing:
        user = User.objects.create(
            username=post.username, display_name=post.display_name, password=encoded
        )
        RoleAssignment.objects.create(
            user=user,
            organisation=units[post.organisation],
            role=post.role,
            valid_from=SINCE,
            includes_subtree=post.includes_subtree,
        )
        created += 1
    record_event(
        "demo.people", actor=None, target=None, target_label="演示账号",
        public={"created": created},
    )  # fmt: skip


def _enrol(usernames: Iterable[str]) -> None:
    """还不是人员的，补上人员，并已启用。"""
    for assignment in RoleAssignment.objects.filter(
        user__username__in=list(usernames), user__staff__isnull=True
    ).select_related("user", "organisation"):
        own, username = actor_of(assignment), assignment.user.username
        member = StaffMember(user=assignment.user, organisation=assignment.organisation)
        start(member, actor=own, key=f"demo.people:{username}")
        perform(member, "accept", actor=own, key=f"demo.people.accept:{username}")


class Staff:
    """各单位的经办人：按单位、角色取身份。一次查询。"""

    def __init__(self) -> None:
        self._actors = {
            assignment.user.username: actor_of(assignment)
            for assignment in RoleAssignment.objects.filter(
                user__display_name__startswith="演示", on_behalf_of__isnull=True
            ).select_related("user", "organisation")
        }

    def at(self, code: str, role: str) -> Actor:
        """``code`` 单位任 ``role`` 的人。"""
        return self._actors[username_of(code, role)]

    def named(self, username: str) -> Actor:
        """用户名为 ``username`` 的人。"""
        return self._actors[username]
