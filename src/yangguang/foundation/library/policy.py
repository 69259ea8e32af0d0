"""资料库的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .rules import READERS, WRITERS

if TYPE_CHECKING:
    from .models import LibraryItem


class LibraryPolicy(AccessPolicy["LibraryItem"]):
    """任职范围之内的资料看得见、选得到；能传的人改得了。监督员只改本机构的。"""

    read_roles = READERS
    write_roles = WRITERS

    def visible(self, actor: Actor | None) -> "QuerySet[LibraryItem]":
        """此人看得见的资料，连同现行的一份。"""
        self.model = apps.get_model("library.LibraryItem")
        return super().visible(actor).select_related("organisation", "folder", "current__file")

    def may_edit(self, actor: Actor | None, record: "LibraryItem") -> bool:
        """能不能改、换、停用。"""
        if actor is None or not super().may_edit(actor, record):
            return False
        return actor.role != "supervisor" or record.organisation_id == actor.organisation_id
