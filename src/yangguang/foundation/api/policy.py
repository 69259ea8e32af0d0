"""接口密钥的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

if TYPE_CHECKING:
    from .models import ApiKey


class KeyPolicy(AccessPolicy["ApiKey"]):
    """三种管理员都看得到范围内机构的密钥；发和撤销只有系统管理员能办。"""

    read_roles = frozenset({"system_admin", "security_admin", "audit_admin"})
    write_roles = frozenset({"system_admin"})

    def visible(self, actor: Actor | None) -> "QuerySet[ApiKey]":
        """此人能看到的密钥。"""
        self.model = apps.get_model("api.ApiKey")
        return super().visible(actor).select_related("organisation", "created_by", "use")
