"""答复文书的权限规则：看得见申请的人看得见它的文书；经办人起草，正文里有申请人姓名的只给能显示身份的人。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.states import OFFICER
from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import CaseLetter


class LetterPolicy(AccessPolicy["CaseLetter"]):
    """范围与申请相同。"""

    read_roles = DisclosureRequest.policy.read_roles
    write_roles = OFFICER

    def visible(self, actor: Actor | None) -> "QuerySet[CaseLetter]":
        """此人能看到的文书，连同申请、机构、起草人。"""
        model = apps.get_model("letters.CaseLetter")
        records: QuerySet[CaseLetter] = model._default_manager.select_related(
            "organisation", "created_by", "request__organisation"
        )
        if actor is None or not self.may_read(actor):
            return records.none()
        return records.filter(self.scope(actor))

    def may_edit(self, actor: Actor | None, record: "CaseLetter") -> bool:
        """起草时经办人能改。"""
        return (
            actor is not None
            and self.may_create(actor)
            and record.state == "draft"
            and record.organisation_id == actor.organisation_id
        )
