"""一种记录的界面：要声明什么，能改写什么，地址从哪里来。"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django_filters import FilterSet
from django_tables2 import Table

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord, TransitionRecord
from yangguang.foundation.lifecycle.rules import Lifecycle, Transition
from yangguang.foundation.lifecycle.services import perform

from ..access import acting_required
from ..forms import ActionForm, RecordForm
from ..todos import Todo
from ..versions import keeping

M = TypeVar("M", bound=LivingRecord)
View = Callable[..., HttpResponse]


class Declared(Generic[M]):
    """一种记录的界面要声明的。子类写下面这些，需要时改写方法。"""

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
    is_versioned: ClassVar[bool] = True
    """每次保存留不留一版。个人的资料不留：版本删不掉。"""
    action_forms: ClassVar[Mapping[str, type[ActionForm]]] = {}
    """有自己的表单的动作。其余的只写意见。"""
    action_templates: ClassVar[Mapping[str, str]] = {}
    """有自己的页面的动作。其余的用公共的表单页。"""
    rewriting: ClassVar[frozenset[str]] = frozenset()
    """改了修改表里的内容的动作（换栏目）：办了也留一版。"""
    elsewhere: ClassVar[frozenset[str]] = frozenset()
    """要先选定办哪一处、在别的页面上办的动作：不列按钮，也没有公共的地址。"""
    awaiting: ClassVar[frozenset[str]] = frozenset()
    """正等别人办的是哪几个状态：起草的人在“今天要办”里看得到走到谁手上。"""
    optional_columns: ClassVar[Sequence[str]] = ()
    """平常不显示、要看的人自己选出来的列。"""
    sorted_at_any_size: ClassVar[Sequence[str]] = ()
    """多少条都能照着排的列：有索引可走。别的列，收窄到 ``listing.MOST`` 条以内才能排。"""
    is_exported: ClassVar[bool] = True
    """列表能不能导出。"""
    everything: ClassVar[str] = ""
    """列表默认有筛选的，看全部要带的查询，如 ``?whose=all``。"""
    list_template: ClassVar[str] = "workbench/list.html"
    records_template: ClassVar[str] = "workbench/records.html"
    """列表页里随筛选刷新的那一块。"""
    record_template: ClassVar[str] = "workbench/record.html"
    gathered: ClassVar[Sequence[str | Prefetch]] = ()
    """记录页上不止一处要看的关联：打开时一次取齐。办动作时另取，总是最新的。"""
    create_template: ClassVar[str] = "workbench/form.html"
    edit_template: ClassVar[str] = "workbench/form.html"
    print_template: ClassVar[str] = "workbench/print.html"
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

    def told(self, record: M, done: Sequence[TransitionRecord]) -> dict[str, Any]:
        """记录页上由经过得出的值；``done`` 是各次流转，先后为序。"""
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

    def also_kept(self, record: M) -> Iterable[tuple[str, str]]:
        """修改表之外、一版里也要留下供对照的：名称与文字，如附件。"""
        return ()

    def layout(self, record: M) -> Mapping[str, Any]:
        """表单里的文字写不出来的样子（正文的块），随一版留下；恢复那一版时表单的 ``layout`` 就是它。"""
        return {}

    @property
    def keeps_versions(self) -> bool:
        """留不留各版：有修改表，又没有声明不留。"""
        return self.is_versioned and self.edit_form is not None

    def may_edit(self, record: M, actor: Actor) -> bool:
        """现在能不能改内容。"""
        return self.edit_form is not None and self.model.policy.may_edit(actor, record)

    def edit_refusal(self, record: M, actor: Actor) -> str:
        """现在为什么不能改，一句话。"""
        return f"“{record.state_label}”时不能修改。"

    def act(self, record: M, event: str, form: Any, actor: Actor) -> None:
        """办一个动作。"""
        kept = keeping(record, actor=actor) if event in self.rewriting else nullcontext()
        with transaction.atomic(), kept:
            perform(
                record,
                event,
                actor=actor,
                key=form.idempotency_key,
                message=form.cleaned_data["message"],
                inputs=form.inputs,
            )

    def done_message(self, record: M, transition: Transition) -> str:
        """办成一个动作以后说什么。"""
        return f"已{transition.label}。"

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

    def bulk_transitions(self, actor: Actor) -> Sequence[Transition]:
        """此人可以选中许多条一并办的动作：转换表准许的。"""
        lifecycle: Lifecycle | None = getattr(self.model, "lifecycle", None)
        return [
            each
            for each in (lifecycle.transitions if lifecycle else ())
            if each.in_bulk and actor.role in each.roles and each.event not in self.elsewhere
        ]

    # ---- 公共 ----

    def get(self, actor: Actor, pk: int) -> M:
        """取一条看得见的记录；看不见就是 404。"""
        record: M = get_object_or_404(self.queryset(actor), pk=pk)
        return record

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
