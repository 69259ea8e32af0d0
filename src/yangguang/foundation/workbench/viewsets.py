"""一种记录的工作台界面：列表、记录、新建、修改、动作，声明一次。

看得见什么由权限规则定，越权与不存在一样是 404；按钮由转换表定，暂不能办的说明缘由。
没有脚本也都能用；有脚本时列表的筛选不整页刷新。
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import Action, actions, history
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.foundation.screening.rules import CLASSIFIED, secret_mark

from .access import acting_required
from .forms import ActionForm, KeyedForm, RecordForm, new_key
from .steps import sentences, steps
from .todos import Todo

M = TypeVar("M", bound=LivingRecord)
UNPROCESSABLE = 422
View = Callable[..., HttpResponse]


class RecordViewSet(Generic[M]):
    """一种记录的界面。子类声明下面这些，需要时改写方法。"""

    slug: ClassVar[str]
    section: ClassVar[str]
    label: ClassVar[str]
    model: type[M]
    table: ClassVar[type[Table]]
    filters: ClassVar[type[FilterSet] | None] = None
    search: ClassVar[Sequence[str]] = ()
    """“查找”框里的词在哪些字段里找。"""
    create_form: ClassVar[type[RecordForm] | None] = None
    create_label: ClassVar[str] = "新建"
    create_submit: ClassVar[str] = "保存"
    edit_form: ClassVar[type[RecordForm] | None] = None
    edit_label: ClassVar[str] = "修改"
    action_forms: ClassVar[Mapping[str, type[ActionForm]]] = {}
    """有自己的表单的动作。其余的只写意见。"""
    action_templates: ClassVar[Mapping[str, str]] = {}
    """有自己的页面的动作。其余的用公共的表单页。"""
    elsewhere: ClassVar[frozenset[str]] = frozenset()
    """要先选定办哪一处、在别的页面上办的动作：不列按钮，也没有公共的地址。"""
    everything: ClassVar[str] = ""
    """列表默认有筛选的，看全部要带的查询，如 ``?whose=all``。"""
    list_template: ClassVar[str] = "workbench/list.html"
    record_template: ClassVar[str] = "workbench/record.html"
    create_template: ClassVar[str] = "workbench/form.html"
    edit_template: ClassVar[str] = "workbench/form.html"
    per_page: ClassVar[int] = 30
    empty_text: ClassVar[str] = "没有符合条件的记录。"

    # ---- 子类改写 ----

    def queryset(self, actor: Actor) -> QuerySet[M]:
        """列表和记录共用：此人看得见的。"""
        return self.model.policy.visible(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """对此人没有意思的列：只管一个机构的，不必列出机构。"""
        return () if actor.includes_subtree else ("organisation",)

    def facts(self, record: M, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页上的字段：名称与值，空的不显示。"""
        return ()

    def record_context(self, record: M, actor: Actor) -> dict[str, Any]:
        """记录页在公共部分之外要的值。"""
        return {}

    def queried_context(self, record: M, actor: Actor, query: QueryDict) -> dict[str, Any]:
        """记录页上随地址里的查询（截至哪一天、只看谁的）而变的值。"""
        return {}

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """新建表单的初值，可以由地址里的查询给出：从别处带着话来的，不必再写一遍。"""
        return {}

    def create(self, form: Any, actor: Actor) -> M:
        """新建。"""
        raise NotImplementedError

    def initial(self, record: M) -> dict[str, Any]:
        """修改表单的初值。"""
        return {}

    def edit(self, record: M, form: Any, actor: Actor) -> None:
        """修改。"""
        raise NotImplementedError

    def may_edit(self, record: M, actor: Actor) -> bool:
        """现在能不能改内容。"""
        return self.edit_form is not None and self.model.policy.may_edit(actor, record)

    def edit_refusal(self, record: M, actor: Actor) -> str:
        """现在为什么不能改，一句话。"""
        return f"“{record.state_label}”时不能修改。"

    def act(self, record: M, event: str, form: Any, actor: Actor) -> None:
        """办一个动作。"""
        perform(
            record,
            event,
            actor=actor,
            key=form.idempotency_key,
            message=form.cleaned_data["message"],
            inputs=form.inputs,
        )

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """此人现在要办的。"""
        return ()

    def extra_routes(self) -> Sequence[URLPattern]:
        """列表、记录、新建、修改、动作之外的地址。"""
        return ()

    # ---- 地址 ----

    def list_href(self) -> str:
        """列表的地址。"""
        return reverse(f"workbench:{self.slug}")

    def record_href(self, pk: int) -> str:
        """记录的地址。"""
        return reverse(f"workbench:{self.slug}-record", args=[pk])

    def routes(self) -> list[URLPattern]:
        """全部地址。"""
        found = [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/do/<slug:event>/", self.action_view, "do"),
        ]
        if self.create_form is not None:
            found.append(self.route("new/", self.create_view, "new"))
        if self.edit_form is not None:
            found.append(self.route("<int:pk>/edit/", self.edit_view, "edit"))
        return [*found, *self.extra_routes()]

    def route(self, tail: str, view: View, name: str) -> URLPattern:
        """一个地址：先看登录和身份，再看此人进不进得了这个界面。"""

        def guarded(request: HttpRequest, actor: Actor, **kwargs: Any) -> HttpResponse:
            if not self.may_open(actor):
                raise Http404
            return view(request, actor, **kwargs)

        full = f"{self.slug}-{name}" if name else self.slug
        return path(f"{self.slug}/{tail}", acting_required(guarded), name=full)

    def may_open(self, actor: Actor) -> bool:
        """这个角色进不进得了这个界面。"""
        return self.model.policy.may_read(actor)

    def may_create(self, actor: Actor) -> bool:
        """能不能新建。"""
        return self.create_form is not None and self.model.policy.may_create(actor)

    # ---- 页面 ----

    def list_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """列表：筛选、查找、排序、分页。"""
        records = self.queryset(actor)
        total = records.count()
        records, filterset, words = self.narrowed(request, records)
        table = self.table(records, exclude=self.hidden_columns(actor))
        RequestConfig(request, paginate=False).configure(table)
        # 每页几条由界面定，不由地址定；页码不对的给第一页，过了头的给末页
        asked = request.GET.get(table.prefixed_page_field, "1")
        try:
            table.paginate(page=asked, per_page=self.per_page)
        except PageNotAnInteger:
            table.paginate(page=1, per_page=self.per_page)
        except EmptyPage:
            table.paginate(page=table.paginator.num_pages, per_page=self.per_page)
        htmx: Any = getattr(request, "htmx", None)
        # 后退时 htmx 来取整页，给的也要是整页
        is_part = bool(htmx) and not htmx.history_restore_request
        template = "workbench/records.html" if is_part else self.list_template
        return render(
            request,
            template,
            self._context(actor)
            | {
                "table": table,
                "filterset": filterset,
                "words": words,
                "found": table.paginator.count,
                "total": total,
                "is_narrowed": bool(words) or table.paginator.count != total,
            },
        )

    def narrowed(
        self, request: HttpRequest, records: QuerySet[M]
    ) -> tuple[QuerySet[M], FilterSet | None, str]:
        """按地址里的查找和筛选收窄：收窄了的、筛选的表单、查找的词。"""
        words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        for word in words.split():
            records = records.filter(
                Q(*((f"{field}__icontains", word) for field in self.search), _connector=Q.OR)
            )
        if self.filters is None:
            return records, None, words
        filterset = self.filters(request.GET, queryset=records, request=request)
        return (filterset.qs if filterset.is_valid() else records), filterset, words

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一条记录：是什么、到哪一步、现在能办什么、经过。"""
        record = self.get(actor, pk)
        done = list(history(record))
        return render(
            request,
            self.record_template,
            self._context(actor)
            | {
                "record": record,
                "facts": [(k, v) for k, v in self.facts(record, actor) if v not in ("", None)],
                "steps": steps(record),
                "actions": [
                    self._button(record, action)
                    for action in actions(record, actor)
                    if action.transition.event not in self.elsewhere
                ],
                "edit_href": (
                    reverse(f"workbench:{self.slug}-edit", args=[pk])
                    if self.may_edit(record, actor)
                    else ""
                ),
                "history": sentences(record, done),
            }
            | self.record_context(record, actor)
            | self.queried_context(record, actor, request.GET),
        )

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

    def action_view(self, request: HttpRequest, actor: Actor, pk: int, event: str) -> HttpResponse:
        """一个动作：要填的先填，不能办的说明缘由，填的都留着。"""
        record = self.get(actor, pk)
        transition = self._transition(event, actor)
        blank = self.action_form(actor, record, transition)

        def attempt(filled: Any) -> HttpResponse:
            self.act(record, event, filled, actor)
            messages.success(request, f"已{transition.label}。")
            return redirect(self.record_href(pk))

        context = {
            "heading": f"{transition.label}：{record}",
            "submit_label": transition.label,
            "record": record,
            "transition": transition,
        }
        template = self.action_templates.get(event, "workbench/form.html")
        return self.fill(request, actor, blank, attempt, template, context)

    def action_form(
        self, actor: Actor, record: M, transition: Transition
    ) -> Callable[..., ActionForm]:
        """动作的表单，还没有填。"""
        chosen = self.action_forms.get(transition.event, ActionForm)
        return partial(chosen, actor=actor, transition=transition)

    # ---- 公共 ----

    def get(self, actor: Actor, pk: int) -> M:
        """取一条看得见的记录；看不见就是 404。"""
        record: M = get_object_or_404(self.queryset(actor), pk=pk)
        return record

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

    def _context(self, actor: Actor) -> dict[str, Any]:
        return {
            "viewset": self,
            "actor": actor,
            "list_href": self.list_href(),
            "all_href": self.list_href() + self.everything,
            "new_href": (reverse(f"workbench:{self.slug}-new") if self.may_create(actor) else ""),
        }

    def _transition(self, event: str, actor: Actor) -> Transition:
        try:
            transition = self.model.lifecycle.transition(event)
        except KeyError:
            raise Http404 from None
        if actor.role not in transition.roles or event in self.elsewhere:
            raise Http404
        return transition

    def _button(self, record: M, action: Action) -> dict[str, Any]:
        event = action.transition.event
        return {
            "transition": action.transition,
            "allowed": action.allowed,
            "refusals": action.refusals,
            "href": reverse(f"workbench:{self.slug}-do", args=[record.pk, event]),
            "is_immediate": not action.transition.needs_message and event not in self.action_forms,
            "key": new_key(),
        }


def is_classified(request: HttpRequest) -> bool:
    """填的文字、文件名里有没有密级标志。在这里就拦下，别的错也不用再说，填的一个字不再显示。"""
    typed = [text for _, texts in request.POST.lists() for text in texts]
    named = [file.name for _, files in request.FILES.lists() for file in files]
    return any(secret_mark(text) for text in (*typed, *named) if text)
