"""谁能编一个站点：页面、专题和转发。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor

from .rules import EDITORS, ORDERERS

if TYPE_CHECKING:
    from .models import Site


class SitePolicy(AccessPolicy["Site"]):
    """站点主办单位的签发人、监督员能看能改；下线、关停由主管单位的监督员批准。"""

    read_roles = EDITORS
    write_roles = EDITORS

    def visible(self, actor: Actor | None) -> "QuerySet[Site]":
        """此人能看到的站点，关停了的也在。"""
        self.model = apps.get_model("columns.Site")
        found = super().visible(actor)
        return found.select_related("organisation", "successor__organisation").order_by("pk")

    def may_edit(self, actor: Actor | None, record: "Site") -> bool:
        """关停了的不能改。"""
        return record.state != "closed" and super().may_edit(actor, record)


def sites_edited_by(actor: Actor | None) -> "QuerySet[Site]":
    """此人能编的站点：主办单位在他的任职范围内，还没有关停。用时一次查询。"""
    every = apps.get_model("columns.Site")._default_manager.exclude(state="closed")
    if actor is None or actor.role not in EDITORS:
        return every.none()
    if actor.includes_subtree:
        found = every.filter(organisation__path__startswith=actor.organisation_path)
    else:
        found = every.filter(organisation=actor.organisation_id)
    return found.select_related("organisation").order_by("pk")


def edits_a_site(actor: Actor | None) -> bool:
    """此人有没有能编的站点。一次查询；答案记在这个身份对象上：它只活一次请求，菜单里几项都要问。"""
    if actor is None or actor.role not in EDITORS:
        return False
    kept: bool | None = vars(actor).get("edits_a_site")
    if kept is None:
        vars(actor)["edits_a_site"] = kept = sites_edited_by(actor).exists()
    return kept


def may_edit_site(actor: Actor | None, site: "Site") -> bool:
    """此人能不能编这个站点，与 ``sites_edited_by`` 一致。"""
    organisation = site.organisation
    return (
        actor is not None
        and actor.role in EDITORS
        and site.state != "closed"
        and actor.covers(organisation.pk, organisation.path)
    )


def sites_ordered_by(actor: Actor | None) -> "QuerySet[Site]":
    """此人可以要求转发的站点：下级的。用时一次查询。"""
    if actor is None or actor.role not in ORDERERS or not actor.includes_subtree:
        return sites_edited_by(None)
    return sites_edited_by(actor).exclude(organisation=actor.organisation_id)


def may_order_site(actor: Actor | None, site: "Site") -> bool:
    """此人能不能要求这个站点转发，与 ``sites_ordered_by`` 一致。"""
    return (
        actor is not None
        and actor.role in ORDERERS
        and actor.includes_subtree
        and site.organisation_id != actor.organisation_id
        and may_edit_site(actor, site)
    )
