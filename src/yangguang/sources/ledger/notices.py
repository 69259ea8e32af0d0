"""发文台账的提醒：别处印发、还没有登记上网的，期限快到了提醒信息员。本系统的公文由公文提醒。"""

from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.notify.audiences import Roles
from yangguang.foundation.notify.registry import Due, LivingNotices, register
from yangguang.sources.documents.notices import REMINDERS

from .due import owed
from .models import LedgerEntry


def to_put_online(since: date, until: date) -> "QuerySet[LedgerEntry]":
    """上网期限在两日之间的。一次查询。"""
    return owed().filter(publish_due__range=(since, until)).defer("text")


register(
    LivingNotices(
        LedgerEntry,
        "发文台账",
        "workbench:ledger-record",
        due=Due(
            to_put_online,
            lambda record: record.publish_due,
            Roles(frozenset({"drafter"}), reaches_up=False),
            working_days=REMINDERS,
        ),
    )
)
