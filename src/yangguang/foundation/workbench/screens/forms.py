"""填表的界面：新建、修改，和各处都用的“填了、办、办不了带着理由退回”。"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.screening.rules import CLASSIFIED, secret_mark

from ..forms import KeyedForm
from .declared import Declared, M

UNPROCESSABLE = 422


class FormScreens(Declared[M]):
    """新建、修改。"""

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """新建。"""
        if not self.may_create(actor) or self.create_form is None:
            raise Http404
        blank = partial(self.create_form, actor=actor, initial=self.suggested(request.GET))

        def attempt(filled: Any) -> HttpResponse:
            record = self.create(filled, actor)
            return self.after_create(request, record)

        context = {"heading": self.create_label, "submit_label": self.create_submit, "record": None}
        return self.fill(request, actor, blank, attempt, self.create_template, context)

    def after_create(self, request: HttpRequest, record: M) -> HttpResponse:
        """建好之后去哪里。"""
        messages.success(request, f"已建立：{record}")
        return redirect(self.record_href(record.pk))

    def edit_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """修改。现在不能改的，回到记录页说明。"""
        record = self.get(actor, pk)
        if self.edit_form is None or not self.model.policy.may_create(actor):
            raise Http404
        if not self.may_edit(record, actor):
            messages.warning(request, self.edit_refusal(record, actor))
            return redirect(self.record_href(pk))
        blank = partial(self.edit_form, actor=actor, record=record, initial=self.initial(record))

        def attempt(filled: Any) -> HttpResponse:
            self.edit(record, filled, actor)
            messages.success(request, "已保存。")
            return redirect(self.record_href(pk))

        context = {"heading": str(record), "submit_label": "保存", "record": record}
        return self.fill(request, actor, blank, attempt, self.edit_template, context)

    def fill(
        self,
        request: HttpRequest,
        actor: Actor,
        blank: Callable[..., KeyedForm],
        attempt: Callable[[Any], HttpResponse],
        template: str,
        context: Mapping[str, Any],
    ) -> HttpResponse:
        """填表：能办就办，办不了就带着全部理由和已填的内容回到表单。

        ``blank`` 给出一张空表；被拒的内容不许留下的（密级），退回的就是空表。
        """
        form, status = blank(), 200
        refusals: list[str] = []
        if request.method == "POST" and is_classified(request):
            status, refusals = UNPROCESSABLE, [CLASSIFIED]
        elif request.method == "POST":
            form, status = blank(data=request.POST, files=request.FILES), UNPROCESSABLE
            if form.is_valid():
                try:
                    return attempt(form)
                except OutOfScope as error:
                    raise Http404 from error
                except (Refused, FileRefused) as error:
                    refusals = error.reasons
                    if not getattr(error, "keeps_input", True):
                        form = blank()
        found = self._context(actor) | {"form": form, "refusals": refusals, **context}
        if record := context["record"]:
            found["record_href"] = self.record_href(record.pk)
        return render(request, template, found, status=status)


def is_classified(request: HttpRequest) -> bool:
    """填的文字、文件名里有没有密级标志。在这里就拦下，别的错也不用再说，填的一个字不再显示。"""
    typed = [text for _, texts in request.POST.lists() for text in texts]
    named = [file.name for _, files in request.FILES.lists() for file in files]
    return any(secret_mark(text) for text in (*typed, *named) if text)
