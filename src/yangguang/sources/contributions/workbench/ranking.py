"""报送排名：各月、各单位报送、采用、记分；定分值。"""

from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..forms import PointsForm
from ..models import Contribution
from ..rules import EDITORS
from ..selectors import by_month, points_table
from ..services import set_points


class RankingTable(tables.Table):
    """报送排名。"""

    month = tables.DateColumn(verbose_name="月份", format="Y-m", attrs=TIGHT)
    place = tables.Column("名次", attrs=TIGHT)
    organisation = tables.Column("单位", accessor="organisation__short_name")
    scored = tables.Column("记分", attrs=TIGHT)
    adopted = tables.Column("采用", attrs=TIGHT)
    total = tables.Column("报送", attrs=TIGHT)
    in_time = tables.Column("按期应约", attrs=TIGHT)


def _date(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label, field_name="sent_on", lookup_expr=lookup, widget=date_input()
    )


class RankingFilters(django_filters.FilterSet):
    """报送的起止日期。"""

    since = _date("自", "gte")
    until = _date("至", "lte")

    class Meta:
        model = Contribution
        fields = ("since", "until")


class RankingViewSet(RecordViewSet[Any]):
    """报送排名。只有列表，和分值。"""

    slug = "contribution-ranking"
    section = "查"
    label = "报送排名"
    model = Contribution
    table = RankingTable
    filters = RankingFilters
    search = ("organisation__name", "organisation__short_name")
    list_template = "contributions/ranking.html"
    empty_text = "还没有报上来的。"

    def queryset(self, actor: Actor) -> Any:
        """报给此人的机构的，新的月份在前，分高的在前。"""
        return by_month(actor)

    def hidden_columns(self, actor: Actor) -> tuple[str, ...]:
        """各列都有意思。"""
        return ()

    def may_open(self, actor: Actor) -> bool:
        """信息员、监督员：看报给自己机构的。"""
        return actor.role in EDITORS

    def routes(self) -> list[URLPattern]:
        """列表和分值。"""
        return [
            self.route("", self.list_view, ""),
            self.route("points/", self.points_view, "points"),
        ]

    def points_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """定本机构的分值，由监督员定。"""
        if actor.role != "supervisor":
            raise Http404
        organisation = get_object_or_404(Organisation, pk=actor.organisation_id)
        table = points_table(organisation.pk)

        def attempt(form: Any) -> HttpResponse:
            set_points(organisation, form.values, actor=actor)
            messages.success(request, "分值已定，以后采用的照此记分。")
            return redirect(reverse("workbench:contribution-ranking"))

        context = {
            "heading": f"{organisation.short_name}采用信息的分值",
            "submit_label": "定下",
            "record": None,
        }
        initial = table.by_grade | {"on_time": table.on_time}
        blank = partial(PointsForm, actor=actor, initial=initial)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)
