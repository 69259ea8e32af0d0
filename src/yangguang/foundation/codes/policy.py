"""代码表谁能看、谁能改。"""

from yangguang.foundation.accounts.rules import SYSTEM_ADMIN, Actor
from yangguang.foundation.organisations.models import Organisation

MAINTAINERS = frozenset({"supervisor", SYSTEM_ADMIN})


def may_see(actor: Actor | None) -> bool:
    """主管部门的监督员、系统管理员。"""
    return actor is not None and actor.role in MAINTAINERS


def may_maintain(actor: Actor | None) -> bool:
    """各机构用的是同一套代码：只由本平台最上一级机构的监督员、系统管理员改。"""
    return (
        may_see(actor)
        and actor is not None
        and len(actor.organisation_path) == Organisation.steplen
    )
