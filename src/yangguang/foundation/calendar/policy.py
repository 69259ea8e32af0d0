"""工作日历的权限规则。"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation

if TYPE_CHECKING:
    from .models import CalendarDay, CalendarRegion

WHOLE_DIVISION = 6
"""县级以上行政区划代码的位数；前缀不足的以零补齐，就是那一级政府的代码。"""


class CalendarPolicy(AccessPolicy["CalendarDay"]):
    """日历人人可看；由所在地区政府的监督员（主管部门）或系统管理员维护。

    上级地区的监督员、系统管理员（任职含下级）也可以维护下级地区的；全国的表由本平台所在地区的维护。
    """

    write_roles = frozenset({"supervisor", "system_admin"})

    def visible(self, actor: Actor | None) -> "QuerySet[CalendarDay]":
        """有身份的人都看得到全部特殊日。"""
        self.model = apps.get_model("calendar.CalendarDay")
        days = self.model._default_manager.select_related("region", "entered_by")
        return days.none() if actor is None else days.all()

    def may_maintain(self, actor: Actor | None, region: "CalendarRegion") -> bool:
        """能否维护 ``region`` 的日历。一至两次查询。"""
        if actor is None or not self.may_create(actor):
            return False
        division = region.division_code
        if not division:
            regions = apps.get_model("calendar.CalendarRegion")._default_manager
            seat = regions.filter(code=settings.CALENDAR_REGION).values_list("division_code")
            division = seat[0][0] if seat else ""
        governments = Organisation.objects.filter(
            division_code=division.ljust(WHOLE_DIVISION, "0")
        ).values_list("pk", "path")
        return any(actor.covers(pk, path) for pk, path in governments)

    def may_edit(self, actor: Actor | None, record: "CalendarDay") -> bool:
        """能否改、删这一天。"""
        return self.may_maintain(actor, record.region)
