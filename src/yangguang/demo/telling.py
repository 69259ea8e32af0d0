"""演示开门时告诉人的话：从哪里看起，用哪个账号登录。"""

from django.conf import settings

from yangguang.foundation.accounts.models import Role, RoleAssignment
from yangguang.hub.columns.selectors import sites
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of

from .loading import Loaded
from .people import PASSWORD, SHOWN


def addresses(base: str, loaded: Loaded) -> dict[str, str]:
    """要紧的几个地址，由名称到地址。``base`` 是末尾没有斜杠的网址。"""
    others = [site for site in sites() if site.pk != loaded.document.site_id]
    return {
        "首页": base + _path(loaded.document, "/"),
        **{f"{site.short_name}的站点": f"{base}{site.base}/" for site in others},
        "工作方案": base + _path(loaded.document),
        "任务落实": base + _path(loaded.ledger),
        "工作台登录": base + str(settings.LOGIN_URL),
    }


def _path(publication: Publication, path: str = "") -> str:
    return publication.site.base + (path or path_of(publication))


def logins() -> list[dict[str, str]]:
    """每种角色至少一个账号：角色、用户名、姓名，次序同 ``SHOWN``。一次查询。"""
    held = {
        assignment.user.username: assignment
        for assignment in RoleAssignment.objects.filter(user__username__in=SHOWN).select_related(
            "user"
        )
    }
    return [
        {
            "role": Role(held[username].role).label,
            "username": username,
            "name": held[username].user.display_name,
        }
        for username in SHOWN
    ]


def greeting(base: str, loaded: Loaded) -> str:
    """地址和账号，排成几行。"""
    width = max(len(login["username"]) for login in logins())
    return "\n".join(
        [
            *(f"{name}：{address}" for name, address in addresses(base, loaded).items()),
            f"演示账号（口令都是 {PASSWORD}）：",
            *(f"  {login['username']:<{width}}  {login['name']}" for login in logins()),
        ]
    )
