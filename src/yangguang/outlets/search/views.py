"""检索的页面：一个 GET 表单，没有脚本也能用；写什么都有一页应答。"""

import logging
import time
from functools import lru_cache
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.views import message_page
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import site_at, sites
from yangguang.hub.search.selectors import engine
from yangguang.hub.search.services import count_fruitless
from yangguang.outlets.website.frame import HOME, SEARCH, Press

from .asking import asked
from .results import Names, results
from .suggesting import Units, suggestions, units

FRESH = 30
"""站点、页眉页脚、栏目和机构的名称，最多用这么多秒之前读的。"""
NO_SITE = ("网站还没有建好", ("还没有可以检索的站点。",))
NOT_READY = ("检索的索引正在建立", ("请过一会儿再来。公开的信息都可以从栏目里找到。",))


log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _sites(stamp: int) -> list[Site]:
    """全部站点，隔一会儿重读。"""
    return list(sites())


@lru_cache(maxsize=64)
def _press(site: int, stamp: int) -> Press:
    """一个站点的框架，隔一会儿重读。"""
    return Press(Site.objects.select_related("organisation").get(pk=site), reading_day())


@lru_cache(maxsize=64)
def _names(site: int, stamp: int) -> Names:
    """栏目和机构怎样称呼，隔一会儿重读：撤销了的机构、别的站点的栏目也叫得出名字，本站的优先。"""
    columns = Column.objects.values_list("site", "code", "name")
    return {
        "column": {code: name for own, code, name in sorted(columns, key=lambda c: c[0] == site)},
        "organisation": dict(Organisation.objects.values_list("code", "short_name")),
    }


@lru_cache(maxsize=64)
def _units(site: int, stamp: int) -> Units:
    """提示里的机构，隔一会儿重读。"""
    return units(_press(site, stamp))


def search(request: HttpRequest) -> HttpResponse:
    """检索页。"""
    query = asked(request.GET.dict())
    stamp = int(time.monotonic() / FRESH)
    every = _sites(stamp)
    site = _site(request, every, query.site)
    if site is None:
        return HttpResponse(message_page(*NO_SITE, request.path), status=503)
    if not engine().is_ready():
        return HttpResponse(message_page(*NOT_READY, request.path), status=503)
    press = _press(site.pk, stamp)
    found = results(query, press, _names(site.pk, stamp), every)
    if found.is_fruitless:
        _count(site, query.words)
    head = PageHead(
        title=f"{query.words} 搜索" if query.words else "搜索",
        path=SEARCH,
        description=f"按标题、文号和正文里的字词，查{site.name}公开的信息。",
        labels=press.site_labels,
        crumbs=(Link("首页", press.url(HOME)), Link("搜索", "")),
        indexed=False,
    )
    response = HttpResponse(
        press.render("search/search.html", head, found=found, several=len(every) > 1)
    )
    response["Cache-Control"] = "no-cache"
    return response


def suggest(request: HttpRequest) -> JsonResponse:
    """边写边提示。还没有站点、没有索引，就没有提示。"""
    query = asked(request.GET.dict())
    stamp = int(time.monotonic() / FRESH)
    every = _sites(stamp)
    site = _site(request, every, query.site)
    found: list[dict[str, Any]] = []
    if site is not None and engine().is_ready():
        found = suggestions(query.words, _press(site.pk, stamp), _units(site.pk, stamp), every)
    response = JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


# 见 foundation.threshold：写什么都要有应答
search.drops_nul = suggest.drops_nul = True  # type: ignore[attr-defined]


def _site(request: HttpRequest, every: list[Site], code: str) -> Site | None:
    return site_at(every, request.get_host().partition(":")[0], code)


def _count(site: Site, words: str) -> None:
    try:
        count_fruitless(site, words)
    except OperationalError:
        # 数据库正忙：少记一次无妨，页面照常应答
        log.warning("没有结果的查询没有记下。", exc_info=True)
