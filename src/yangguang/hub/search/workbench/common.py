"""同义词和推荐结果的界面合用的：筛选、地址、从没有查到的词带来的初值。"""

from typing import Any

import django_filters
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import by_state
from yangguang.hub.columns.models import Site

from ..curation import LONGEST_PHRASE, SYNONYM_LIFE
from ..selectors import sites_of


class SiteFilters(django_filters.FilterSet):
    """按站点筛选。"""

    site = django_filters.ModelChoiceFilter(
        label="站点",
        queryset=lambda request: _sites(request),
        to_field_name="code",
        empty_label="全部",
    )


class CuratedFilters(SiteFilters):
    """同义词、推荐结果列表的筛选。"""

    state = by_state(SYNONYM_LIFE)


def has_sites(actor: Actor) -> bool:
    """此人管得到站点，才有可维护的。"""
    return actor.includes_subtree or sites_of(actor).exists()


def record_href(slug: str, pk: int) -> str:
    """一条记录的地址。"""
    return reverse(f"workbench:{slug}-record", args=[pk])


def seeds(query: QueryDict) -> dict[str, Any]:
    """地址里带来的词和站点；不认识的站点不理会。"""
    words = query.get("words", "").replace("\0", "").strip()[:LONGEST_PHRASE]
    found: dict[str, Any] = {"words": f"{words}\n"} if words else {}
    if site := Site.objects.filter(code=query.get("site", "").replace("\0", "")).first():
        found["site"] = site
    return found


def _sites(request: HttpRequest | None) -> Any:
    actor: Actor | None = getattr(request, "acting", None)
    return sites_of(actor) if actor else Site.objects.none()
