"""工作日历的作业：改动之后重算期限；每夜全部核对一遍。"""

from datetime import time

from django.db import transaction

from yangguang.foundation.audit.services import record
from yangguang.foundation.jobs.registry import job, schedule

from .dated import redate
from .recording import REDATE


@job(REDATE)
def redate_after_change() -> None:
    """日历改动之后重算全部还管用的期限。重做无害：已经算对的不再改、不再记。"""
    redate()


@job("calendar.recompute")
def recompute() -> None:
    """每夜核对：期限只是缓存，全部重算，不符的更正并各记一条，最后记下查了几条、改了几条。"""
    result = redate(nightly=True)
    with transaction.atomic():
        record(
            "calendar.recompute", actor=None, target=None, target_label="期限的每夜核对",
            public={"checked": result.checked, "changed": result.changed},
        )  # fmt: skip


schedule("calendar.recompute", "calendar.recompute", daily=time(2, 30))
