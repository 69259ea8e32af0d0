"""出口的工作台：各出口落后变更日志多少，哪些撤回还没有确认撤下。"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils import timezone
from django_tables2 import Table

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .models import Projector
from .rules import LATE, spoken
from .selectors import lags, unacknowledged


class ProjectorViewSet(RecordViewSet[Any]):
    """出口。只有一页。"""

    slug = "projectors"
    section = "查"
    label = "出口与撤回"
    model = Projector
    table = Table
    is_exported = False

    def may_open(self, actor: Actor) -> bool:
        """系统管理员。"""
        return actor.role == Role.SYSTEM_ADMIN

    def routes(self) -> list[URLPattern]:
        """一页。"""
        return [self.route("", self.lag_view, "")]

    def lag_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """各出口的落后，没有确认的撤回。"""
        now = timezone.now()
        limit = LATE.total_seconds()
        context = {
            "lags": [
                {
                    "lag": lag,
                    "waited": spoken(lag.seconds_behind),
                    "is_late": lag.seconds_behind > limit,
                }
                for lag in lags(now)
            ],
            "withdrawals": [
                {"one": one, "waited": spoken(one.seconds), "is_late": one.seconds > limit}
                for one in unacknowledged(now)
            ],
            "now": now,
        }
        return render(request, "projectors/lags.html", self._context(actor) | context)


register(ProjectorViewSet())
