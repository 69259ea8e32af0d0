"""在别的表单里从资料库选一份：填写项 ``LibraryField``，和界面要混入的 ``Choosing``。

有脚本时，“从资料库选”就在原处展开一块来找、来传，选好换回原处。没有脚本时，这个按钮把整张表单
交给同一个地址，答一页选择的页面，填的各项原样带着；选好再带回来，一个字也不丢
（上传框里选好的文件除外：浏览器不许带）。

用法：表单里声明 ``picture = LibraryField(label="配图", kinds=("picture",))``，``__init__`` 里
``offer(self)``；界面写成 ``class ArticleViewSet(Choosing, RecordViewSet[Article])``。
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.drafts import is_classified
from yangguang.foundation.workbench.forms import KeyedForm

from .forms import QuickUploadForm
from .models import LibraryItem
from .rules import KINDS
from .selectors import FolderLine, choosable, folder_tree
from .services import add, add_uploaded

PER_PAGE = 12
CHOOSE = "choose"
"""地址里的这一项说明是来选的，值是哪一个填写项。"""
OWN = "library"
"""选择的页面自己的各项以它开头，不带回原来的表单。"""
CHOSEN = f"{OWN}-chosen"
FIELD = f"{OWN}-field"


class LibraryWidget(forms.Widget):
    """选中的一份，和“从资料库选”。"""

    template_name = "library/chooser.html"
    use_fieldset = True

    def __init__(self, kinds: Collection[str] = (), attrs: Any = None) -> None:
        super().__init__(attrs)
        self.kinds = tuple(kinds)
        self.items: QuerySet[LibraryItem] = LibraryItem.objects.none()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """选中的一份要画出来。一次查询。"""
        context = super().get_context(name, value, attrs)
        number = str(value or "")
        item = self.items.filter(pk=int(number)).first() if _is_number(number) else None
        asked = {"field": name, "kind": self.kinds, "current": item.pk if item else ""}
        if self.is_required:
            asked["required"] = "1"
        return context | {
            "item": item,
            "noun": noun_of(self.kinds),
            "panel_query": urlencode(asked, doseq=True),
            "page_query": urlencode({CHOOSE: name, "kind": self.kinds}, doseq=True),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """选中的编号；勾了“不用”的是空。"""
        return "" if data.get(f"{name}-none") else data.get(name)


class LibraryField(forms.ModelChoiceField):
    """选一份资料，得到 ``LibraryItem``。``kinds`` 限定类别，见 ``rules.KINDS``。"""

    def __init__(self, *, kinds: Collection[str] = (), **kwargs: Any) -> None:
        self.kinds = tuple(kinds)
        super().__init__(
            LibraryItem.objects.none(),
            widget=LibraryWidget(self.kinds),
            error_messages={
                "required": "请选一份资料。",
                "invalid_choice": "选的资料不在了，或者已经停用，请另选一份。",
            },
            **kwargs,
        )

    def offer(self, actor: Actor, kept: Any = None) -> None:
        """此人选得到的；``kept`` 是原来就选着的，停用了、不在范围里的也照样留着。"""
        found = choosable(actor, self.kinds)
        if kept:
            held = LibraryItem.objects.filter(pk=getattr(kept, "pk", kept))
            found = found | held.select_related("organisation", "folder", "current__file")
        self.queryset = found
        self.widget.items = found


def offer(form: KeyedForm) -> None:
    """给表单里的各个 ``LibraryField`` 定好可选的范围。在 ``__init__`` 的末尾调用。"""
    for name, field in form.fields.items():
        if isinstance(field, LibraryField):
            field.offer(form.actor, form.initial.get(name))


class Choosing:
    """让界面的表单没有脚本也能从资料库选：混在 ``RecordViewSet`` 之前。"""

    def fill(
        self: Any,
        request: HttpRequest,
        actor: Actor,
        blank: Callable[..., KeyedForm],
        attempt: Callable[[Any], HttpResponse],
        template: str,
        context: Mapping[str, Any],
        *,
        is_edit: bool = False,
        earlier: Any = None,
    ) -> HttpResponse:
        """来选的，答选择的页面；选好的，带着填的各项回到表单，还不办。"""
        go_on = partial(super().fill, request, actor, is_edit=is_edit, earlier=earlier)  # type: ignore[misc]
        if request.method != "POST" or is_classified(request):
            found: HttpResponse = go_on(blank, attempt, template, context)
            return found
        if CHOOSE in request.GET:
            return chooser_page(request, actor, {"viewset": self, "heading": context["heading"]})
        if CHOSEN in request.POST:
            data = request.POST.copy()
            name = str(data.get(FIELD, ""))
            data[name] = str(data[CHOSEN])
            data.pop(f"{name}-none", None)
            # 只是把填的带回来，不办
            request.method = "GET"
            blank = partial(refilled, blank, data)
        found = go_on(blank, attempt, template, context)
        return found


def refilled(blank: Callable[..., KeyedForm], data: QueryDict) -> KeyedForm:
    """一张还没有交的表单，初值是 ``data`` 里填的。"""
    form = blank()
    for name, field in form.fields.items():
        given = field.widget.value_from_datadict(data, {}, form.add_prefix(name))  # type: ignore[arg-type]
        if given is not None:
            form.initial[name] = given
    return form


def chooser_page(request: HttpRequest, actor: Actor, context: Mapping[str, Any]) -> HttpResponse:
    """没有脚本时选择的一页：带着原来表单里填的各项。"""
    chosen, form = uploaded(request, actor)
    carried = [
        (key, value)
        for key, values in request.POST.lists()
        if not key.startswith(f"{OWN}-") and key != "csrfmiddlewaretoken"
        for value in values
    ]
    found = {
        "offered": Offered(actor, kinds_of(request.GET), request.POST),
        "carried": carried,
        "field": request.GET[CHOOSE],
        "kept": request.POST.get(request.GET[CHOOSE], ""),
        "chosen": chosen,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else 200
    return render(request, "library/choose.html", {**context, **found}, status=status)


class Offered:
    """摆出来供选的一页：按词、文件夹找，翻页。"""

    def __init__(self, actor: Actor, kinds: Collection[str], data: QueryDict) -> None:
        self.kinds = tuple(kinds)
        self.words = data.get(f"{OWN}-words", "").replace("\x00", "").strip()[:100]
        self.folder = data.get(f"{OWN}-folder", "")
        self.folders: list[FolderLine] = folder_tree(actor.organisation_id)
        self.may_upload = LibraryItem.policy.may_create(actor)
        found = choosable(actor, self.kinds)
        for word in self.words.split():
            found = found.filter(Q(name__icontains=word) | Q(alternative__icontains=word))
        if _is_number(self.folder):
            found = found.filter(folder=int(self.folder))
        asked = data.get(f"{OWN}-page", "1")
        self.page: Page[LibraryItem] = Paginator(found, PER_PAGE).get_page(asked)

    @property
    def noun(self) -> str:
        """选的是什么。"""
        return noun_of(self.kinds)


def blank_upload(request: HttpRequest, actor: Actor) -> Callable[..., QuickUploadForm]:
    """当场上传的表单，还没有填。"""
    return partial(QuickUploadForm, actor=actor, prefix=OWN, kinds=kinds_of(request.GET))


def uploaded(request: HttpRequest, actor: Actor) -> tuple[LibraryItem | None, QuickUploadForm]:
    """在选的地方当场传的一份，和上传的表单；没有传的、不能收的是 ``None``，缘由在表单里。

    不能上传的角色来传，是 404。
    """
    blank = blank_upload(request, actor)
    given = f"{OWN}-file" in request.FILES or request.POST.get(f"{OWN}-uploaded")
    if request.method != "POST" or not given:
        return None, blank()
    if not LibraryItem.policy.may_create(actor):
        raise Http404
    form = blank(data=request.POST, files=request.FILES)
    if not form.is_valid():
        return None, form
    file, key = form.cleaned_data["file"], form.idempotency_key
    try:
        item = (
            add_uploaded(form.upload, form.digest, actor=actor, key=key)
            if form.upload
            else add(
                file.read(),
                file.name,
                actor=actor,
                key=key,
                alternative=form.cleaned_data["alternative"],
            )
        )
    except (Refused, FileRefused) as refused:
        if not refused.keeps_input:
            form = blank(data={})
        form.add_error(None, refused.reasons)
        return None, form
    return item, blank()


def kinds_of(query: QueryDict) -> tuple[str, ...]:
    """地址里写明的类别，不认识的不算。"""
    return tuple(kind for kind in query.getlist("kind") if kind in KINDS)


def noun_of(kinds: Collection[str]) -> str:
    """选的是什么：“图片”“图片、视频”，不限类别的是“资料”。"""
    return "、".join(KINDS[kind] for kind in kinds) or "资料"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
