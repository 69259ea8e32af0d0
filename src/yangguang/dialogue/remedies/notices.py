"""复议、诉讼的通知：答复、答辩的期限临近。"""

from datetime import date

from django.db.models import QuerySet

from yangguang.dialogue.requests.states import OFFICER
from yangguang.foundation.notify.audiences import Roles
from yangguang.foundation.notify.registry import Due, LivingNotices, register

from .models import Remedy


def due_between(since: date, until: date) -> "QuerySet[Remedy]":
    """期限在两日之间、还没有提交的。"""
    return Remedy.objects.filter(state="open", answer_due__range=(since, until)).select_related(
        "organisation", "request"
    )


register(
    LivingNotices(
        Remedy, "行政复议和诉讼", "workbench:remedies-record",
        due=Due(due_between, lambda record: record.answer_due, Roles(OFFICER, reaches_up=False), (3, 1)),
    )
)  # fmt: skip
