"""权限规则：谁看得见哪些记录。工作台的每个查询都从这里出发，越权即 404。"""

from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from .rules import Actor

M = TypeVar("M", bound=Model)


class AccessPolicy(Generic[M]):
    """一种记录的权限规则。子类可改 ``organisation_field``、``read_roles``，或增补条件。

    ``read_roles`` 为空表示该范围内任何角色都可读；``write_roles`` 是能新建、修改的角色。
    """

    model: type[M]
    organisation_field = "organisation"
    read_roles: frozenset[str] = frozenset()
    write_roles: frozenset[str] = frozenset()

    def may_read(self, actor: Actor | None) -> bool:
        """这个角色看不看得到这种记录（范围之内）。"""
        return actor is not None and (not self.read_roles or actor.role in self.read_roles)

    def visible(self, actor: Actor | None) -> QuerySet[M]:
        """此人此刻能看到的记录；没有身份则一条也没有。"""
        records = self.model._default_manager.all()
        if actor is None or not self.may_read(actor):
            return records.none()
        return records.filter(self.scope(actor))

    def scope(self, actor: Actor) -> Q:
        """任职范围：本机构，或本机构及下级。"""
        prefix = f"{self.organisation_field}__" if self.organisation_field else ""
        if actor.includes_subtree:
            return Q(**{f"{prefix}path__startswith": actor.organisation_path})
        return Q(**{f"{prefix}id": actor.organisation_id})

    def may_create(self, actor: Actor | None) -> bool:
        """能否在本机构名下新建。"""
        return actor is not None and actor.role in self.write_roles

    def may_edit(self, actor: Actor | None, record: M) -> bool:
        """能否修改这条记录的内容；默认同新建，且须在可见范围内。"""
        return self.may_create(actor) and self.visible(actor).filter(pk=record.pk).exists()
