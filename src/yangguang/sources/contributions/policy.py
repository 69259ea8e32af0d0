"""信息报送的权限规则：报送一方看得见自己的，接收一方看得见报上来的。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q, QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .rules import EDITORS

if TYPE_CHECKING:
    from .models import Call, Contribution

ARRIVED = ("sent", "adopted", "declined")
"""报上来了的。"""


class ContributionPolicy(AccessPolicy["Contribution"]):
    """本机构的；接收一方的信息员、监督员还看得见报给自己的。"""

    read_roles = frozenset({"drafter", "approver", "supervisor"})
    write_roles = frozenset({"drafter"})

    def visible(self, actor: Actor | None) -> "QuerySet[Contribution]":
        """此人能看到的投稿。"""
        model = apps.get_model("contributions.Contribution")
        records: QuerySet[Contribution] = model._default_manager.select_related(
            "organisation", "receiver", "created_by", "call"
        )
        if actor is None or not self.may_read(actor):
            return records.none()
        own = self.scope(actor)
        if actor.role not in EDITORS:
            return records.filter(own)
        arrived = Q(receiver=actor.organisation_id, state__in=ARRIVED)
        if actor.role == "supervisor":
            return records.filter(arrived | (own & Q(state__in=ARRIVED)))
        return records.filter(own | arrived)

    def may_edit(self, actor: Actor | None, record: "Contribution") -> bool:
        """报送一方在起草时才能改。"""
        return (
            actor is not None
            and record.state == "draft"
            and record.organisation_id == actor.organisation_id
            and self.may_create(actor)
        )


class CallPolicy(AccessPolicy["Call"]):
    """发约稿的机构的；被约的单位看得见发出了的。"""

    read_roles = frozenset({"drafter", "approver", "supervisor"})
    write_roles = EDITORS

    def visible(self, actor: Actor | None) -> "QuerySet[Call]":
        """此人能看到的约稿。"""
        model = apps.get_model("contributions.Call")
        records: QuerySet[Call] = model._default_manager.select_related(
            "organisation", "created_by"
        )
        if actor is None or not self.may_read(actor):
            return records.none()
        own = Q(organisation=actor.organisation_id)
        asked = model.units.through.objects.filter(organisation=actor.organisation_id)
        return records.filter(own | (Q(pk__in=asked.values("call")) & ~Q(state="draft")))

    def may_edit(self, actor: Actor | None, record: "Call") -> bool:
        """发出之前，发约稿的机构能改。"""
        return (
            actor is not None
            and record.state == "draft"
            and record.organisation_id == actor.organisation_id
            and self.may_create(actor)
        )
