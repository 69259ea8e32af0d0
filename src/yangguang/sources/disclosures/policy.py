"""公开属性补定的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .circulation import DRAFTER

if TYPE_CHECKING:
    from .models import DisclosureBatch


class BatchPolicy(AccessPolicy["DisclosureBatch"]):
    """本机构的信息员拟，审核人审查，签发人看；监督员看得到本级及下级的，但不能办。"""

    read_roles = frozenset({"drafter", "reviewer", "approver", "supervisor"})
    write_roles = DRAFTER

    def visible(self, actor: Actor | None) -> "QuerySet[DisclosureBatch]":
        """此人能看到的各批；退回的各格不随着取。"""
        self.model = apps.get_model("disclosures.DisclosureBatch")
        found = super().visible(actor).select_related("organisation", "created_by")
        return found.defer("faults", "headings")
