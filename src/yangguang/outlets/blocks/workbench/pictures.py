"""图片库的界面：看、上传、撤下；填块时当场上传的也收在这里。"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.files.serving import send
from yangguang.foundation.workbench.forms import KeyedForm
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by

from ..forms import UPLOAD
from ..models import Picture
from ..pictures import in_library, take_in, withdraw_picture


class PictureForm(KeyedForm):
    """上传一张图片。"""

    site = forms.ModelChoiceField(Site.objects.none(), label="站点", empty_label=None)
    file = forms.FileField(
        label="图片",
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPG、PNG 或 WebP。拍摄的时间、地点和设备会去掉。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_edited_by(self.actor)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["site"].initial = sites.first()
        if sites.count() == 1:
            self.fields["site"].widget = forms.HiddenInput()


class PictureRoutes:
    """图片库的地址，供页面编排的界面合用。"""

    def picture_routes(self: Any) -> tuple[URLPattern, ...]:
        """看、上传；取一张；撤下。"""
        return (
            self.route("pictures/", self.library_view, "pictures"),
            self.route("pictures/<int:picture>/", self.picture_view, "picture"),
            self.route(
                "pictures/<int:picture>/withdraw/", require_POST(self.withdraw_view), "withdraw"
            ),
        )

    def library_view(self: Any, request: HttpRequest, actor: Actor) -> HttpResponse:
        """图片库：各站点的图片，和上传的表单。"""
        sites = list(sites_edited_by(actor))
        context = {
            "heading": "图片库",
            "submit_label": "上传",
            "record": None,
            "sites": [(site, in_library(site)) for site in sites],
        }

        def attempt(form: Any) -> HttpResponse:
            upload = form.cleaned_data["file"]
            take_in(form.cleaned_data["site"], upload.read(), upload.name, actor=actor)
            messages.success(request, f"已收进图片库：{upload.name}")
            return redirect(reverse("workbench:pages-pictures"))

        blank = partial(PictureForm, actor=actor)
        found: HttpResponse = self.fill(
            request, actor, blank, attempt, "blocks/library.html", context
        )
        return found

    def picture_view(self: Any, request: HttpRequest, actor: Actor, picture: int) -> HttpResponse:
        """图片本身：编得了那个站点的才取得到。"""
        return send(_picture(actor, picture).file)  # type: ignore[return-value]

    def withdraw_view(self: Any, request: HttpRequest, actor: Actor, picture: int) -> HttpResponse:
        """撤下一张。"""
        found = _picture(actor, picture)
        withdraw_picture(found, actor=actor)
        messages.success(request, f"已撤下“{found.file.name}”：用到它的页面几秒钟后不再有它。")
        return redirect(reverse("workbench:pages-pictures"))


def uploaded(
    request: HttpRequest, site: Site, actor: Actor
) -> tuple[QueryDict, dict[str, list[str]]]:
    """填块时上传的图片先收进图片库，选中它：别的项填错了，图片也不用再传。

    返回换上了选中之物的内容，和收不下的各项的缘由。
    """
    data = request.POST.copy()
    refused: dict[str, list[str]] = {}
    for box, file in request.FILES.items():
        name = box.removesuffix(UPLOAD)
        if name == box or not isinstance(file, UploadedFile):
            continue
        try:
            data[name] = str(take_in(site, file.read(), file.name or "", actor=actor).pk)
        except FileRefused as error:
            refused[name] = error.reasons
    return data, refused


def _picture(actor: Actor, number: int) -> Picture:
    pictures = Picture.objects.filter(site__in=sites_edited_by(actor), withdrawn_at=None)
    found: Picture = get_object_or_404(pictures.select_related("file", "site"), pk=number)
    return found
