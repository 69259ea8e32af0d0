"""动态的公开页面用的框架：由主机名（或 ``?site=``）认出站点，隔一会儿重读。"""

import time
from functools import lru_cache

from django.http import HttpRequest

from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.theme.framing import Frame
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.selectors import site_at, sites

from .frame import Press

FRESH = 30
"""站点和页眉页脚最多用这么多秒之前读的。"""


def frame(request: HttpRequest) -> Frame | None:
    """这次请求属于哪个站点；还没有站点的为空。记着的不查库。"""
    host = request.get_host().partition(":")[0]
    return _frame(host, request.GET.get("site", ""), int(time.monotonic() / FRESH))


@lru_cache(maxsize=64)
def _frame(host: str, code: str, stamp: int) -> Frame | None:
    site: Site | None = site_at(list(sites()), host, code)
    if site is None:
        return None
    press = Press(site, reading_day())
    return Frame(press.chrome, press.site_labels)
