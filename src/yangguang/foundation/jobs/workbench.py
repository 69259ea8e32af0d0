"""作业的工作台：系统管理员看队列和死信，查明缘由以后放回队列。"""

import inspect
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .forms import RequeueForm
from .models import Job
from .registry import find
from .services import requeue


def told(job: Job) -> str:
    """作业做的是什么：声明时写的第一句话；不再声明的，照写代号。"""
    try:
        about = inspect.getdoc(find(job.name).function) or job.name
    except LookupError:
        return job.name
    return about.split("\n", 1)[0].split("。", 1)[0].split("；", 1)[0]


class JobTable(tables.Table):
    """作业列表。"""

    name = tables.Column(
        "作业", linkify=lambda record: reverse("workbench:jobs-record", args=[record.pk])
    )
    state = tables.Column("状态", attrs=TIGHT)
    attempts = tables.Column("已试", attrs=TIGHT)
    run_after = tables.DateTimeColumn(verbose_name="不早于", format="Y-m-d H:i", attrs=TIGHT)
    finished_at = tables.DateTimeColumn(
        verbose_name="结束", format="Y-m-d H:i", default="", attrs=TIGHT
    )
    last_error = tables.Column("最近的错误", default="")

    class Meta:
        model = Job
        fields = ("name", "state", "attempts", "run_after", "finished_at", "last_error")

    def render_name(self, record: Job) -> str:
        """做的是什么。"""
        return told(record)

    def render_last_error(self, value: str) -> str:
        """错误的最后一行。"""
        return value.strip().rsplit("\n", 1)[-1][:120]


class JobFilters(django_filters.FilterSet):
    """按状态筛选；没有指定就是死信。"""

    state = django_filters.ChoiceFilter(label="状态", choices=Job.State.choices, empty_label="全部")

    class Meta:
        model = Job
        fields = ("state",)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and "state" not in data:
            data = data.copy()
            data["state"] = Job.State.DEAD.value
        super().__init__(data, *args, **kwargs)


class JobViewSet(RecordViewSet[Any]):
    """作业。"""

    slug = "jobs"
    section = "管"
    label = "作业与死信"
    model = Job
    table = JobTable
    filters = JobFilters
    search = ("name", "key", "last_error")
    everything = "?state="
    empty_text = "没有死信：该做的作业都做成了，或者还在试。"

    def queryset(self, actor: Actor) -> QuerySet[Job]:
        """全平台的，新的在前。"""
        return Job.objects.order_by("-pk")

    def may_open(self, actor: Actor) -> bool:
        """系统管理员。"""
        return actor.role == Role.SYSTEM_ADMIN

    def routes(self) -> list[URLPattern]:
        """列表、一项作业、放回队列。"""
        return [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/requeue/", self.requeue_view, "requeue"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一项作业：内容、试过几次、错在哪里。"""
        job = self.get(actor, pk)
        is_dead = job.state == Job.State.DEAD
        context = {
            "job": job,
            "told": told(job),
            "requeue_href": reverse("workbench:jobs-requeue", args=[pk]) if is_dead else "",
        }
        return render(request, "jobs/job.html", self._context(actor) | context)

    def requeue_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """写明缘由，放回队列。"""
        job = self.get(actor, pk)
        if request.method == "GET" and job.state != Job.State.DEAD:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            try:
                requeue(job, actor=actor, note=form.cleaned_data["note"])
            except ValueError as error:
                raise Refused([str(error)]) from error
            messages.success(request, "已放回队列，从头再试。")
            return redirect(self.record_href(pk))

        context = {"heading": f"放回队列：{told(job)}", "submit_label": "放回队列", "record": job}
        blank = partial(RequeueForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)


register(JobViewSet())
