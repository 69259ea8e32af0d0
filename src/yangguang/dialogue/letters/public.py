"""申请人看给他的文书：凭编号和查询码进来的，下载送出了的文书和随附的文件。每次下载都入审计，是送达的凭据。"""

from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.public.passes import held
from yangguang.dialogue.requests.services import applicant_actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.serving import send
from yangguang.foundation.theme.chrome import Link

from .models import CaseLetter
from .selectors import for_applicant


@dataclass
class _Pdf:
    """一份文书的 PDF。"""

    name: str
    sha256: str
    media_type: str = "application/pdf"


def links_of(request: DisclosureRequest) -> list[Link]:
    """申请人可以下载的：各份文书，各自随附的文件。两次查询。"""
    found = []
    for each in for_applicant(request):
        if each.pdf:
            found.append(Link(f"{each.label}（PDF）", reverse("letters:letter", args=[each.pk])))
        for one in each.enclosures.all():
            href = reverse("letters:enclosure", args=[each.pk, one.pk])
            found.append(Link(one.title, href))
    return found


@require_safe
@never_cache
def letter(http: HttpRequest, key: int) -> HttpResponse:
    """一份文书的 PDF。"""
    found = _letter(http, key)
    if found is None:
        return redirect("requests:status")
    if not found.pdf:
        raise Http404
    _note(found, "答复文书")
    return send(_Pdf(f"{found.label}{found.number}.pdf", found.pdf), as_attachment=True)  # type: ignore[return-value]


@require_safe
@never_cache
def enclosure(http: HttpRequest, key: int, file: int) -> HttpResponse:
    """随附的一份文件。"""
    found = _letter(http, key)
    if found is None:
        return redirect("requests:status")
    one = found.enclosures.select_related("file").filter(pk=file).first()
    if one is None:
        raise Http404
    _note(found, "随附的文件")
    name = f"{one.title}{Path(one.file.name).suffix}"
    # 给出去的是去掉了拍摄信息的一份
    return send(_Pdf(name, one.file.public_sha256, one.file.media_type), as_attachment=True)  # type: ignore[return-value]


def _letter(http: HttpRequest, key: int) -> CaseLetter | None:
    """凭带着的那一件看得到的一份；没有带的为空，带着的不是那一件的 404。"""
    pass_ = held(http)
    if pass_ is None:
        return None
    found = for_applicant(pass_.request).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _note(found: CaseLetter, file: str) -> None:
    actor = applicant_actor(found.organisation)
    record_event("letters.fetch", actor=actor, target=found, public={"content": file})


app_name = "letters"
urlpatterns = [
    path("<int:key>/", letter, name="letter"),
    path("<int:key>/files/<int:file>/", enclosure, name="enclosure"),
]
