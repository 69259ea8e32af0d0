"""谁能把信息转发到一个站点。"""

from django.db.models import Q, QuerySet

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Site

SHARING_ROLES = frozenset({Role.APPROVER.value, Role.SUPERVISOR.value})


def may_share(actor: Actor | None, site: Site) -> bool:
    """站点主办单位、它的政府信息公开工作主管部门的签发人和监督员，能决定站点转发什么。"""
    return (
        actor is not None
        and actor.role in SHARING_ROLES
        and actor.organisation_id
        in (site.organisation_id, site.organisation.disclosure_authority_id)
    )


def sites_shared_by(actor: Actor | None) -> QuerySet[Site]:
    """此人能决定转发什么的站点，与 ``may_share`` 一致。一次查询。"""
    sites = Site.objects.select_related("organisation").order_by("pk")
    if actor is None or actor.role not in SHARING_ROLES:
        return sites.none()
    return sites.filter(
        Q(organisation=actor.organisation_id)
        | Q(organisation__disclosure_authority=actor.organisation_id)
    )
