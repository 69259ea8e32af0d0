"""记录的附件：加、打开、去掉。各种记录的界面混入 ``Attaching``，记录页放进
``library/attachments.html``，打印页放进 ``library/attachments_printed.html``。"""

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


@dataclass(frozen=True)
class Attached:
    """一个附件：``number`` 是它在地址里的编号；``original`` 是遮盖过的一份的原件在资料库里的编号。"""

    number: int
    file: StoredFile
    original: int | None = None


class Attaching:
    """附件的几个界面。用它的界面写好下面三个方法，地址用 ``attachment_routes``。"""

    attach_form: ClassVar[Callable[..., Any]]
    downloads: ClassVar[bool | None] = None
    """打开附件就是下载；没有写的看类型：图片、PDF 直接看。"""
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

    def attachments_context(self, record: Any) -> dict[str, Any]:
        """记录页、打印页列附件要的值。"""
        at = [record.pk]
        return {
            "attached": [
                {
                    "file": each.file,
                    "original": each.original,
                    "href": reverse(f"workbench:{self.slug}-attached", args=[*at, each.number]),
                }
                for each in self.attached(record)
            ],
            "attach_href": reverse(f"workbench:{self.slug}-attach", args=at),
        }

    def attachment_routes(self) -> Sequence[URLPattern]:
        """加附件；打开、去掉一个。"""
        one = "<int:pk>/attachments/<int:number>/"
        return (
            self.route("<int:pk>/attachments/", self.attach_view, "attach"),
            self.route(one, self.attached_view, "attached"),
            self.route(f"{one}remove/", require_POST(self.detach_view), "detach"),
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
