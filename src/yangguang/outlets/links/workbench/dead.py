"""打不开的站外链接：哪一页上的哪个地址，怎样打不开，从哪天起。改好页面，它自己消失。"""

from collections.abc import Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download, one_sheet
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import edits_a_site, sites_edited_by

from ..models import ExternalLink, LinkNight, LinkPlace
from ..selectors import SHOWN, dead_links, last_night

COLUMNS = (("站点", 16), ("地址", 60), ("毛病", 24), ("从哪天起", 14), ("所在的页", 60))


class DeadLinkTable(tables.Table):
    """打不开的站外链接。"""

    url = tables.Column("地址")
    fault = tables.Column("毛病")
    pages = tables.Column("所在的页", orderable=False)
    failing_since = tables.DateColumn(verbose_name="从哪天起", format="Y-m-d", attrs=TIGHT)
    site = tables.Column("站点", accessor="site__short_name", attrs=TIGHT)

    class Meta:
        model = ExternalLink
        fields = ("url", "fault", "pages", "failing_since", "site")

    def render_url(self, record: ExternalLink) -> SafeString:
        """地址，点开自己看一眼。"""
        return format_html('<a href="{0}" rel="external noopener noreferrer">{0}</a>', record.url)

    def render_fault(self, record: ExternalLink) -> str:
        """怎样打不开，连同应答码。"""
        return told_fault(record)

    def render_pages(self, record: ExternalLink) -> SafeString:
        """头几页，多的说还有几页。"""
        paths = ((record.site.base + place.page.path,) for place in _shown(record))
        shown = format_html_join("", '<div><a href="{0}">{0}</a></div>', paths)
        rest = _pages(record) - SHOWN
        if rest <= 0:
            return shown
        return format_html('{}<div class="muted">另有 {} 页</div>', shown, rest)


class DeadLinkFilters(django_filters.FilterSet):
    """按站点筛选。"""

    site = django_filters.ModelChoiceFilter(
        label="站点",
        queryset=lambda request: _sites(request),
        to_field_name="code",
        empty_label="全部",
    )


class DeadLinkViewSet(RecordViewSet[Any]):
    """打不开的站外链接。只有列表和导出。"""

    slug = "dead-links"
    section = "查"
    label = "打不开的站外链接"
    model = ExternalLink
    table = DeadLinkTable
    filters = DeadLinkFilters
    search = ("url",)
    list_template = "links/dead.html"
    empty_text = "没有打不开的站外链接。"

    def queryset(self, actor: Actor) -> QuerySet[ExternalLink]:
        """此人管的站点上的，早坏的在前。"""
        return dead_links(actor)

    def may_open(self, actor: Actor) -> bool:
        """管着站点的。一次查询。"""
        return edits_a_site(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """只管一个站点的，不必列出站点。"""
        return () if actor.includes_subtree else ("site",)

    def night(self) -> LinkNight | None:
        """最近一夜查得怎样，写在列表上面。"""
        return last_night()

    def routes(self) -> list[URLPattern]:
        """列表和导出。"""
        return [
            self.route("", self.list_view, ""),
            self.route("workbook/", self.workbook_view, "workbook"),
        ]

    def workbook_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """导出列表现在列的。"""
        rows, _, _ = self.narrowed(request, self.queryset(actor))
        name = f"打不开的站外链接（{reading_day().isoformat()}）"
        return download(one_sheet("打不开的站外链接", COLUMNS, map(_line, rows)), name)


def told_fault(record: ExternalLink) -> str:
    """怎样打不开，用话说，连同应答码。"""
    words = str(record.get_fault_display())
    return f"{words}（{record.status}）" if record.status else words


def _shown(record: ExternalLink) -> Sequence[LinkPlace]:
    shown: list[LinkPlace] = record.shown  # type: ignore[attr-defined]
    return shown


def _pages(record: ExternalLink) -> int:
    count: int = record.pages  # type: ignore[attr-defined]
    return count


def _sites(request: HttpRequest | None) -> QuerySet[Site]:
    actor: Actor | None = getattr(request, "acting", None)
    return sites_edited_by(actor)


def _line(record: ExternalLink) -> list[Any]:
    assert record.failing_since is not None  # noqa: S101  打不开的必有起始时间
    since = timezone.localtime(record.failing_since).date()
    paths = [record.site.address + place.page.path for place in _shown(record)]
    rest = [f"另有 {_pages(record) - SHOWN} 页"] if _pages(record) > SHOWN else []
    return [record.site.short_name, record.url, told_fault(record), since, "\n".join(paths + rest)]
