"""开设站点的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.site_life import AUTHORITY

if TYPE_CHECKING:
    from .models import SiteOpening


class OpeningPolicy(AccessPolicy["SiteOpening"]):
    """主管单位的监督员收到单位的请示以后申请；由另一个监督员批准。"""

    read_roles = AUTHORITY
    write_roles = AUTHORITY

    def visible(self, actor: Actor | None) -> "QuerySet[SiteOpening]":
        """此人能看到的申请。"""
        self.model = apps.get_model("sites.SiteOpening")
        return super().visible(actor).select_related("organisation", "site", "created_by")

    def may_edit(self, actor: Actor | None, record: "SiteOpening") -> bool:
        """报批以后不能改，退回了再改。"""
        return record.state == "draft" and super().may_edit(actor, record)
