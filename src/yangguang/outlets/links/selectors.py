"""站外链接的读取。"""

from datetime import date

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.policy import sites_edited_by

from .models import ExternalLink, LinkNight, LinkPlace
from .rules import AT_ONCE, NIGHTS

SHOWN = 3
"""一个链接最多列出几页。"""


def dead_links(actor: Actor | None) -> QuerySet[ExternalLink]:
    """此人管的站点上打不开的，早坏的在前，连同在几页上（``pages``）、头几页（``shown``）。

    一时的故障连着 ``NIGHTS`` 夜才列出，地址本身不对的查到就列。两次查询。
    """
    first = LinkPlace.objects.select_related("page").order_by("page__path", "pk")[:SHOWN]
    return (
        ExternalLink.objects.filter(site__in=sites_edited_by(actor))
        .filter(Q(nights__gte=NIGHTS) | Q(fault__in=AT_ONCE))
        .select_related("site")
        .annotate(pages=Count("places"))
        .prefetch_related(Prefetch("places", first, to_attr="shown"))
        .order_by("failing_since", "pk")
    )


def last_night() -> LinkNight | None:
    """最近一夜。一次查询。"""
    return LinkNight.objects.filter(pk=1).first()


def health_warnings(on: date) -> list[str]:
    """体检：查链接时本机连不到外网。一次查询；没有开着查的不问。"""
    night = last_night() if settings.CHECK_LINKS else None
    if night is None or not night.is_offline:
        return []
    return [
        "夜里查站外链接时，本机连不到外网，没有查成。要查，请放行作业进程到公网 80、443 端口；"
        "不查，请设 YANGGUANG_CHECK_LINKS=0。"
    ]
