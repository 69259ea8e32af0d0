"""答复、答辩的期限：期限本身是带日期的数据，日历一变随之重算。"""

from django.db.models import QuerySet

from yangguang.foundation.calendar.clocks import clock_due, clock_for
from yangguang.foundation.calendar.dated import DatedField
from yangguang.foundation.calendar.deadlines import Deadline
from yangguang.foundation.calendar.rules import CalendarError, WorkingCalendar
from yangguang.foundation.calendar.tables import packaged_clocks

from .models import Remedy
from .proceedings import answer_clock


def answer_deadline(remedy: Remedy, calendar: WorkingCalendar) -> Deadline | None:
    """书面答复、答辩的期限；那一天没有有效规定的为空。"""
    code = answer_clock(remedy.kind, remedy.is_simplified)
    try:
        clock = clock_for(packaged_clocks(), code, remedy.received_on)
    except CalendarError:
        return None
    return clock_due(calendar, clock, remedy.received_on)


def owing() -> "QuerySet[Remedy]":
    """还没有提交、还没有审结的。"""
    return Remedy.objects.filter(state="open").select_related("organisation")


ANSWER_DUE = DatedField(
    "remedies.answer_due", "复议答复、诉讼答辩的期限", "answer_due", "answer_due_provisional", owing,
    answer_deadline,
)  # fmt: skip
