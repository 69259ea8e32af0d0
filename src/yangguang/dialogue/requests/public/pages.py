"""各页合用的：印一页，取机构，取材料。"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import existing
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.theme.chrome import Link
from yangguang.foundation.theme.framing import public_page

HOME = "依申请公开"


def page(
    http: HttpRequest,
    template: str,
    title: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    parents: Iterable[Link] = (),
) -> HttpResponse:
    """印一页，上一级是依申请公开的首页。"""
    above = [] if title == HOME else [Link(HOME, reverse("requests:find")), *parents]
    return public_page(
        http, f"requests/{template}", title=title, context=context, status=status, parents=above
    )


def organisation_at(code: str) -> Organisation:
    """现在存在的一个机构；没有的 404。一次查询。"""
    found: Organisation | None = (
        existing(reading_day()).select_related("disclosure_authority").filter(code=code).first()
    )
    if found is None:
        raise Http404
    return found


def link_to(organisation: Organisation) -> Link:
    """面包屑里的一个机构。"""
    return Link(organisation.short_name, reverse("requests:office", args=[organisation.code]))


def uploads(http: HttpRequest, kinds: Iterable[str]) -> dict[str, UploadedFile]:
    """交上来的材料，按种类；没有选文件的不算。"""
    found = {kind: http.FILES.get(kind) for kind in kinds}
    return {kind: file for kind, file in found.items() if isinstance(file, UploadedFile)}
