"""公文的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q, QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import OfficialDocument


class DocumentPolicy(AccessPolicy["OfficialDocument"]):
    """本机构的起草、审核、审查、签发人员可见；监督员看得到本级及下级的全部公文，但不能改。

    请某机关会签的，走到会签那一步起，那个机关的签发人也看得到，只能会签。
    """

    read_roles = frozenset(
        {"drafter", "reviewer", "secrecy_reviewer", "legality_reviewer", "approver", "supervisor"}
    )
    write_roles = frozenset({"drafter"})
    editable_states = frozenset({"draft", "revising"})

    def visible(self, actor: Actor | None) -> "QuerySet[OfficialDocument]":
        """此人能看到的公文。"""
        self.model = apps.get_model("documents.OfficialDocument")
        return super().visible(actor).select_related("organisation", "created_by")

    def scope(self, actor: Actor) -> Q:
        """任职范围，和请本机关会签的。"""
        own = super().scope(actor)
        if actor.role != "approver":
            return own
        asked = apps.get_model("documents.Countersignature").objects.filter(
            organisation=actor.organisation_id, is_sent=True
        )
        return own | Q(pk__in=asked.values("document"))

    def may_edit(self, actor: Actor | None, record: "OfficialDocument") -> bool:
        """起草、修订时才能改内容；会签机关的不能改。"""
        return (
            record.state in self.editable_states
            and actor is not None
            and actor.covers(record.organisation_id, record.organisation.path)
            and super().may_edit(actor, record)
        )
