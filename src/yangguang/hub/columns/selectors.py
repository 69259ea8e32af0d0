"""站点与栏目的读取。"""

from django.db.models import QuerySet

from yangguang.foundation.organisations.models import Organisation

from .models import Column, Site


def columns_of(site: Site) -> QuerySet[Column]:
    """站点的全部栏目，按树的次序。一次查询。"""
    columns: QuerySet[Column] = Column.objects.filter(site=site).order_by("path")
    return columns


def site_for(organisation: Organisation) -> Site | None:
    """机构的信息发在哪个站点：它自己的，没有则沿树向上最近的一个。一次查询。"""
    steps = Organisation.steplen
    ancestors = [organisation.path[:end] for end in range(steps, len(organisation.path) + 1, steps)]
    return (
        Site.objects.filter(organisation__path__in=ancestors)
        .order_by("-organisation__depth")
        .first()
    )
