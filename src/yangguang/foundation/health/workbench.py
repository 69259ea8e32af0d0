"""系统状况的工作台：该办而没有办的事，逐项查给管理员看。"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils import timezone
from django_tables2 import Table

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .registry import examine

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


class HealthViewSet(RecordViewSet[Any]):
    """系统状况。只有一页。"""

    slug = "health"
    section = "查"
    label = "系统状况"
    model = Job
    table = Table
    is_exported = False

    def may_open(self, actor: Actor) -> bool:
        """三种管理员。"""
        return actor.role in ADMINISTRATORS

    def routes(self) -> list[URLPattern]:
        """一页。"""
        return [self.route("", self.health_view, "")]

    def health_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """此刻的警告，每条说明怎样处理；没有就说一切正常。"""
        now = timezone.localtime()
        context = {"warnings": [each.text for each in examine(now.date())], "now": now}
        return render(request, "health/health.html", self._context(actor) | context)


register(HealthViewSet())
