"""专题的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.policy import edits_a_site
from yangguang.hub.columns.rules import EDITORS

if TYPE_CHECKING:
    from .models import Topic


class TopicPolicy(AccessPolicy["Topic"]):
    """站点主办单位的签发人、监督员能看能改；别的机构没有站点，也就没有专题。"""

    read_roles = EDITORS
    write_roles = EDITORS

    def visible(self, actor: Actor | None) -> "QuerySet[Topic]":
        """此人能看到的专题。"""
        self.model = apps.get_model("topics.Topic")
        return super().visible(actor).select_related("site", "organisation", "created_by")

    def may_create(self, actor: Actor | None) -> bool:
        """管着站点的才能新建。一次查询。"""
        return edits_a_site(actor)
