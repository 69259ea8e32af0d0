"""记录的附件：加、打开、去掉。各种记录的界面混入 ``Attaching``，记录页放进
``library/attachments.html``，打印页放进 ``library/attachments_printed.html``。

公开页面上放得出视频的（``captioned``），各个视频另可以配字幕。"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.serving import send
from yangguang.foundation.files.video import MP4
from yangguang.foundation.workbench.forms import KeyedForm

from .choosing import LibraryField, offer
from .models import LibraryItem


@dataclass(frozen=True)
class Attached:
    """一个附件：``number`` 是它在地址里的编号；``original`` 是遮盖过的一份的原件在资料库里的编号；
    ``captions`` 是它的字幕。"""

    number: int
    file: StoredFile
    original: int | None = None
    captions: StoredFile | None = None

    @property
    def is_video(self) -> bool:
        """是视频。"""
        return self.file.media_type == MP4


class CaptionsForm(KeyedForm):
    """给一个视频配字幕：从资料库选，或者当场上传到资料库。"""

    captions = LibraryField(label="字幕", kinds=("captions",))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self)


class Attaching:
    """附件的几个界面。用它的界面写好下面三个方法，地址用 ``attachment_routes``。"""

    attach_form: ClassVar[Callable[..., Any]]
    downloads: ClassVar[bool | None] = None
    """打开附件就是下载；没有写的看类型：图片、PDF 直接看。"""
    captioned: ClassVar[bool] = False
    """公开页面上放得出视频，可以配字幕。"""
    slug: ClassVar[str]
    get: Callable[[Actor, int], Any]
    may_edit: Callable[[Any, Actor], bool]
    route: Callable[..., URLPattern]
    record_href: Callable[[int], str]
    fill: Callable[..., HttpResponse]

    def attached(self, record: Any) -> Iterable[Attached]:
        """这条记录的附件，按次序。"""
        raise NotImplementedError

    def attach(self, record: Any, form: Any, actor: Actor) -> str:
        """照填好的表加上，返回告诉人的一句。"""
        raise NotImplementedError

    def detach(self, record: Any, number: int, actor: Actor) -> None:
        """去掉编号是 ``number`` 的一个。"""
        raise NotImplementedError

    def captionable(self, record: Any) -> Iterable[Attached]:
        """可以配字幕的视频；不在附件里的也算。"""
        return [each for each in self.attached(record) if each.is_video]

    def caption(self, record: Any, number: int, item: LibraryItem | None, actor: Actor) -> None:
        """给编号是 ``number`` 的视频配上字幕；``item`` 为空是去掉。"""
        raise NotImplementedError

    def attachments_context(self, record: Any) -> dict[str, Any]:
        """记录页、打印页列附件要的值。"""
        at = [record.pk]
        return {
            "attached": [
                {
                    "file": each.file,
                    "original": each.original,
                    "href": reverse(f"workbench:{self.slug}-attached", args=[*at, each.number]),
                    **self.captions_context(record, each),
                }
                for each in self.attached(record)
            ],
            "attach_href": reverse(f"workbench:{self.slug}-attach", args=at),
        }

    def captions_context(self, record: Any, each: Attached) -> dict[str, Any]:
        """一个视频的字幕，和配字幕的地址；配不了字幕的没有。"""
        if not self.captioned or not each.is_video:
            return {}
        href = reverse(f"workbench:{self.slug}-captions", args=[record.pk, each.number])
        return {"captions": each.captions, "captions_href": href}

    def attachment_routes(self) -> Sequence[URLPattern]:
        """加附件；打开、去掉一个；给视频配字幕，打开、去掉字幕。"""
        one = "<int:pk>/attachments/<int:number>/"
        return (
            self.route("<int:pk>/attachments/", self.attach_view, "attach"),
            self.route(one, self.attached_view, "attached"),
            self.route(f"{one}remove/", require_POST(self.detach_view), "detach"),
            *(self._captions_routes(f"{one}captions/") if self.captioned else ()),
        )

    def _captions_routes(self, base: str) -> Sequence[URLPattern]:
        return (
            self.route(base, self.captions_view, "captions"),
            self.route(f"{base}file/", self.captions_file_view, "captions-file"),
            self.route(f"{base}remove/", require_POST(self.uncaption_view), "uncaption"),
        )

    def attach_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """加附件。"""
        record = self._editable(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            messages.success(request, self.attach(record, form, actor))
            return redirect(self.record_href(pk))

        context = {"heading": f"加附件：{record}", "submit_label": "加上", "record": record}
        blank = partial(type(self).attach_form, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def attached_view(
        self, request: HttpRequest, actor: Actor, pk: int, number: int
    ) -> HttpResponse:
        """打开一个附件：看得见记录的才取得到。"""
        file = self._one(self.get(actor, pk), number).file
        return send(file, as_attachment=self.downloads)  # type: ignore[return-value]

    def detach_view(self, request: HttpRequest, actor: Actor, pk: int, number: int) -> HttpResponse:
        """去掉一个附件。"""
        record = self._editable(actor, pk)
        found = self._one(record, number)
        self.detach(record, number, actor)
        messages.success(request, f"已去掉附件“{found.file.name}”。")
        return redirect(self.record_href(pk))

    def captions_view(
        self, request: HttpRequest, actor: Actor, pk: int, number: int
    ) -> HttpResponse:
        """给一个视频配字幕，换字幕。"""
        record = self._editable(actor, pk)
        video = self._video(record, number)

        def attempt(form: Any) -> HttpResponse:
            self.caption(record, number, form.cleaned_data["captions"], actor)
            messages.success(request, f"已给“{video.file.name}”配上字幕。")
            return redirect(self.record_href(pk))

        heading = f"配字幕：{video.file.name}"
        context = {"heading": heading, "submit_label": "配上", "record": record}
        blank = partial(CaptionsForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def captions_file_view(
        self, request: HttpRequest, actor: Actor, pk: int, number: int
    ) -> HttpResponse:
        """打开一个视频的字幕：看得见记录的才取得到。"""
        captions = self._video(self.get(actor, pk), number).captions
        if captions is None:
            raise Http404
        return send(captions)  # type: ignore[return-value]

    def uncaption_view(
        self, request: HttpRequest, actor: Actor, pk: int, number: int
    ) -> HttpResponse:
        """去掉一个视频的字幕。"""
        record = self._editable(actor, pk)
        video = self._video(record, number)
        self.caption(record, number, None, actor)
        messages.success(request, f"已去掉“{video.file.name}”的字幕。")
        return redirect(self.record_href(pk))

    def _editable(self, actor: Actor, pk: int) -> Any:
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404
        return record

    def _one(self, record: Any, number: int) -> Attached:
        for each in self.attached(record):
            if each.number == number:
                return each
        raise Http404

    def _video(self, record: Any, number: int) -> Attached:
        for each in self.captionable(record):
            if each.number == number:
                return each
        raise Http404
