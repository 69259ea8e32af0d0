"""站点与栏目的读取。"""

from collections.abc import Sequence

from django.db.models import QuerySet

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import lineage

from .models import Column, Site
from .site_life import LOST


def columns_of(site: Site) -> QuerySet[Column]:
    """站点的全部栏目，按树的次序。一次查询。"""
    columns: QuerySet[Column] = Column.objects.filter(site=site).order_by("path")
    return columns


def open_columns(site: Site) -> QuerySet[Column]:
    """站点里还收信息的栏目，按树的次序。一次查询。"""
    return columns_of(site).filter(closed_on=None)


def sites() -> QuerySet[Site]:
    """全部站点，先建的在前。一次查询。"""
    return Site.objects.select_related("organisation", "successor").order_by("pk")


def site_at(every: Sequence[Site], domain: str, code: str = "") -> Site | None:
    """请求属于哪个站点：指明代码的就是它；否则是这个主机名打开的；都不是就归第一个。

    几个站点同在一个域名下，没有指明的归没有路径前缀的那个。
    """
    named = [site for site in every if site.code == code]
    entered = [site for site in every if domain in site.other_hosts]
    own = [site for site in every if site.domain == domain]
    bare = [site for site in own if not site.path_prefix]
    return next(iter([*named, *entered, *bare, *own, *every]), None)


def site_for(organisation: Organisation) -> Site | None:
    """机构的信息发在哪个站点：它自己的，没有或已经关停则沿树向上最近的一个。一次查询。"""
    return (
        Site.objects.filter(organisation__path__in=lineage(organisation))
        .exclude(state__in=LOST)
        .order_by("-organisation__depth")
        .first()
    )
