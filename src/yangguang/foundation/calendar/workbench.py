"""工作日历的工作台：看特殊日，录入一年的安排、地方节日、临时的一天，更正和删去。"""

from collections.abc import Callable
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.forms import KeyedForm
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .forms import ChangeDayForm, DayForm, FestivalForm, RemoveDayForm, YearForm
from .models import CalendarDay, CalendarRegion
from .policy import CalendarPolicy
from .rules import NATIONAL
from .services import change_day, enter_day, enter_festival, enter_year, remove_day

DONE = "已录入，经过这一天的期限随即重算。"
Blank = Callable[..., KeyedForm]


class DayTable(tables.Table):
    """特殊日。"""

    date = tables.DateColumn(
        verbose_name="日期", format="Y-m-d", attrs=TIGHT,
        linkify=lambda record: reverse("workbench:calendar-record", args=[record.pk]),
    )  # fmt: skip
    works = tables.Column("这一天", attrs=TIGHT)
    name = tables.Column("缘由")
    region = tables.Column("地区", attrs=TIGHT)
    source = tables.Column("依据")

    class Meta:
        model = CalendarDay
        fields = ("date", "works", "name", "region", "source")

    def render_works(self, value: bool) -> str:
        """放假还是上班。"""
        return "上班" if value else "放假"


class DayFilters(django_filters.FilterSet):
    """按地区、年份筛选。"""

    region = django_filters.ModelChoiceFilter(
        label="地区", queryset=CalendarRegion.objects.order_by("pk"), to_field_name="code",
        empty_label="全部",
    )  # fmt: skip
    year = django_filters.NumberFilter(
        label="年份", field_name="date", lookup_expr="year", min_value=1, max_value=9999
    )

    class Meta:
        model = CalendarDay
        fields = ("region", "year")


class CalendarViewSet(RecordViewSet[Any]):
    """工作日历。"""

    slug = "calendar"
    section = "管"
    label = "工作日历"
    model = CalendarDay
    table = DayTable
    filters = DayFilters
    search = ("name", "source")
    list_template = "calendar/list.html"
    empty_text = "没有符合条件的特殊日。"
    policy = CalendarPolicy()

    def queryset(self, actor: Actor) -> QuerySet[CalendarDay]:
        """全部特殊日，新的在前。"""
        return self.policy.visible(actor).order_by("-date", "region")

    def may_open(self, actor: Actor) -> bool:
        """监督员、系统管理员。"""
        return self.policy.may_create(actor)

    def routes(self) -> list[URLPattern]:
        """列表、一天、录入、更正、删去。"""
        return [
            self.route("", self.list_view, ""),
            self.route("new/", self.day_view, "new"),
            self.route("year/", self.year_view, "year"),
            self.route("festival/", self.festival_view, "festival"),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/change/", self.change_view, "change"),
            self.route("<int:pk>/remove/", self.remove_view, "remove"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一天：依据、谁录入的。"""
        day = self.get(actor, pk)
        edits = self.policy.may_edit(actor, day)
        return render(
            request, "calendar/day.html", self._context(actor) | {"day": day, "edits": edits}
        )

    def day_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """录入已有安排之外的一天。"""
        self._refuse_unless(actor)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            enter_day(
                values["region"], form.entry, source=values["source"], actor=actor,
                key=form.idempotency_key,
            )  # fmt: skip
            return self._done(request)

        return self._form(request, actor, DayForm, attempt, "录入一天", "录入")

    def year_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """录入全国一年的放假安排。"""
        self._refuse_unless(actor, NATIONAL)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            enter_year(
                values["year"], values["entries"], source=values["source"], actor=actor,
                key=form.idempotency_key,
            )  # fmt: skip
            return self._done(request)

        return self._form(request, actor, YearForm, attempt, "录入一年的放假安排", "录入")

    def festival_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """录入地方节日一年的放假和调休。"""
        self._refuse_unless(actor)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            region, _, name = values["festival"].partition(":")
            enter_festival(
                region, values["year"], name, values["entries"], source=values["source"],
                actor=actor, key=form.idempotency_key,
            )  # fmt: skip
            return self._done(request)

        return self._form(request, actor, FestivalForm, attempt, "录入地方节日", "录入")

    def change_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """更正一天。"""
        day = self._maintained(actor, pk)
        initial = {
            "works": str(day.works).lower(), "name": day.name, "source": day.source,
        }  # fmt: skip

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            change_day(
                day, works=values["works"] == "true", name=values["name"],
                source=values["source"], actor=actor, key=form.idempotency_key,
            )  # fmt: skip
            return self._done(request)

        blank = partial(ChangeDayForm, initial=initial)
        return self._form(request, actor, blank, attempt, f"更正：{day}", "更正")

    def remove_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """删去录错的一天。"""
        day = self._maintained(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            reason = form.cleaned_data["reason"]
            remove_day(day, reason=reason, actor=actor, key=form.idempotency_key)
            messages.success(request, "已删去，经过这一天的期限随即重算。")
            return redirect(self.list_href())

        return self._form(request, actor, RemoveDayForm, attempt, f"删去：{day}", "删去")

    def _maintained(self, actor: Actor, pk: int) -> CalendarDay:
        day: CalendarDay = self.get(actor, pk)
        if not self.policy.may_edit(actor, day):
            raise Http404
        return day

    def _refuse_unless(self, actor: Actor, region: str = "") -> None:
        """此人维护不了这个地区（没有指明的，一个地区也维护不了），404。"""
        rows = CalendarRegion.objects.all()
        if region:
            rows = rows.filter(code=region)
        if not any(self.policy.may_maintain(actor, row) for row in rows):
            raise Http404

    def _done(self, request: HttpRequest) -> HttpResponse:
        messages.success(request, DONE)
        return redirect(self.list_href())

    def _form(
        self,
        request: HttpRequest,
        actor: Actor,
        blank: Blank,
        attempt: Callable[[Any], HttpResponse],
        heading: str,
        submit: str,
    ) -> HttpResponse:
        context = {"heading": heading, "submit_label": submit, "record": None}
        return self.fill(
            request, actor, partial(blank, actor=actor), attempt, "workbench/form.html", context
        )


register(CalendarViewSet())
