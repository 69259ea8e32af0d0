"""填表的界面：新建、修改，和各处都用的“填了、办、办不了带着理由退回”。"""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused
from yangguang.foundation.screening.rules import CLASSIFIED

from .. import drafts
from ..drafts import DRAFT, SLIP, is_classified, typed_in
from ..forms import KeyedForm
from ..meeting import Meeting, meet, shown, taken_up
from ..models import RecordVersion
from ..versions import contents, keeping, refilled
from .declared import Declared, M

MET = (
    "您打开之后有人改过这条记录。您填的都还在下面的表里，现在存着的摆在旁边；"
    "对照改好之后，再保存一次。"
)


class Changed(Refused):
    """打开之后别人改过：要把两边摆在一起看。"""

    def __init__(self) -> None:
        super().__init__([MET])


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
        """修改。现在不能改的，回到记录页说明；别人先改过的，把两边摆在一起。"""
        record = self.get(actor, pk)
        made = self.edit_form
        if made is None or not self.model.policy.may_create(actor):
            raise Http404
        if not self.may_edit(record, actor):
            messages.warning(request, self.edit_refusal(record, actor))
            return redirect(self.record_href(pk))

        earlier = self._earlier(request, record)

        def blank(**given: Any) -> KeyedForm:
            # 每次都按记录此刻的样子：别人刚改过的要看得见
            form = made(actor=actor, record=record, initial=self.initial(record), **given)
            if earlier is not None:
                form.lay_out(earlier.layout)
            return form

        def attempt(filled: Any) -> HttpResponse:
            with transaction.atomic():
                self._refuse_changed(record, filled.seen_at)
                with keeping(record, actor=actor):
                    self.edit(record, filled, actor)
            messages.success(request, "已保存。")
            return redirect(self.record_href(pk))

        context = {"heading": str(record), "submit_label": "保存", "record": record}
        return self.fill(
            request, actor, blank, attempt, self.edit_template, context,
            is_edit=True, earlier=earlier,
        )  # fmt: skip

    def _earlier(self, request: HttpRequest, record: M) -> RecordVersion | None:
        """地址里指明要填进表里的从前一版；没有指明为空，没有这一版就是 404。"""
        asked = request.GET.get("version", "")
        if not asked:
            return None
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        found = contents(record, number) if self.keeps_versions else {}
        if number not in found:
            raise Http404
        return found[number]

    def fill(
        self,
        request: HttpRequest,
        actor: Actor,
        blank: Callable[..., KeyedForm],
        attempt: Callable[[Any], HttpResponse],
        template: str,
        context: Mapping[str, Any],
        *,
        is_edit: bool = False,
        earlier: RecordVersion | None = None,
    ) -> HttpResponse:
        """填表：能办就办，办不了就带着全部理由和已填的内容回到表单。

        ``blank`` 给出一张空表；被拒的内容不许留下的（密级），退回的就是空表。写到一半的替人存着，
        下次打开接着填；``is_edit`` 是改 ``context["record"]``，谁同时打开着、先改了什么都要看得见；
        ``earlier`` 是恢复从前的一版，打开时填的是它。
        """
        path, record = request.get_full_path(), context["record"]
        form, status = blank(), 200
        refusals: list[str] = []
        beside: dict[str, Any] = {}
        if request.method == "POST" and DRAFT in request.POST:
            return self._draft(request, actor, form, record if is_edit else None)
        if request.method != "POST":
            form, beside = self._opened(path, actor, blank, record if is_edit else None, earlier)
        elif is_classified(request):
            drafts.drop(path, actor)
            status, refusals = HTTPStatus.UNPROCESSABLE_ENTITY, [CLASSIFIED]
        else:
            form, status = (
                blank(data=request.POST, files=request.FILES),
                HTTPStatus.UNPROCESSABLE_ENTITY,
            )
            if form.is_valid():
                try:
                    answer = attempt(form)
                except OutOfScope as error:
                    raise Http404 from error
                except Changed as error:
                    refusals = error.reasons
                    met = self._met(path, actor, blank, record, typed_in(request.POST))
                    form, beside = met.form, _told(met)
                except (Refused, FileRefused) as error:
                    refusals = error.reasons
                    if not getattr(error, "keeps_input", True):
                        form = blank()
                else:
                    drafts.drop(path, actor)
                    return answer
            self._keep_refused(request, actor, form)
        found = self._context(actor) | {"form": form, "refusals": refusals, **context}
        found |= self.drafting(request, actor, form) | beside
        if record:
            found["record_href"] = self.record_href(record.pk)
        return render(request, template, found, status=status)

    def drafting(self, request: HttpRequest, actor: Actor, form: KeyedForm) -> dict[str, Any]:
        """页面上自动存草稿要的值：这张表的条子。"""
        return {"slip": drafts.slip(form, request.get_full_path(), actor)}

    # ---- 写到一半的 ----

    def _opened(
        self,
        path: str,
        actor: Actor,
        blank: Callable[..., KeyedForm],
        record: M | None,
        earlier: RecordVersion | None = None,
    ) -> tuple[KeyedForm, dict[str, Any]]:
        """打开一张表：写了没有交的接着填，这期间别人改过的摆在一起，同时打开着的说出来。"""
        form = blank()
        others = drafts.beside(record, actor) if record else []
        kept = (
            drafts.open_form(path, actor, record, shown(form))
            if record
            else drafts.opened(path, actor)
        )
        if kept is None or kept.typed is None:
            if earlier is not None:
                form = taken_up(blank, refilled(form, earlier))
            return form, {"others": others, "earlier": earlier}
        if drafts.is_spent(kept):
            drafts.drop(path, actor)
            return form, {"others": others}
        about = {"others": others, "draft_at": kept.touched_at}
        if record is None or kept.typed.get("seen") == [record.updated_at.isoformat()]:
            return taken_up(blank, kept.typed), about
        met = self._met(path, actor, blank, record, kept.typed)
        if met.is_same:
            drafts.drop(path, actor)
            return form, {"others": others}
        return met.form, about | _told(met) | {"refusals": [MET]}

    def _met(
        self,
        path: str,
        actor: Actor,
        blank: Callable[..., KeyedForm],
        record: M,
        typed: drafts.Typed,
    ) -> Meeting:
        record.refresh_from_db()
        kept = drafts.opened(path, actor)
        met = meet(blank, typed, kept.base if kept else None)
        drafts.rebase(path, actor, met.theirs, met.typed)
        return met

    def _refuse_changed(self, record: M, seen: Any) -> None:
        """锁住这条记录；打开之后改过的抛出 ``Changed``。在保存的同一个事务里。"""
        rows = type(record)._default_manager.select_for_update().filter(pk=record.pk)
        if list(rows.values_list("updated_at", flat=True)) != [seen]:
            raise Changed

    def _keep_refused(self, request: HttpRequest, actor: Actor, form: KeyedForm) -> None:
        """没有办成的也替人存着；退回空表的（密级）连存过的也去掉。"""
        path = request.get_full_path()
        if not form.is_bound:
            drafts.drop(path, actor)
        elif SLIP in request.POST:
            data: Any = form.data
            drafts.keep(actor.assignment_id, path, typed_in(data, drafts.never_kept(form)))

    def _draft(
        self, request: HttpRequest, actor: Actor, form: KeyedForm, record: M | None
    ) -> HttpResponse:
        """存草稿、丢草稿。脚本来存的答一小段，别的回到表单。"""
        path, what = request.get_full_path(), request.POST[DRAFT]
        refusal, kept = "", None
        if what == "drop":
            drafts.drop(path, actor)
        elif what == "touch":
            drafts.touch(path, actor)
        elif what == "keep":
            try:
                typed = typed_in(request.POST, drafts.never_kept(form))
                kept = drafts.keep(actor.assignment_id, path, typed)
                refusal = "" if kept else "写的太长，没有自动存；请先保存，或者分几次写。"
            except Classified:
                refusal = CLASSIFIED
        else:
            raise Http404
        if "X-Autosave" in request.headers:
            context = {
                "refusal": refusal,
                "kept_at": kept.touched_at if kept else None,
                "others": drafts.beside(record, actor) if record else [],
                "is_changed": record is not None
                and request.POST.get("seen") != record.updated_at.isoformat(),
            }
            status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else 200
            return render(request, "workbench/draft_state.html", context, status=status)
        told = {"drop": "草稿已丢掉，从头填。", "keep": "草稿已存下，下次打开这张表接着填。"}
        if refusal:
            messages.warning(request, refusal)
        elif what in told:
            messages.success(request, told[what])
        return redirect(path)


def _told(met: Meeting) -> dict[str, Any]:
    return {"clashing": met.clashing, "taken": met.taken}
