"""遮盖件的权限规则：看得见那件申请的，才看得见它的遮盖件。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.dialogue.requests.policy import RequestPolicy
from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .rules import OFFICER

if TYPE_CHECKING:
    from .models import Redaction

REQUESTS = RequestPolicy()


class RedactionPolicy(AccessPolicy["Redaction"]):
    """经办人画框、制作；签发、保密审核的核对；别的角色只看。"""

    read_roles = RequestPolicy.read_roles
    write_roles = OFFICER

    def visible(self, actor: Actor | None) -> "QuerySet[Redaction]":
        """此人能看到的遮盖件，连同申请和两份文件。"""
        model = apps.get_model("redaction.Redaction")
        records: QuerySet[Redaction] = model._default_manager.select_related(
            "organisation", "created_by", "request", "source", "output"
        )
        if actor is None or not self.may_read(actor):
            return records.none()
        return records.filter(request__in=REQUESTS.visible(actor).order_by().values("pk"))

    def may_edit(self, actor: Actor | None, record: "Redaction") -> bool:
        """画框的时候，本机构的经办人能改；正在制作的不能。"""
        return (
            actor is not None
            and record.state == "draft"
            and not record.is_being_made
            and record.organisation_id == actor.organisation_id
            and self.may_create(actor)
        )
