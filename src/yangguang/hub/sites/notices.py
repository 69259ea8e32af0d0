"""站点的通知：申请开设、下线、关停等主管单位的人批，没有同意的告诉申请的人。"""

from yangguang.foundation.notify.audiences import Keeper, Person, Roles
from yangguang.foundation.notify.registry import LivingNotices, register
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.site_life import AUTHORITY

from .models import SiteOpening

register(
    LivingNotices(
        Site,
        "站点",
        "workbench:sites-record",
        waits={"offline_asked": Roles(AUTHORITY), "closing_asked": Roles(AUTHORITY)},
        returns={"decline_offline": Person("asked_by"), "decline_closing": Person("asked_by")},
    )
)
register(
    LivingNotices(
        SiteOpening,
        "开设站点",
        "workbench:site-openings-record",
        waits={"asked": Roles(AUTHORITY)},
        returns={"return": Keeper(AUTHORITY)},
    )
)
