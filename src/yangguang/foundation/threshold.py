"""请求的门槛：太大的、带空字符（NUL）的，不进门就答复，一句中文说清怎么办。

上传的内容只在内存里过（设置里只留内存的接收器）：带密级标志的文件被拒之后，磁盘上不曾有过它。
所以请求的大小要先管住：登录办事的人一次可以交一份满额的文件，没有登录的只够填一张表，
收材料的页面（视图标明 ``takes_files``）另够交几张照片。
"""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from .files.rules import (
    MAX_REQUEST_BYTES,
    MAX_VISITOR_BYTES,
    MAX_VISITOR_FILES_BYTES,
    readable_size,
)
from .theme.views import message_page

TOO_LARGE, BAD_REQUEST = 413, 400
NUL = (
    "提交的内容有误",
    ("地址或内容里有看不见的空字符，系统不能处理。请返回上一页，删去后重新输入。",),
)


class Threshold:
    """中间件：放在认出身份之后、读取正文之前。"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or ("%00" in asked and not _says(request.path, "drops_nul")):
            return HttpResponse(message_page(*NUL, "/"), status=BAD_REQUEST)
        size = _declared_size(request)
        limit = MAX_VISITOR_BYTES
        if getattr(request, "acting", None):
            limit = MAX_REQUEST_BYTES
        elif size > limit and _says(request.path, "takes_files"):
            limit = MAX_VISITOR_FILES_BYTES
        if size > limit:
            return HttpResponse(_too_large(request.path, size, limit), status=TOO_LARGE)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, named: object
    ) -> HttpResponse | None:
        """到这里正文已经为防伪校验读过；文本里不许有空字符：PostgreSQL 存不下它。"""
        if request.method == "POST" and any("\0" in text for text in _texts(request)):
            return HttpResponse(message_page(*NUL, request.path), status=BAD_REQUEST)
        return None


def _says(path: str, mark: str) -> bool:
    """这个地址的视图标明了 ``mark`` 没有。

    自己去掉空字符的页面（检索：写什么都要有一页应答）标明 ``drops_nul``，查询里的不拦；
    收材料的标明 ``takes_files``。
    """
    try:
        return bool(getattr(resolve(path).func, mark, False))
    except Resolver404:
        return False


def _declared_size(request: HttpRequest) -> int:
    """请求自报的正文字节数。没有报的不读正文，按零算。"""
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() else 0


def _too_large(path: str, size: int, limit: int) -> str:
    lines = (
        f"提交的内容共 {readable_size(size)}，超过一次 {readable_size(limit)} 的上限，没有保存。",
        "请返回上一页，把文件拆分或压缩后再传；几份附件可以分几次上传。",
    )
    return message_page("提交的内容过大", lines, path)


def _texts(request: HttpRequest) -> Iterable[str]:
    for name, values in request.POST.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))
