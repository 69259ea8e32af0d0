"""推荐结果的界面。"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.models import Publication

from ..curation import STANDINGS
from ..forms import PromotionForm
from ..models import Promotion
from ..services import add_promotion, edit_curated
from .common import CuratedFilters, has_sites, record_href, seeds


class PromotionTable(tables.Table):
    """推荐结果列表。"""

    words = tables.Column("公众查", linkify=lambda record: record_href("promotions", record.pk))
    target = tables.Column("推荐", orderable=False)
    site = tables.Column("站点", accessor="site_label", order_by="site", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    valid_until = tables.DateColumn(verbose_name="止", format="Y-m-d", default="一直", attrs=TIGHT)
    state = tables.Column("现在", attrs=TIGHT)

    class Meta:
        model = Promotion
        fields = ("words", "target", "site", "organisation", "valid_until", "state")

    def render_words(self, record: Promotion) -> str:
        """各个词连起来。"""
        return "、".join(record.terms)

    def render_state(self, record: Promotion) -> str:
        """今天怎样。"""
        return STANDINGS[record.standing(reading_day())]


class PromotionViewSet(RecordViewSet[Promotion]):
    """推荐结果。"""

    slug = "promotions"
    section = "管"
    label = "检索推荐"
    model = Promotion
    table = PromotionTable
    filters = CuratedFilters
    search = ("words", "label", "publication__title", "reason")
    create_form = edit_form = PromotionForm
    create_label = "新立一条"
    empty_text = "还没有推荐结果。"

    def queryset(self, actor: Actor) -> QuerySet[Promotion]:
        """新立的在前。"""
        related = ("site", "organisation", "publication__site", "created_by")
        return super().queryset(actor).select_related(*related)

    def may_create(self, actor: Actor) -> bool:
        """管着站点的监督员。"""
        return super().may_create(actor) and has_sites(actor)

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从没有查到的词来的，带着那个词。"""
        return seeds(query)

    def create(self, form: Any, actor: Actor) -> Promotion:
        """新立。"""
        return add_promotion(**form.changes, actor=actor, key=form.idempotency_key)

    def initial(self, record: Promotion) -> dict[str, Any]:
        """现在的值；信息写索引号。"""
        values = {name: getattr(record, name) for name in PromotionForm.field_order}
        named = record.publication.index_number if record.publication else ""
        return values | {"publication": named}

    def edit(self, record: Promotion, form: Any, actor: Actor) -> None:
        """修改。"""
        edit_curated(record, form.changes, actor=actor)

    def facts(self, record: Promotion, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "公众查", "、".join(record.terms)
        yield "推荐", record.target
        yield "索引号", record.publication.index_number if record.publication else ""
        yield "站内地址", record.address
        yield "站点", record.site_label
        yield "机构", record.organisation
        yield "起", record.valid_from.isoformat()
        yield "止", record.valid_until.isoformat() if record.valid_until else "一直推荐"
        yield "今天", STANDINGS[record.standing(reading_day())]
        yield "理由", record.reason

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """推荐的信息撤回了的：改成别的，或者停用。一次查询。"""
        gone = self.queryset(actor).filter(
            state="in_force", publication__state=Publication.State.WITHDRAWN
        )
        for record in gone:
            yield Todo(
                f"检索推荐：{'、'.join(record.terms)}",
                self.record_href(record.pk),
                STANDINGS["gone"],
                "处理",
                "推荐的信息已经撤回，公众看不到这条推荐。请改成别的信息，或者停用。",
            )
