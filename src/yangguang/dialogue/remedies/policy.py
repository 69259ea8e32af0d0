"""复议、诉讼的权限规则：看得见申请的看得见它；经办人登记。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.states import OFFICER
from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import Remedy


class RemedyPolicy(AccessPolicy["Remedy"]):
    """范围与申请相同；窗口人员不看。"""

    read_roles = DisclosureRequest.policy.read_roles - {"counter_officer"}
    write_roles = OFFICER

    def visible(self, actor: Actor | None) -> "QuerySet[Remedy]":
        """此人能看到的复议、诉讼，连同申请、机构。"""
        model = apps.get_model("remedies.Remedy")
        records: QuerySet[Remedy] = model._default_manager.select_related(
            "organisation", "request", "created_by"
        )
        if actor is None or not self.may_read(actor):
            return records.none()
        return records.filter(self.scope(actor))
