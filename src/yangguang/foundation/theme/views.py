"""出错页和样式文件。出错页不查数据库：数据库正可能就是出错的那一个。"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from .assets import assets
from .chrome import PageHead, plain_chrome

NOT_FOUND = (
    "没有找到这个页面",
    ("地址可能写错了，或者这个页面从来没有过。", "可以从首页的栏目里找，或者看看网站地图。"),
)
BAD_REQUEST = (
    "提交的内容有误",
    ("系统读不懂这次提交：可能内容过长、表单项过多，或者上传中断了。请返回上一页再试。",),
)
BROKEN_UPLOAD = (
    "上传的内容有误",
    ("文件名太长，或者传到一半断了，没有收下。请返回上一页，把文件名改短，再传一次。",),
)
FORBIDDEN = ("不能这样做", ("您现在的身份没有这项权限。",))
STALE = (
    "请再提交一次",
    ("这个页面停留得太久，凭证已经过期。返回上一页刷新后再提交，内容没有保存。",),
)
BROKEN = ("这里出了故障", ("不是您的操作有误。故障已经记录，请稍后再试。",))


def message_page(heading: str, lines: tuple[str, ...], path: str) -> str:
    """只有一句话的页面。"""
    return render_to_string(
        "theme/message.html",
        {
            "site": plain_chrome(),
            "page": PageHead(heading, path, lines[0], indexed=False),
            "heading": heading,
            "lines": lines,
        },
        using="jinja2",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404。"""
    return HttpResponse(message_page(*NOT_FOUND, request.path), status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400；上传的正文拆不开的，另有说法。"""
    told = BROKEN_UPLOAD if isinstance(exception, MultiPartParserError) else BAD_REQUEST
    return HttpResponse(message_page(*told, "/"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403。"""
    return HttpResponse(message_page(*FORBIDDEN, request.path), status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """跨站请求校验没过：多半是页面停留太久。"""
    return HttpResponse(message_page(*STALE, request.path), status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500。"""
    return HttpResponse(message_page(*BROKEN, request.path), status=500)


def asset(request: HttpRequest, name: str) -> HttpResponse:
    """静态树还没烘焙时，由应用给出同样名字、同样内容的样式和脚本。"""
    for candidate in assets():
        if candidate.name == name:
            response = HttpResponse(candidate.content, content_type=candidate.media_type)
            response["Cache-Control"] = "public, max-age=31536000, immutable"
            return response
    raise Http404
