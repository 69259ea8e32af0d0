"""接口自己的几个地址：文档，和没有的地址。"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from .document import text
from .problems import Problem


def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 文档。"""
    if request.method != "GET":
        return Problem("method", headers={"Allow": "GET, HEAD, OPTIONS"}).response()
    return HttpResponse(text(), content_type="application/json; charset=utf-8")


def root(request: HttpRequest) -> HttpResponse:
    """转到接口说明。"""
    return redirect("/api/")


@csrf_exempt
def missing(request: HttpRequest, rest: str) -> HttpResponse:
    """没有这个地址。"""
    return Problem("missing", "接口没有这个地址，请对照 /api/ 的说明。").response()


openapi.csrf_exempt = True  # type: ignore[attr-defined]
