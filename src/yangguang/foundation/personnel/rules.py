"""人员和任职：谁能授予什么，人员的一生。纯规则，不碰数据库、时钟和配置。"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yangguang.foundation.accounts.rules import (
    ADMINISTRATORS,
    AUDIT_ADMIN,
    SECURITY_ADMIN,
    SYSTEM_ADMIN,
    Actor,
)
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

ORGANISATION_ADMIN, SUPERVISOR, ASSESSOR = "organisation_admin", "supervisor", "assessor"
WORKING_ROLES = frozenset({
    "drafter", "reviewer", "approver", "secrecy_reviewer", "legality_reviewer",
    "request_officer", "counter_officer", "gazette_editor",
})  # fmt: skip
"""办事的角色：由机构管理员在自己的范围内授予。"""

GRANTS: Mapping[str, frozenset[str]] = {
    ORGANISATION_ADMIN: WORKING_ROLES | {ORGANISATION_ADMIN},
    SECURITY_ADMIN: WORKING_ROLES | {SUPERVISOR, ASSESSOR, ORGANISATION_ADMIN},
}
"""谁能授予哪些角色。机构管理员授予机构管理员的，只限下级机构。三员谁也授不了，见 ``grant_faults``。"""

READERS = frozenset({ORGANISATION_ADMIN, *ADMINISTRATORS})
MANAGERS = frozenset(GRANTS)
EVERYONE = WORKING_ROLES | READERS | {SUPERVISOR, ASSESSOR}
ACTIVE = EVERYONE - {SYSTEM_ADMIN, AUDIT_ADMIN}
"""系统管理员、审计管理员之外的：那两员在人员的事情上只看，不办。"""


@dataclass(frozen=True)
class Post:
    """一个岗位：在哪个机构、什么角色、含不含下级。``label`` 是给人看的写法，如“永靖县签发人”。"""

    role: str
    organisation_id: int
    organisation_path: str
    includes_subtree: bool
    label: str


def grant_faults(actor: Actor, post: Post, user_id: int | None) -> list[str]:
    """``actor`` 为什么不能把 ``post`` 授予（或从他那里收回）``user_id``，每条一句；可以则为空。

    ``user_id`` 为空是还没有账号的新人。
    """
    if user_id == actor.user_id:
        return ["不能给自己授予或结束任职，请由别的管理员办理。"]
    if post.role in ADMINISTRATORS:
        return [
            f"{post.label}是三员之一：由任命文件确定，运维人员在服务器上用命令 appoint 任免，不在工作台办理。"
        ]
    if post.role not in GRANTS.get(actor.role, ()):
        return [f"您现在的身份不能授予或结束{post.label}，请找安全管理员。"]
    if not actor.covers(post.organisation_id, post.organisation_path):
        return [f"{post.label}不在您管理的机构范围内。"]
    if post.includes_subtree and not actor.includes_subtree:
        return [f"您的任职不含下级，不能授予含下级的{post.label}。"]
    if actor.role == post.role == ORGANISATION_ADMIN and (
        post.organisation_id == actor.organisation_id
    ):
        return ["本机构的机构管理员由上级的机构管理员或安全管理员授予。"]
    return []


def management_faults(actor: Actor, posts: tuple[Post, ...], user_id: int) -> list[str]:
    """``actor`` 为什么管不了这个人的账号（重设登录、停用），每条一句；管得了则为空。

    他现在和将来的每个任职都得是 ``actor`` 授得出的：不然重设了登录，就等于拿到了自己授不出的权限。
    """
    if user_id == actor.user_id:
        return ["自己的账号由别的管理员办理。"]
    return [fault for post in posts for fault in grant_faults(actor, post, user_id)]


# ---- 人员的一生 ----


def is_the_person(context: GuardContext) -> list[str]:
    """只有本人能启用自己的账号。"""
    if context.actor.user_id == context.facts["user"]:
        return []
    return ["账号由本人凭一次性链接启用。"]


def may_manage(context: GuardContext) -> list[str]:
    """管得了这个人。"""
    return management_faults(context.actor, context.facts["posts"], context.facts["user"])


def may_stop(context: GuardContext) -> list[str]:
    """停用只减少权限，系统管理员可以停用任何业务人员；三员由任命的命令停。"""
    facts = context.facts
    if context.actor.role != SYSTEM_ADMIN:
        return may_manage(context)
    if any(post.role in ADMINISTRATORS for post in facts["posts"]):
        return ["三员由运维人员在服务器上用命令 appoint 免去，不在工作台停用。"]
    return []


PEOPLE = Lifecycle(
    name="people",
    label="人员",
    initial="invited",
    states={"invited": "已邀请", "active": "在用", "left": "已停用"},
    progress=("invited", "active"),
    transitions=(
        Transition(
            "accept", "启用账号", frozenset({"invited"}), "active", EVERYONE,
            guards=(is_the_person,),
        ),
        Transition(
            "leave", "停用", frozenset({"invited", "active"}), "left",
            MANAGERS | {SYSTEM_ADMIN}, guards=(may_stop,), needs_message=True,
            sentence="账号当即停用：所有会话当场结束，任职、代理和没有用过的链接一并作废，手上的事随后交接。",
        ),
        Transition(
            "reinstate", "恢复", frozenset({"left"}), "invited", MANAGERS,
            guards=(may_manage,), needs_message=True,
            sentence="恢复之后另授任职，再发一条链接，由本人重设口令。",
        ),
    ),
)  # fmt: skip
"""人员的转换表：邀请，本人启用，停用，恢复。账号能不能登录由它定。"""

_USERNAME = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")


def username_fault(username: str) -> str:
    """用户名为什么不行，一句话；行的为空串。"""
    if 3 <= len(username) <= 64 and _USERNAME.fullmatch(username):
        return ""
    return (
        "用户名用小写字母开头，由小写字母、数字和中间的点、横线组成，3 到 64 位，例如 wang.fang。"
    )


def period_faults(valid_from: date, valid_until: date | None, today: date) -> list[str]:
    """授予任职的起止日期有什么不对，每条一句。"""
    if valid_until is not None and valid_until < valid_from:
        return ["止日不能早于起日。"]
    if valid_until is not None and valid_until < today:
        return ["止日已经过去，这个任职一天也用不上。"]
    return []


# ---- 一次性链接 ----


def link_fault(*, is_used: bool, is_cancelled: bool, is_expired: bool) -> str:
    """一次性链接为什么不能用，一句话；能用为空串。"""
    if is_used:
        return "这条链接已经用过。链接只能用一次；不是您本人用的，请马上告诉本单位的管理员。"
    if is_cancelled:
        return "这条链接已经作废，请向本单位的管理员要新的。"
    if is_expired:
        return "这条链接过了期限，请向本单位的管理员要新的。"
    return ""
