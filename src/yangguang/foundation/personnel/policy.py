"""人员、代理、交接的权限规则：管理员看范围内的，别的人只看与自己有关的。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q, QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .rules import ACTIVE, MANAGERS, READERS

if TYPE_CHECKING:
    from .models import Deputyship, Handover, StaffMember


class StaffPolicy(AccessPolicy["StaffMember"]):
    """管理员看得到所在单位在自己范围内的人；机构管理员和安全管理员可以邀请、修改。本人看得到自己。"""

    write_roles = MANAGERS

    def visible(self, actor: Actor | None) -> "QuerySet[StaffMember]":
        """此人能看到的人员。"""
        self.model = apps.get_model("personnel.StaffMember")
        return super().visible(actor).select_related("user", "organisation", "created_by")

    def scope(self, actor: Actor) -> Q:
        """管理员的范围，加上本人。"""
        own = Q(user=actor.user_id)
        return super().scope(actor) | own if actor.role in READERS else own

    def may_edit(self, actor: Actor | None, record: "StaffMember") -> bool:
        """改姓名、单位、职务：范围内的管理员；自己的由别人改。"""
        is_own = actor is not None and actor.user_id == record.user_id
        return not is_own and super().may_edit(actor, record)


class DeputyPolicy(AccessPolicy["Deputyship"]):
    """被代的人、代理人看得到；管理员看得到范围内岗位的。人人都可以为自己的任职请人代理。"""

    def visible(self, actor: Actor | None) -> "QuerySet[Deputyship]":
        """此人能看到的代理。"""
        self.model = apps.get_model("personnel.Deputyship")
        related = ("organisation", "created_by", "principal__user", "deputy", "acts_as")
        return super().visible(actor).select_related(*related)

    def scope(self, actor: Actor) -> Q:
        """管理员的范围，加上与本人有关的。"""
        own = Q(principal__user=actor.user_id) | Q(deputy=actor.user_id)
        return super().scope(actor) | own if actor.role in READERS else own

    def may_create(self, actor: Actor | None) -> bool:
        """自己有任职的都可以请人代理；授得出任职的管理员可以替人安排。"""
        return actor is not None and actor.role in ACTIVE


class HandoverPolicy(AccessPolicy["Handover"]):
    """移交人、接收人看得到；管理员看得到范围内的。机构管理员和安全管理员列清单。"""

    write_roles = MANAGERS

    def visible(self, actor: Actor | None) -> "QuerySet[Handover]":
        """此人能看到的交接单。"""
        self.model = apps.get_model("personnel.Handover")
        related = ("organisation", "created_by", "leaver", "receiver")
        return super().visible(actor).select_related(*related)

    def scope(self, actor: Actor) -> Q:
        """管理员的范围，加上与本人有关的。"""
        own = Q(leaver=actor.user_id) | Q(receiver=actor.user_id)
        return super().scope(actor) | own if actor.role in READERS else own
