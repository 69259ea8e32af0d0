"""谁能编一个站点：页面、专题和转发。"""

from django.db.models import QuerySet

from yangguang.foundation.accounts.rules import Actor

from .models import Site
from .rules import EDITORS


def sites_edited_by(actor: Actor | None) -> QuerySet[Site]:
    """此人能编的站点：主办单位在他的任职范围内。用时一次查询。"""
    if actor is None or actor.role not in EDITORS:
        return Site.objects.none()
    if actor.includes_subtree:
        found = Site.objects.filter(organisation__path__startswith=actor.organisation_path)
    else:
        found = Site.objects.filter(organisation=actor.organisation_id)
    return found.select_related("organisation").order_by("pk")


def may_edit_site(actor: Actor | None, site: Site) -> bool:
    """此人能不能编这个站点，与 ``sites_edited_by`` 一致。"""
    organisation = site.organisation
    return (
        actor is not None
        and actor.role in EDITORS
        and actor.covers(organisation.pk, organisation.path)
    )
