"""发文台账的权限规则：各机构看自己的，监督员看本级及下级的。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .rules import ENTERERS

if TYPE_CHECKING:
    from .models import LedgerEntry


class EntryPolicy(AccessPolicy["LedgerEntry"]):
    """本机构的起草、审核、签发人员可见；监督员看得到本级及下级的，也可以登记。"""

    read_roles = frozenset({"drafter", "reviewer", "approver", "supervisor"})
    write_roles = ENTERERS

    def visible(self, actor: Actor | None) -> "QuerySet[LedgerEntry]":
        """此人能看到的台账；印发的全文不随着取。"""
        self.model = apps.get_model("ledger.LedgerEntry")
        return super().visible(actor).select_related("organisation", "created_by").defer("text")

    def may_edit(self, actor: Actor | None, record: "LedgerEntry") -> bool:
        """本系统的公文照公文记，别的在账时可以改。"""
        return (
            record.document_id is None
            and record.state == record.lifecycle.initial
            and super().may_edit(actor, record)
        )


def own_work(model: type[Model], actor: Actor) -> QuerySet[Model]:
    """导入、核对：信息员、监督员看得到自己范围内的机构办的。"""
    found: QuerySet[Model] = model._default_manager.select_related("organisation", "started_by")
    if actor.role not in ENTERERS:
        return found.none()
    inside = Q(organisation=actor.organisation_id)
    if actor.includes_subtree:
        inside = Q(organisation__path__startswith=actor.organisation_path)
    return found.filter(inside)
