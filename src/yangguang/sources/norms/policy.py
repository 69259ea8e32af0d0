"""规章和规范性文件、上位依据的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import CleanUp, Inventory, Norm, UpperText

READERS = frozenset({"drafter", "reviewer", "legality_reviewer", "approver", "supervisor"})


class NormPolicy(AccessPolicy["Norm"]):
    """本机构的登记、审核、编号人员可见；监督员看得到本级及下级的全部，但不能改。"""

    read_roles = READERS
    write_roles = frozenset({"drafter"})
    editable_states = frozenset({"draft", "revising"})

    def visible(self, actor: Actor | None) -> "QuerySet[Norm]":
        """此人能看到的规章和规范性文件。"""
        self.model = apps.get_model("norms.Norm")
        return super().visible(actor).select_related("organisation", "created_by")

    def may_edit(self, actor: Actor | None, record: "Norm") -> bool:
        """登记、修订时才能改内容。"""
        return record.state in self.editable_states and super().may_edit(actor, record)


class UpperTextPolicy(AccessPolicy["UpperText"]):
    """各机构共用一份：都看得见，信息员都能登记、都能改。"""

    read_roles = READERS
    write_roles = frozenset({"drafter"})

    def visible(self, actor: Actor | None) -> "QuerySet[UpperText]":
        """此人能看到的上位依据。"""
        model = apps.get_model("norms.UpperText")
        records: QuerySet[UpperText] = model._default_manager.select_related(
            "organisation", "created_by"
        )
        return records if self.may_read(actor) else records.none()

    def may_edit(self, actor: Actor | None, record: "UpperText") -> bool:
        """各机构的信息员都能改：谁发现写错了谁改，审计里有。"""
        return self.may_create(actor)


class CleanUpPolicy(AccessPolicy["CleanUp"]):
    """本机构的登记、审核、编号人员可见；监督员看得到本级及下级的。"""

    read_roles = READERS
    write_roles = frozenset({"drafter"})
    editable_states = frozenset({"draft", "open"})

    def visible(self, actor: Actor | None) -> "QuerySet[CleanUp]":
        """此人能看到的清理。"""
        self.model = apps.get_model("norms.CleanUp")
        return super().visible(actor).select_related("organisation", "created_by")

    def may_edit(self, actor: Actor | None, record: "CleanUp") -> bool:
        """送签之前能改。"""
        return record.state in self.editable_states and super().may_edit(actor, record)


class InventoryPolicy(AccessPolicy["Inventory"]):
    """本机构的信息员导入，审核、签发、监督的看得见。"""

    read_roles = READERS
    write_roles = frozenset({"drafter"})

    def visible(self, actor: Actor | None) -> "QuerySet[Inventory]":
        """此人能看到的清单。"""
        self.model = apps.get_model("norms.Inventory")
        return super().visible(actor).select_related("organisation", "created_by")
