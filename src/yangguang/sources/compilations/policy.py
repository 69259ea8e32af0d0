"""文件汇编的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import Compilation


class CompilationPolicy(AccessPolicy["Compilation"]):
    """本机构的编辑、审核、签发人员可见；监督员看得到本级及下级的，但不能改。"""

    read_roles = frozenset({"drafter", "reviewer", "approver", "supervisor"})
    write_roles = frozenset({"drafter"})
    editable_states = frozenset({"draft"})

    def visible(self, actor: Actor | None) -> "QuerySet[Compilation]":
        """此人能看到的汇编。"""
        self.model = apps.get_model("compilations.Compilation")
        return super().visible(actor).select_related("organisation", "created_by")

    def may_edit(self, actor: Actor | None, record: "Compilation") -> bool:
        """编辑的时候才能改。"""
        return record.state in self.editable_states and super().may_edit(actor, record)
