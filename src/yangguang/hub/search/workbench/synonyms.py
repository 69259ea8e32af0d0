"""同义词的界面。"""

from collections.abc import Iterable
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT, StateColumn
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..forms import SynonymForm
from ..models import SynonymGroup
from ..services import add_synonyms, edit_curated
from .common import CuratedFilters, has_sites, record_href, seeds


class SynonymTable(tables.Table):
    """同义词列表。"""

    words = tables.Column("词", linkify=lambda record: record_href("synonyms", record.pk))
    site = tables.Column("站点", accessor="site_label", order_by="site", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = SynonymGroup
        fields = ("words", "site", "organisation", "state")

    def render_words(self, record: SynonymGroup) -> str:
        """各个词连起来。"""
        return str(record)


class SynonymViewSet(RecordViewSet[SynonymGroup]):
    """同义词。"""

    slug = "synonyms"
    section = "管"
    label = "检索同义词"
    model = SynonymGroup
    table = SynonymTable
    filters = CuratedFilters
    search = ("words", "reason")
    create_form = edit_form = SynonymForm
    create_label = "新立一组"
    empty_text = "还没有同义词。机构的简称、旧名和承接机构，系统自己知道。"

    def queryset(self, actor: Actor) -> QuerySet[SynonymGroup]:
        """新立的在前。"""
        return super().queryset(actor).select_related("site", "organisation", "created_by")

    def may_create(self, actor: Actor) -> bool:
        """管着站点的监督员。"""
        return super().may_create(actor) and has_sites(actor)

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从没有查到的词来的，带着那个词。"""
        return seeds(query)

    def create(self, form: Any, actor: Actor) -> SynonymGroup:
        """新立。"""
        return add_synonyms(**form.changes, actor=actor, key=form.idempotency_key)

    def initial(self, record: SynonymGroup) -> dict[str, Any]:
        """现在的值。"""
        return {"site": record.site, "words": record.words, "reason": record.reason}

    def edit(self, record: SynonymGroup, form: Any, actor: Actor) -> None:
        """修改。"""
        edit_curated(record, form.changes, actor=actor)

    def facts(self, record: SynonymGroup, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "站点", record.site_label
        yield "机构", record.organisation
        yield "理由", record.reason
