"""动态的公开页面（``/interact/`` 之下）用哪个站点的页眉页脚。

站点在上面的房间里，所以由网站在启动时登记一个办法；没有登记、还没有站点的，用朴素的那一份。
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .chrome import Link, PageHead, SiteChrome, plain_chrome
from .labels import Labels


@dataclass(frozen=True)
class Frame:
    """一个站点的页眉页脚和网站标签。"""

    site: SiteChrome
    labels: Labels = ()


Framing = Callable[[HttpRequest], Frame | None]
_framing: list[Framing] = []


def register(framing: Framing) -> None:
    """登记怎样由请求得出站点；只有一个，登记过的抛出 ``ValueError``。"""
    if _framing:
        raise ValueError("动态页面的框架已经登记过。")
    _framing.append(framing)


def frame_of(request: HttpRequest) -> Frame:
    """这次请求的页面用的框架。"""
    found = _framing[0](request) if _framing else None
    return found or Frame(plain_chrome())


def public_page(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    context: Mapping[str, Any],
    status: int = 200,
    parents: Sequence[Link] = (),
) -> HttpResponse:
    """用站点的框架印一页，不让搜索引擎收录。模板继承 ``theme/base.html``；``parents`` 是首页与本页之间的各级。"""
    frame = frame_of(request)
    head = PageHead(
        title, request.path, f"{frame.site.name}：{title}。", frame.labels,
        crumbs=(Link("首页", frame.site.url("/")), *parents, Link(title, "")), indexed=False,
    )  # fmt: skip
    values = {**context, "site": frame.site, "page": head}
    page = render_to_string(template, values, request=request, using="jinja2")
    return HttpResponse(page, status=status)
