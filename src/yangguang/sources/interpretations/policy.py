"""解读材料的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import Interpretation


class InterpretationPolicy(AccessPolicy["Interpretation"]):
    """本机构的起草、审核、签发人员可见；监督员看得到本级及下级的全部，但不能改。"""

    read_roles = frozenset({"drafter", "reviewer", "approver", "supervisor"})
    write_roles = frozenset({"drafter"})
    editable_states = frozenset({"draft", "revising"})

    def visible(self, actor: Actor | None) -> "QuerySet[Interpretation]":
        """此人能看到的解读材料。"""
        self.model = apps.get_model("interpretations.Interpretation")
        related = ("organisation", "created_by", "document__organisation", "publication")
        return super().visible(actor).select_related(*related)

    def may_edit(self, actor: Actor | None, record: "Interpretation") -> bool:
        """起草、修订时才能改内容。"""
        return record.state in self.editable_states and super().may_edit(actor, record)
