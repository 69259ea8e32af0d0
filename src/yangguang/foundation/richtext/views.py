"""粘贴：编辑器把粘贴来的网页交来，答理干净的一份。"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.screening.rules import CLASSIFIED, secret_mark

from .blocks import faults, plain_text
from .reading import TooMuch, read_html
from .writing import html_of


def paste(request: HttpRequest, actor: Actor) -> HttpResponse:
    """答 ``{"html", "notices"}``；不能收的答 422 和 ``{"reason"}``。什么也不存。"""
    try:
        read = read_html(request.POST.get("html", ""))
    except TooMuch as refused:
        return JsonResponse({"reason": refused.reason}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if secret_mark(plain_text(read.blocks)):
        return JsonResponse({"reason": CLASSIFIED}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if reasons := faults(read.blocks):
        return JsonResponse({"reason": "".join(reasons)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    html = html_of(read.blocks, lambda block: "", is_editing=True)
    return JsonResponse({"html": html, "notices": read.notices})
