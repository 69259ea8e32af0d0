"""接口的说明页：由 OpenAPI 文档写成，给别的单位的系统工程师看。"""

import time
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yangguang.foundation.api.document import document
from yangguang.foundation.api.problems import KINDS
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.views import message_page
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.selectors import site_at, sites
from yangguang.outlets.website.frame import API, HOME, Press

from .reading import chapters, shapes

FRESH = 30
"""页眉页脚最多用这么多秒之前读的。"""
NO_SITE = ("网站还没有建好", ("还没有可以读的站点。",))


@lru_cache(maxsize=16)
def _press(site: int, stamp: int) -> Press:
    return Press(Site.objects.select_related("organisation").get(pk=site), reading_day())


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """接口说明。"""
    host = request.get_host().partition(":")[0]
    site = site_at(list(sites()), host)
    if site is None:
        return HttpResponse(message_page(*NO_SITE, request.path), status=503)
    press = _press(site.pk, int(time.monotonic() / FRESH))
    told = document()
    head = PageHead(
        title="数据接口",
        path=API,
        description="公开的政府信息怎样由别的系统取用：地址、参数、字段和错误。",
        labels=press.site_labels,
        crumbs=(Link("首页", press.url(HOME)), Link("数据接口", "")),
    )
    response = HttpResponse(
        press.render(
            "api/guide.html",
            head,
            chapters=chapters(told),
            shapes=shapes(told),
            problems=KINDS.values(),
            per_minute=settings.API_PER_MINUTE_ANONYMOUS,
            host=f"https://{site.domain}",
        )
    )
    response["Cache-Control"] = "no-cache"
    return response
