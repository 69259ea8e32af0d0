"""依申请公开的权限规则：经办人和窗口人员看本机构的，签发、保密、合法性审核的看本机构的，监督员看本级和下级的。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .states import OFFICER, RECEPTION

if TYPE_CHECKING:
    from .models import DisclosureRequest


class RequestPolicy(AccessPolicy["DisclosureRequest"]):
    """窗口人员收件；经办人办理；别的角色只看。"""

    read_roles = frozenset(
        {
            "request_officer", "counter_officer", "approver", "secrecy_reviewer",
            "legality_reviewer", "supervisor",
        }
    )  # fmt: skip
    write_roles = RECEPTION
    showing_roles = OFFICER | RECEPTION | {"approver"}
    """可以显示申请人身份的：写明用途，每次入审计。"""

    def visible(self, actor: Actor | None) -> "QuerySet[DisclosureRequest]":
        """此人能看到的申请，连同机构和登记人。"""
        model = apps.get_model("disclosure_requests.DisclosureRequest")
        records: QuerySet[DisclosureRequest] = model._default_manager.select_related(
            "organisation", "created_by"
        )
        if actor is None or not self.may_read(actor):
            return records.none()
        return records.filter(self.scope(actor))

    def may_show(self, actor: Actor | None, record: "DisclosureRequest") -> bool:
        """能不能显示申请人的身份。"""
        return (
            actor is not None
            and actor.role in self.showing_roles
            and record.organisation_id == actor.organisation_id
        )
