"""资料库的界面：上传、找、改、换、停用；管文件夹；别的表单来选。"""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.rules import MEDIA_TYPES, readable_size
from yangguang.foundation.files.serving import send
from yangguang.foundation.files.uploads import drop, unfinished
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.screening.rules import CLASSIFIED
from yangguang.foundation.workbench.drafts import is_classified
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .choosing import LibraryWidget, Offered, blank_upload, kinds_of, uploaded
from .forms import DetailsForm, FolderForm, ReplaceForm, UploadForm
from .models import Folder, LibraryItem, LibraryVersion
from .rules import KINDS, LIFE
from .selectors import PublicCopy, choosable, folder_tree, where_used
from .services import (
    add,
    add_uploaded,
    edit,
    open_folder,
    remove_folder,
    rename_folder,
    replace,
    replace_uploaded,
)
from .uploading import begun, piece

FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""别的表单里的填写项可能有的名字。"""


class LibraryTable(tables.Table):
    """资料列表。"""

    name = tables.Column("名称")
    kind = tables.Column("类别", attrs=TIGHT)
    folder = tables.Column("文件夹", default="")
    size = tables.Column("大小", accessor="current__file__size", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    created_at = tables.DateColumn(verbose_name="上传", format="Y-m-d", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = LibraryItem
        fields = ("name", "kind", "folder", "size", "organisation", "created_at", "state")

    def render_name(self, record: LibraryItem) -> SafeString:
        """图片连同小图。"""
        href = reverse("workbench:library-record", args=[record.pk])
        if not record.version.thumbnail:
            return format_html('<a href="{}">{}</a>', href, record.name)
        return format_html(
            '<a class="with-thumbnail" href="{}"><img src="{}" alt="" width="{}" height="{}"'
            ' loading="lazy">{}</a>',
            href,
            reverse("workbench:library-thumbnail", args=[record.pk]),
            record.version.width,
            record.version.height,
            record.name,
        )

    def render_size(self, value: int) -> str:
        """大小。"""
        return readable_size(value)


class LibraryFilters(django_filters.FilterSet):
    """资料列表的筛选。"""

    kind = django_filters.ChoiceFilter(
        label="类别", choices=list(KINDS.items()), empty_label="全部"
    )
    folder = django_filters.ChoiceFilter(label="文件夹", choices=(), empty_label="全部")
    state = by_state(LIFE)

    class Meta:
        model = LibraryItem
        fields = ("kind", "folder", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # 认选的和列出来的是同一次取的
        self.filters["folder"].extra["choices"] = [
            (folder.pk, str(folder)) for folder in _folders(self.request)
        ]


class LibraryViewSet(RecordViewSet[LibraryItem]):
    """资料库。"""

    slug = "library"
    section = "管"
    label = "资料库"
    model = LibraryItem
    table = LibraryTable
    filters = LibraryFilters
    search = ("name", "alternative", "caption", "credit")
    create_form = UploadForm
    create_label = "上传"
    create_submit = "上传"
    create_template = "library/upload.html"
    edit_form = DetailsForm
    list_template = "library/list.html"
    record_template = "library/record.html"
    empty_text = "资料库里还没有符合条件的资料。"

    def queryset(self, actor: Actor) -> QuerySet[LibraryItem]:
        """新传的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> LibraryItem:
        """收进一份。"""
        key, details = form.idempotency_key, form.details()
        if form.upload:
            return add_uploaded(form.upload, form.digest, actor=actor, key=key, **details)
        file = form.cleaned_data["file"]
        return add(file.read(), file.name, actor=actor, key=key, **details)

    def after_create(self, request: HttpRequest, record: LibraryItem) -> HttpResponse:
        """收下之后看一眼。"""
        messages.success(request, f"已收进资料库：{record}")
        return redirect(self.record_href(record.pk))

    def initial(self, record: LibraryItem) -> dict[str, Any]:
        """现在的值。"""
        names = ("name", "alternative", "caption", "credit", "folder")
        return {name: getattr(record, name) for name in names}

    def edit(self, record: LibraryItem, form: Any, actor: Actor) -> None:
        """改名称、说明，换文件夹。"""
        edit(record, form.details(), actor=actor)

    def facts(self, record: LibraryItem, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        version = record.version
        kind, _ = MEDIA_TYPES.get(version.file.media_type, (KINDS[record.kind], ""))
        yield "类别", kind
        yield "替代文字", record.alternative
        yield "说明", record.caption
        yield "来源", record.credit
        yield "文件夹", record.folder
        yield "机构", record.organisation
        yield "大小", readable_size(version.file.size)
        yield "尺寸", f"{version.width}×{version.height}" if version.width else ""
        yield "上传", record.created_by

    def record_context(self, record: LibraryItem, actor: Actor) -> dict[str, Any]:
        """内容、各份、用在哪里。"""
        may_edit = self.may_edit(record, actor)
        return {
            "version": record.version,
            "versions": list(record.versions.select_related("file", "by")),
            "used": where_used(record, actor),
            "replace_href": (
                reverse("workbench:library-replace", args=[record.pk]) if may_edit else ""
            ),
        }

    def extra_routes(self) -> Sequence[URLPattern]:
        """取内容、换内容、管文件夹、供别的表单选。"""
        one = "<int:pk>"
        return (
            self.route(f"{one}/file/", self.file_view, "file"),
            self.route(f"{one}/thumbnail/", self.thumbnail_view, "thumbnail"),
            self.route(f"{one}/versions/<int:number>/", self.version_view, "version"),
            self.route(f"{one}/replace/", self.replace_view, "replace"),
            self.route("uploads/", require_POST(self.begin_view), "uploads"),
            self.route("uploads/<uuid:token>/", self.upload_view, "upload"),
            self.route(
                "uploads/<uuid:token>/drop/", require_POST(self.drop_view), "upload-drop"
            ),
            self.route("folders/", self.folders_view, "folders"),
            self.route("folders/<int:folder>/", self.folder_view, "folder"),
            self.route(
                "folders/<int:folder>/remove/", require_POST(self.remove_folder_view),
                "remove-folder",
            ),
            self.route("choose/", self.choose_view, "choose"),
        )  # fmt: skip

    # ---- 内容 ----

    def file_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """现行的原件；换了内容，地址不变。"""
        return send(self.get(actor, pk).version.file, request=request)  # type: ignore[return-value]

    def version_view(
        self, request: HttpRequest, actor: Actor, pk: int, number: int
    ) -> HttpResponse:
        """从前的一份原件。"""
        versions = LibraryVersion.objects.select_related("file").filter(item=self.get(actor, pk))
        return send(get_object_or_404(versions, number=number).file, request=request)  # type: ignore[return-value]

    def thumbnail_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """小图；不是图片的没有。"""
        item = self.get(actor, pk)
        digest = item.version.thumbnail
        if not digest:
            raise Http404
        return send(PublicCopy(f"{item.pk}.webp", digest, 0, "image/webp"))  # type: ignore[return-value]

    def replace_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """换内容。"""
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            note, file = form.cleaned_data["note"], form.cleaned_data["file"]
            version = (
                replace_uploaded(record, form.upload, form.digest, note=note, actor=actor)
                if form.upload
                else replace(record, file.read(), file.name, note=note, actor=actor)
            )
            messages.success(request, f"已换成第 {version.number} 份，地址不变。")
            return redirect(self.record_href(pk))

        context = {
            "heading": f"换内容：{record}",
            "submit_label": "换上",
            "record": record,
            "unfinished": list(unfinished(actor)) if record.kind == "video" else [],
        }
        blank = partial(ReplaceForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "library/upload.html", context)

    # ---- 大视频，分段上传 ----

    def drafting(self, request: HttpRequest, actor: Actor, form: Any) -> dict[str, Any]:
        """新上传的一页，另列出没有传完的。"""
        found: dict[str, Any] = super().drafting(request, actor, form)
        if isinstance(form, UploadForm):
            found["unfinished"] = list(unfinished(actor))
        return found

    def begin_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """开始传一份。"""
        self._must_write(actor)
        return begun(request, actor)

    def upload_view(self, request: HttpRequest, actor: Actor, token: UUID) -> HttpResponse:
        """收一段，问到了多少，不要了。"""
        self._must_write(actor)
        return piece(request, actor, token)

    def drop_view(self, request: HttpRequest, actor: Actor, token: UUID) -> HttpResponse:
        """删去没有传完的，回到上传的一页。"""
        self._must_write(actor)
        upload = get_object_or_404(unfinished(actor), token=token)
        drop(upload, actor=actor)
        messages.success(request, f"已删去没有传完的“{upload}”。")
        return redirect(reverse("workbench:library-new"))

    # ---- 文件夹 ----

    def folders_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """本机构的文件夹，和建一个的表单。"""
        self._must_write(actor)

        def attempt(form: Any) -> HttpResponse:
            folder = open_folder(
                form.cleaned_data["name"], parent=form.cleaned_data["parent"], actor=actor
            )
            messages.success(request, f"已建文件夹“{folder}”。")
            return redirect(reverse("workbench:library-folders"))

        context = {
            "heading": "文件夹",
            "submit_label": "建文件夹",
            "record": None,
            "lines": folder_tree(actor.organisation_id),
        }
        blank = partial(FolderForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "library/folders.html", context)

    def folder_view(self, request: HttpRequest, actor: Actor, folder: int) -> HttpResponse:
        """改一个文件夹的名称。"""
        self._must_write(actor)
        found = _own_folder(actor, folder)

        def attempt(form: Any) -> HttpResponse:
            rename_folder(found, form.cleaned_data["name"], actor=actor)
            messages.success(request, "已改名。")
            return redirect(reverse("workbench:library-folders"))

        context = {"heading": f"文件夹：{found}", "submit_label": "改名", "record": None}
        blank = partial(FolderForm, actor=actor, folder=found)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def remove_folder_view(self, request: HttpRequest, actor: Actor, folder: int) -> HttpResponse:
        """去掉一个空文件夹；里面还有东西的，回去说明。"""
        self._must_write(actor)
        found = _own_folder(actor, folder)
        try:
            remove_folder(found, actor=actor)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
        else:
            messages.success(request, f"已去掉文件夹“{found.name}”。")
        return redirect(reverse("workbench:library-folders"))

    def _must_write(self, actor: Actor) -> None:
        if not self.may_create(actor):
            raise Http404

    # ---- 供别的表单选 ----

    def choose_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """别的表单里展开的一块（由脚本取来）：找、传；选中的，换回填写项的样子。"""
        field, kinds = request.GET.get("field", ""), kinds_of(request.GET)
        if not FIELD_NAME.fullmatch(field):
            raise Http404
        chosen = request.GET.get("chosen")
        if request.method == "POST":
            if is_classified(request):
                return self._refused(request, actor, kinds, CLASSIFIED)
            item, form = uploaded(request, actor)
            if item is None:
                return self._refused(request, actor, kinds, form=form)
            chosen = str(item.pk)
        if chosen is not None:
            widget = LibraryWidget(kinds)
            widget.items = choosable(actor, kinds)
            widget.is_required = "required" in request.GET
            return HttpResponse(widget.render(field, chosen, {"id": f"id_{field}"}))
        return self._panel(request, actor, Offered(actor, kinds, request.GET))

    def _refused(
        self,
        request: HttpRequest,
        actor: Actor,
        kinds: tuple[str, ...],
        told: str = "",
        form: Any = None,
    ) -> HttpResponse:
        """没有传成：传成了换掉整个填写项，没有传成只换展开的这一块。"""
        part = self._panel(request, actor, Offered(actor, kinds, request.GET), told, form)
        part.headers["HX-Retarget"] = "closest .library-panel"
        return part

    def _panel(
        self, request: HttpRequest, actor: Actor, offered: Offered, told: str = "", form: Any = None
    ) -> HttpResponse:
        context = {
            "offered": offered,
            "field": request.GET["field"],
            "current": request.GET.get("current", ""),
            "query": request.GET.urlencode(),
            "form": form or blank_upload(request, actor)(),
            "told": told,
            "unfinished": list(unfinished(actor)) if "video" in offered.kinds else [],
        }
        return render(request, "library/panel.html", context)


def _own_folder(actor: Actor, number: int) -> Folder:
    own = Folder.objects.filter(organisation=actor.organisation_id)
    return get_object_or_404(own, pk=number)


def _folders(request: HttpRequest | None) -> QuerySet[Folder]:
    """筛选里可选的文件夹：本机构的。"""
    actor: Actor | None = getattr(request, "acting", None)
    own = actor.organisation_id if actor else None
    return Folder.objects.filter(organisation=own).order_by("name")


register(LibraryViewSet())
