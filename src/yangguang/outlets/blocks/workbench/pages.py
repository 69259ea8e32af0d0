"""页面编排的工作台：加一块、改、挪、去掉，预览，发布，恢复从前的一版。不写代码，不靠脚本。"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.drafts import is_classified
from yangguang.foundation.workbench.forms import ActionForm
from yangguang.foundation.workbench.listing import StateColumn
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by
from yangguang.hub.topics.models import Topic
from yangguang.outlets.website.serving import HEADERS

from ..checking import faults_of
from ..forms import BeginForm, BlockForm, PublishForm, typed
from ..kinds import KINDS, BlockKind
from ..models import BlockPage, BlockVersion
from ..previewing import laid, preview
from ..rules import Block, Blocks, blocks_of
from ..selectors import choices_of, versions_of
from ..services import begin, fingerprint, move_block, remove_block, restore, save_block
from .pictures import PictureRoutes, uploaded

STEPS = {"up": -1, "down": 1}
WIDTHS = {"phone": "手机", "desktop": "电脑"}


class PageTable(tables.Table):
    """页面列表。"""

    name = tables.Column("页面", empty_values=(), linkify=lambda record: _href(record.pk))
    site = tables.Column("站点", accessor="site__short_name")
    state = StateColumn()
    updated_at = tables.DateTimeColumn(verbose_name="改动", format="Y-m-d H:i")

    class Meta:
        model = BlockPage
        fields = ("name", "site", "state", "updated_at")
        order_by = ("-updated_at",)

    def render_name(self, record: BlockPage) -> str:
        """哪一页。"""
        return str(record)


class BlockPageViewSet(PictureRoutes, RecordViewSet[BlockPage]):
    """首页和专题页的编排。"""

    slug = "pages"
    section = "管"
    label = "页面编排"
    model = BlockPage
    table = PageTable
    create_form = BeginForm  # type: ignore[assignment]
    create_label = "编排一页"
    create_submit = "开始"
    action_forms = {"publish": PublishForm}  # noqa: RUF012
    action_templates = {"publish": "blocks/publish.html"}  # noqa: RUF012
    elsewhere = frozenset({"change"})
    record_template = "blocks/record.html"
    empty_text = "还没有编排过的页面：首页用默认的编排，专题页列出收进来的信息。"

    def may_open(self, actor: Actor) -> bool:
        """管着站点的才有这一项。一次查询。"""
        return self.model.policy.may_create(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """只管一个站点的，不必列出站点。"""
        return () if actor.includes_subtree else ("site",)

    # ---- 开始 ----

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """开始编排还没有编过的一页；都编过了的，回列表说明。"""
        targets = _targets(actor)
        if not targets:
            messages.info(request, "首页和各专题都已经在编了，从列表里打开。")
            return redirect(self.list_href())
        blank = partial(BeginForm, actor=actor, targets=targets)

        def attempt(filled: Any) -> HttpResponse:
            site, topic = _target(filled.cleaned_data["target"])
            page = begin(site, topic, actor=actor, key=filled.idempotency_key)
            return redirect(self.record_href(page.pk))

        context = {"heading": self.create_label, "submit_label": self.create_submit, "record": None}
        return self.fill(request, actor, blank, attempt, self.create_template, context)

    # ---- 一页 ----

    def facts(self, record: BlockPage, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "地址", record.site.base + _path(record)

    def record_context(self, record: BlockPage, actor: Actor) -> dict[str, Any]:
        """草稿里的各块，可以加的种类，发布过的各版。"""
        found = laid(record, record.blocks)
        return {
            "blocks": [
                {
                    "block": each.block,
                    "kind": KINDS[each.block.kind],
                    "summary": KINDS[each.block.kind].summary(each.block.values),
                    "is_empty": not each.shown.html,
                    "is_fixed": not KINDS[each.block.kind].fields,
                }
                for each in found
            ],
            "kinds": [
                kind
                for kind in KINDS.values()
                if record.place in kind.places
                and sum(block.kind == kind.code for block in record.blocks) < kind.most
            ],
            "versions": list(versions_of(record)),
            "public_path": record.site.base + _path(record),
            "library_href": reverse("workbench:pages-pictures"),
        }

    def action_form(
        self, actor: Actor, record: BlockPage, transition: Transition
    ) -> Callable[..., ActionForm]:
        """发布的表单记着看到的是哪一稿。"""
        made = super().action_form(actor, record, transition)
        return partial(made, page=record) if transition.event == "publish" else made

    # ---- 地址 ----

    def extra_routes(self) -> Sequence[URLPattern]:
        """块的加、改、挪、去，预览，恢复。"""
        return (
            self.route("<int:pk>/add/<slug:kind>/", self.add_view, "add"),
            self.route("<int:pk>/blocks/<slug:block>/", self.block_view, "block"),
            self.route("<int:pk>/blocks/<slug:block>/move/", require_POST(self.move_view), "move"),
            self.route(
                "<int:pk>/blocks/<slug:block>/remove/", require_POST(self.remove_view), "remove"
            ),
            self.route("<int:pk>/preview/", self.preview_view, "preview"),
            self.route("<int:pk>/preview/page/", self.preview_page_view, "preview-page"),
            self.route("<int:pk>/restore/", require_POST(self.restore_view), "restore"),
            *self.picture_routes(),
        )

    def add_view(self, request: HttpRequest, actor: Actor, pk: int, kind: str) -> HttpResponse:
        """加一块：没有要填的直接加上。"""
        record = self.get(actor, pk)
        chosen = KINDS.get(kind)
        if chosen is None or record.place not in chosen.places:
            raise Http404
        return self._fill_block(request, actor, record, chosen, None, f"加一块：{chosen.label}")

    def block_view(self, request: HttpRequest, actor: Actor, pk: int, block: str) -> HttpResponse:
        """改一块。"""
        record = self.get(actor, pk)
        found = next((each for each in record.blocks if each.id == block), None)
        if found is None:
            if request.method != "POST" or request.POST.get("kind") not in KINDS:
                messages.warning(request, "这一块已经不在了，请看现在的草稿。")
                return redirect(self.record_href(pk))
            # 正在改的被别人去掉了：填的都还在，再存一次就加在最后
            found = Block(request.POST["kind"], {}, block)
        chosen = KINDS[found.kind]
        return self._fill_block(request, actor, record, chosen, found, f"修改：{chosen.label}")

    def _fill_block(
        self,
        request: HttpRequest,
        actor: Actor,
        record: BlockPage,
        kind: BlockKind,
        block: Block | None,
        heading: str,
    ) -> HttpResponse:
        context = {"heading": heading, "submit_label": "保存", "record": record, "kind": kind}
        data: QueryDict = request.POST
        refused: dict[str, list[str]] = {}
        if request.method == "POST" and not is_classified(request):
            data, refused = uploaded(request, record.site, actor)
        made = partial(
            BlockForm, actor=actor, page=record, kind=kind, choices=choices_of(record.site),
            block=block, refused=refused,
        )  # fmt: skip
        if "more" in data and not is_classified(request):
            form = made(initial=typed(data), extra=1)
            found = self._context(actor) | {"form": form, "refusals": [], **context}
            found["record_href"] = self.record_href(record.pk)
            found |= self.drafting(request, actor, form)
            return render(request, "blocks/block.html", found)

        def blank(**given: Any) -> BlockForm:
            # 上传的图片已经收进图片库，选中的就是它；接着填的照存下的
            is_posted = request.method == "POST" and "data" in given
            return made(**given | ({"data": data} if is_posted else {}))

        def attempt(filled: BlockForm) -> HttpResponse:
            try:
                saved = save_block(
                    record,
                    kind.code,
                    filled.cleaned_data["block"],
                    actor=actor,
                    key=filled.idempotency_key,
                    id=block.id if block else "",
                    beside=filled.is_beside,
                    seen=filled.cleaned_data["seen"] if block else None,
                )
            except Refused:
                # 已经提醒过，再存一次就以这次为准
                record.refresh_from_db()
                now = next((b for b in record.blocks if block and b.id == block.id), None)
                filled.data = _reseen(filled.data, now)
                raise
            messages.success(request, f"已存入草稿：{kind.label}。")
            return redirect(f"{self.record_href(record.pk)}#{saved.id}")

        return self.fill(request, actor, blank, attempt, "blocks/block.html", context)

    def move_view(self, request: HttpRequest, actor: Actor, pk: int, block: str) -> HttpResponse:
        """往上、往下挪一位。"""
        step = STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        record = self.get(actor, pk)
        return self._done(
            request, record, block, lambda: move_block(record, block, step, actor=actor)
        )

    def remove_view(self, request: HttpRequest, actor: Actor, pk: int, block: str) -> HttpResponse:
        """去掉一块。"""
        record = self.get(actor, pk)
        return self._done(
            request,
            record,
            "blocks",
            lambda: remove_block(record, block, actor=actor),
            "已去掉一块。",
        )

    def restore_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """把从前的一版放回草稿。"""
        record = self.get(actor, pk)
        version = self._version(record, request.POST.get("version", ""))
        told = f"第 {version.number} 版已放回草稿，看过预览再发布。"
        return self._done(
            request, record, "blocks", lambda: restore(record, version.number, actor=actor), told
        )

    def preview_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """预览的框：手机和电脑两种宽度。"""
        record = self.get(actor, pk)
        width = request.GET.get("width", "desktop")
        asked = request.GET.get("version", "")
        version = self._version(record, asked) if asked else None
        context = {
            "record": record,
            "record_href": self.record_href(pk),
            "width": width if width in WIDTHS else "desktop",
            "widths": WIDTHS,
            "version": version,
            "faults": [] if version else faults_of(record),
        }
        return render(request, "blocks/preview.html", self._context(actor) | context)

    def preview_page_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """草稿或某一版印成的页，只有编辑看得到。"""
        record = self.get(actor, pk)
        asked = request.GET.get("version", "")
        blocks: Blocks = record.blocks
        if asked:
            blocks = blocks_of(self._version(record, asked).blocks)
        return _framed(preview(record, blocks))

    def _version(self, record: BlockPage, asked: str) -> BlockVersion:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        version = record.versions.filter(number=number).first()
        if version is None:
            raise Http404
        return version

    def _done(
        self,
        request: HttpRequest,
        record: BlockPage,
        anchor: str,
        act: Callable[[], None],
        told: str = "",
    ) -> HttpResponse:
        """办一件不用填表的事；不能办的说明缘由。"""
        try:
            act()
        except Refused as error:
            messages.warning(request, "".join(error.reasons))
        else:
            if told:
                messages.success(request, told)
        return redirect(f"{self.record_href(record.pk)}#{anchor}")


def _framed(content: bytes) -> HttpResponse:
    """照公众的页面那样答，只是许放进工作台自己的框里。"""
    headers = dict(HEADERS) | {"X-Frame-Options": "SAMEORIGIN", "X-Robots-Tag": "noindex"}
    policy = "Content-Security-Policy"
    headers[policy] = headers[policy].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return HttpResponse(content, headers=headers)


def _reseen(data: Any, block: Block | None) -> Any:
    changed = data.copy()
    changed["seen"] = fingerprint(block)
    return changed


def _targets(actor: Actor) -> list[tuple[str, str]]:
    """还没有编过的页：各站点的首页，进行中的专题。"""
    sites = list(sites_edited_by(actor))
    homes = set(BlockPage.objects.filter(topic=None).values_list("site", flat=True))
    found = [
        (f"site:{site.pk}", f"{site.short_name}首页") for site in sites if site.pk not in homes
    ]
    topics = Topic.objects.filter(site__in=sites, page=None).order_by("-opened_on", "-pk")
    return found + [(f"topic:{topic.pk}", f"专题“{topic.name}”") for topic in topics]


def _target(value: str) -> tuple[Site, Topic | None]:
    kind, _, number = value.partition(":")
    if kind == "topic":
        topic = Topic.objects.select_related("site__organisation").get(pk=int(number))
        return topic.site, topic
    return Site.objects.select_related("organisation").get(pk=int(number)), None


def _path(record: BlockPage) -> str:
    return f"/topics/{record.topic.code}/" if record.topic else "/"


def _href(pk: int) -> str:
    return reverse("workbench:pages-record", args=[pk])
