"""规章和规范性文件的通知：到哪一步告诉谁，该评估了、快失效了、上位依据变了告诉谁。"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import Due, LivingNotices, register
from yangguang.foundation.notify.rules import DEADLINE, WAITING
from yangguang.foundation.notify.telling import Notice, tell

from .circulation import APPROVER, DRAFTER, PUBLISHERS, REVIEWER
from .models import CleanUp, Inventory, Norm, UpperText
from .selectors import ceasing, review_until

RECORD = "workbench:norms-record"

register(
    LivingNotices(
        Norm,
        "规范性文件",
        RECORD,
        waits={
            "in_review": Roles(REVIEWER),
            "in_registration": Roles(APPROVER),
            "registered": Keeper(DRAFTER),
            "revising": Roles(APPROVER),
        },
        returns={"return": Keeper(DRAFTER)},
        due=Due(ceasing, lambda record: record.ceases_on, Roles(PUBLISHERS)),
    )
)
register(LivingNotices(UpperText, "上位依据", "workbench:upper-texts-record"))
register(
    LivingNotices(
        CleanUp,
        "清理",
        "workbench:clean-ups-record",
        waits={"in_approval": Roles(APPROVER)},
        returns={"return": Keeper(DRAFTER)},
    )
)
register(LivingNotices(Inventory, "清单", "workbench:inventories-record"))


def remind_of_reviews(today: date) -> int:
    """到期前几个月，提醒信息员、签发人评估；一份的一个失效日期只提醒一次。返回新提醒了几条。"""
    norms = list(ceasing(today, review_until(today)))
    if not norms:
        return 0
    found = Roles(PUBLISHERS).of(norms)
    wanted = [
        Notice(
            to, DEADLINE, Norm._meta.label_lower, norm.title, reverse(RECORD, args=[norm.pk]),
            f"review:{norm.pk}:{norm.ceases_on}", f"{norm.ceases_on} 起失效，请在到期前评估",
            due_on=norm.ceases_on, record=norm,
        )
        for norm in norms
        for to in found[norm.pk]
    ]  # fmt: skip
    with transaction.atomic():
        return len(tell(wanted))


def tell_of_change(norms: Sequence[Norm], upper: UpperText, change: int) -> None:
    """上位依据变了，告诉各份文件的经办人。在登记变动的事务里。"""
    found = Keeper(DRAFTER).of(norms) if norms else {}
    tell(
        [
            Notice(
                to, WAITING, Norm._meta.label_lower, norm.title, reverse(RECORD, args=[norm.pk]),
                f"flag:{norm.pk}:{change}", f"所依据的《{upper}》变了，请核对", record=norm,
            )
            for norm in norms
            for to in found[norm.pk]
        ]
    )  # fmt: skip
