"""转发的工作台：站点的人从别的站点公开的信息里挑，放进自己站点的栏目；也由他们停止。"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import edits_a_site, sites_edited_by, sites_ordered_by

from .forms import OrderForm, ShareForm, UnshareForm
from .models import Publication, Share
from .ordering import cancel_order, order_share
from .selectors import columns_on, orders_for, path_of, published
from .sharing import share, unshare


class ShareTable(tables.Table):
    """可以转发的信息。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    site = tables.Column("原件在", accessor="site__short_name", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    published_at = tables.DateColumn(verbose_name="发布", format="Y-m-d", attrs=TIGHT)
    shared_to = tables.Column("在转发", accessor="current", orderable=False, attrs=TIGHT)

    class Meta:
        model = Publication
        fields = ("title", "site", "organisation", "published_at", "shared_to")

    def render_shared_to(self, value: list[Share]) -> str:
        """转发到了此人的哪些站点。"""
        return "、".join(each.site.short_name for each in value) or "—"


class ShareFilters(django_filters.FilterSet):
    """按原件所在的站点、转发着没有筛选。"""

    site = django_filters.ModelChoiceFilter(
        label="原件在", queryset=Site.objects.order_by("pk"), to_field_name="code",
        empty_label="全部",
    )  # fmt: skip
    shared = django_filters.ChoiceFilter(
        label="在转发", field_name="is_shared", method="narrow", empty_label="全部",
        choices=[("true", "在转发"), ("false", "没有转发")],
    )  # fmt: skip

    class Meta:
        model = Publication
        fields = ("site", "shared")

    def narrow(self, found: QuerySet[Publication], name: str, chosen: str) -> QuerySet[Publication]:
        """在转发的，或没有转发的。"""
        return found.filter(**{name: chosen == "true"})


class ShareViewSet(RecordViewSet[Any]):
    """转发。"""

    slug = "sharing"
    section = "管"
    label = "转发"
    model = Publication
    table = ShareTable
    filters = ShareFilters
    search = ("title", "document_number")
    sorted_at_any_size = ("published_at",)
    record_template = "publications/share.html"
    empty_text = "没有符合条件的信息。"

    def queryset(self, actor: Actor) -> QuerySet[Publication]:
        """别的站点公开的，新的在前。管几个站点的，也看得到自己站点的。"""
        sites = list(sites_edited_by(actor))
        live = Share.objects.filter(site__in=sites, ended_at=None).select_related("site")
        found = published().annotate(is_shared=Exists(live.filter(publication=OuterRef("pk"))))
        if len(sites) == 1:
            found = found.exclude(site=sites[0])
        return found.prefetch_related(Prefetch("shares", live, to_attr="current"))

    def may_open(self, actor: Actor) -> bool:
        """管着站点的才有这一项。一次查询。"""
        return edits_a_site(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """各列都有意思。"""
        return ()

    def routes(self) -> list[URLPattern]:
        """列表、一条信息、转发和停止、要求转发和撤销要求。"""
        at = "<int:pk>/<slug:code>/"
        return [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/order/", self.order_view, "order"),
            self.route(at, self.share_view, "at"),
            self.route(f"{at}stop/", self.stop_view, "stop"),
            self.route(f"{at}cancel/", require_POST(self.cancel_view), "cancel"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一条信息：是什么，在此人的哪些站点转发着。"""
        record = self.get(actor, pk)
        orders = {
            order.site_id: order
            for order in record.share_orders.filter(cancelled_at=None).select_related(
                "organisation"
            )
        }
        ordered = sites_ordered_by(actor)
        may_order = {site.pk for site in ordered}
        places = [
            {
                "site": site,
                "columns": list(columns_on(record, site)),
                "href": reverse("workbench:sharing-at", args=[pk, site.code]),
                "stop_href": reverse("workbench:sharing-stop", args=[pk, site.code]),
                "public_path": site.base + path_of(record),
                "order": orders.get(site.pk),
                "cancel_href": (
                    reverse("workbench:sharing-cancel", args=[pk, site.code])
                    if site.pk in may_order
                    else ""
                ),
            }
            for site in sites_edited_by(actor)
            if site.pk != record.site_id
        ]
        facts = (
            ("原件在", record.site),
            ("机构", record.organisation),
            ("文号", record.document_number),
            ("索引号", record.index_number),
            ("发布", record.published_at.date().isoformat()),
        )
        return render(
            request,
            self.record_template,
            self._context(actor)
            | {
                "record": record,
                "facts": [(label, value) for label, value in facts if value],
                "places": places,
                "order_href": (
                    reverse("workbench:sharing-order", args=[pk])
                    if may_order - {record.site_id}
                    else ""
                ),
                "original_path": record.site.base + path_of(record),
            },
        )

    def share_view(self, request: HttpRequest, actor: Actor, pk: int, code: str) -> HttpResponse:
        """选定栏目，转发。"""
        record, site = self.get(actor, pk), _site(actor, code)
        if site.pk == record.site_id:
            raise Http404
        current = columns_on(record, site)

        def attempt(form: Any) -> HttpResponse:
            share(record, list(form.cleaned_data["columns"]), actor=actor)
            messages.success(request, f"已转发到{site.short_name}的网站。")
            return redirect(self.record_href(pk))

        blank = partial(ShareForm, actor=actor, site=site, initial={"columns": current})
        return self._fill(request, actor, record, blank, attempt, f"转发到{site}", "转发")

    def stop_view(self, request: HttpRequest, actor: Actor, pk: int, code: str) -> HttpResponse:
        """写明原因，停止转发。"""
        record, site = self.get(actor, pk), _site(actor, code)
        get_object_or_404(Share, publication=record, site=site)

        def attempt(form: Any) -> HttpResponse:
            unshare(record, site, actor=actor, reason=form.cleaned_data["reason"])
            messages.success(request, f"{site.short_name}的网站不再转发。")
            return redirect(self.record_href(pk))

        blank = partial(UnshareForm, actor=actor)
        heading = f"{site}不再转发"
        return self._fill(request, actor, record, blank, attempt, heading, "停止转发")

    def order_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """要求下级的站点转发，定下期限。"""
        record = self.get(actor, pk)
        sites = sites_ordered_by(actor).exclude(pk=record.site_id)
        if not sites:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            ordered = order_share(
                record, list(values["sites"]), due_on=values["due_on"], note=values["note"],
                actor=actor,
            )  # fmt: skip
            named = "、".join(order.site.short_name for order in ordered)
            messages.success(request, f"已要求{named}转发，他们的“今天要办”里看得到。")
            return redirect(self.record_href(pk))

        blank = partial(OrderForm, actor=actor, sites=sites)
        return self._fill(request, actor, record, blank, attempt, "要求转发", "发出要求")

    def cancel_view(self, request: HttpRequest, actor: Actor, pk: int, code: str) -> HttpResponse:
        """撤销对一个站点的要求。"""
        record = self.get(actor, pk)
        site = get_object_or_404(sites_ordered_by(actor), code=code)
        cancel_order(record, site, actor=actor)
        messages.success(request, f"已撤销对{site.short_name}的要求。")
        return redirect(self.record_href(pk))

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """上级要求本机构的站点转发的。"""
        own = [
            site for site in sites_edited_by(actor) if site.organisation_id == actor.organisation_id
        ]
        for order in orders_for(own) if own else ():
            yield Todo(
                order.publication.title,
                reverse("workbench:sharing-at", args=[order.publication_id, order.site.code]),
                "上级要求转发",
                "转发",
                f"{order.organisation}要求转发到{order.site}。{order.note}",
                order.due_on,
                is_asked=True,
            )

    def _fill(
        self,
        request: HttpRequest,
        actor: Actor,
        record: Publication,
        blank: Callable[..., Any],
        attempt: Callable[[Any], HttpResponse],
        heading: str,
        submit: str,
    ) -> HttpResponse:
        context = {
            "heading": f"{heading}：{record}", "submit_label": submit, "record": record,
        }  # fmt: skip
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)


def _site(actor: Actor, code: str) -> Site:
    return get_object_or_404(sites_edited_by(actor), code=code)


def _href(pk: int) -> str:
    return reverse("workbench:sharing-record", args=[pk])


register(ShareViewSet())
