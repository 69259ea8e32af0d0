"""页面编排的权限规则：站点主办单位的签发人、监督员。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.policy import edits_a_site
from yangguang.hub.columns.rules import EDITORS

if TYPE_CHECKING:
    from .models import Alert, BlockPage


class AlertPolicy(AccessPolicy["Alert"]):
    """紧急提示：同页面编排。"""

    read_roles = EDITORS
    write_roles = EDITORS

    def visible(self, actor: Actor | None) -> "QuerySet[Alert]":
        """此人能看到的。"""
        self.model = apps.get_model("blocks.Alert")
        return super().visible(actor).select_related("site", "organisation", "created_by")

    def may_create(self, actor: Actor | None) -> bool:
        """管着站点的才能发。一次查询。"""
        return edits_a_site(actor)


class BlockPagePolicy(AccessPolicy["BlockPage"]):
    """别的机构没有站点，也就没有页面可编。"""

    read_roles = EDITORS
    write_roles = EDITORS

    def visible(self, actor: Actor | None) -> "QuerySet[BlockPage]":
        """此人能看到的页面。"""
        self.model = apps.get_model("blocks.BlockPage")
        related = ("site__organisation", "topic", "organisation", "created_by")
        return super().visible(actor).select_related(*related)

    def may_create(self, actor: Actor | None) -> bool:
        """管着站点的才能编。一次查询。"""
        return edits_a_site(actor)
