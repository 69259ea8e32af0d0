"""政府公报的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .circulation import DISTRIBUTED, EDITORS

if TYPE_CHECKING:
    from .models import GazetteIssue, GazetteReader


class GazettePolicy(AccessPolicy["GazetteIssue"]):
    """公报编辑编，没有设公报编辑的机构由信息员编；签发人签；监督员看得到本级及下级的。"""

    read_roles = EDITORS | {"approver", "supervisor"}
    write_roles = EDITORS
    editable_states = frozenset({"draft"})

    def visible(self, actor: Actor | None) -> "QuerySet[GazetteIssue]":
        """此人能看到的各期。"""
        self.model = apps.get_model("gazette.GazetteIssue")
        return super().visible(actor).select_related("organisation", "created_by")

    def may_edit(self, actor: Actor | None, record: "GazetteIssue") -> bool:
        """编辑的时候才能改。"""
        return record.state in self.editable_states and super().may_edit(actor, record)

    def may_distribute(self, actor: Actor | None, record: "GazetteIssue") -> bool:
        """付印以后才能登记赠阅。"""
        return record.state in DISTRIBUTED and super().may_edit(actor, record)


class ReaderPolicy(AccessPolicy["GazetteReader"]):
    """赠阅对象由编公报的登记；签发人确认调整；监督员看得到本级及下级的。"""

    read_roles = EDITORS | {"approver", "supervisor"}
    write_roles = EDITORS

    def visible(self, actor: Actor | None) -> "QuerySet[GazetteReader]":
        """此人能看到的赠阅对象。"""
        self.model = apps.get_model("gazette.GazetteReader")
        return super().visible(actor).select_related("organisation", "created_by")
