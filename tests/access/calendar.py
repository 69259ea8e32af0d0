"""工作日历：所在地区政府的监督员、系统管理员录入和更正；别处的只看。"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.calendar.models import CalendarDay
from yangguang.foundation.calendar.services import load_calendar

MAINTAINERS = frozenset({"supervisor", "system_admin"})
SOURCE = "临时通知〔2020〕1号"


def page(tail: str) -> Callable[[Town], str]:
    """本机构是所在地区的政府。"""

    def path(town: Town) -> str:
        town.organisation.division_code = "622900"
        town.organisation.save()
        load_calendar()
        day = CalendarDay.objects.get(region__code="national", date=date(2020, 10, 1))
        return f"/workbench/calendar/{tail.format(day=day.pk)}"

    return path


def form(route: str, tail: str, event: str, **data: Any) -> list[Row]:
    """一张表单：看和提交，同样的人。"""
    return [
        Row(f"workbench:calendar-{route}", page(tail), MAINTAINERS),
        Row(
            f"workbench:calendar-{route}", page(tail), MAINTAINERS, method="POST",
            data=lambda t, who: {"key": "access-calendar", "source": SOURCE, **data},
            event=f"calendar.{event}",
        ),
    ]  # fmt: skip


YEAR = "\n".join(
    f"2027-{day} 放假 {name}"
    for day, name in (
        ("01-01", "元旦"), ("02-08", "春节"), ("04-05", "清明节"), ("05-01", "劳动节"),
        ("06-09", "端午节"), ("09-15", "中秋节"), ("10-01", "国庆节"),
    )
)  # fmt: skip
rows(
    Row("workbench:calendar", page(""), MAINTAINERS, elsewhere=True),
    Row("workbench:calendar-record", page("{day}/"), MAINTAINERS, elsewhere=True),
    *form(
        "new", "new/", "enter_day", region="national", date="2020-11-04", works="false",
        name="临时放假",
    ),
    *form("year", "year/", "enter_year", year=2027, entries=YEAR),
    *form(
        "festival", "festival/", "enter_festival", festival="linxia:开斋节", year=2030,
        entries="2030-02-05 放假",
    ),
    *form("change", "{day}/change/", "change_day", works="false", name="国庆节、中秋节（更正）"),
    *form("remove", "{day}/remove/", "remove_day", reason="录错"),
)  # fmt: skip
