"""公文的通知：到哪一步告诉谁，上网期限快到了告诉谁。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.notify.audiences import (
    Audience,
    Keeper,
    Recipient,
    Roles,
    Where,
    held_now,
)
from yangguang.foundation.notify.registry import Due, LivingNotices, register

from .circulation import APPROVER, DRAFTER, HOLDERS, PUBLISHERS
from .due import AWAITING, awaiting_interpretation
from .models import Countersignature, OfficialDocument


@dataclass(frozen=True)
class Signatories(Audience):
    """还没有会签的各机关的签发人。"""

    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """两次查询。"""
        waiting = Countersignature.objects.filter(
            document__in=[record.pk for record in records],
            standing=Countersignature.Standing.WAITING,
        )
        pairs = list(waiting.values_list("document", "organisation"))
        held = held_now().filter(role__in=APPROVER, organisation__in={each for _, each in pairs})
        people = [(each.organisation_id, Recipient(each.user_id, each.pk)) for each in held]
        return {
            record.pk: [
                recipient
                for document, organisation in pairs
                if document == record.pk
                for place, recipient in people
                if place == organisation
            ]
            for record in records
        }


REMINDERS = (10, 5, 1)
"""上网期限之前剩这么多个工作日时各提醒一次。"""


def to_publish(since: date, until: date) -> QuerySet[OfficialDocument]:
    """已签发、主动公开、还没有上网的，上网期限在两日之间。一次查询。"""
    return OfficialDocument.objects.filter(
        state__in=AWAITING, disclosure="proactive", publish_due__range=(since, until)
    ).select_related("organisation")


def to_interpret(since: date, until: date) -> QuerySet[OfficialDocument]:
    """签发了、有解读方案、还没有发布解读的，解读的期限在两日之间。一次查询。"""
    return awaiting_interpretation().filter(interpretation_due__range=(since, until))


register(
    LivingNotices(
        OfficialDocument,
        "公文",
        "workbench:documents-record",
        waits={
            **{state: Roles(roles) for state, roles in HOLDERS.items()},
            "in_countersign": Signatories(),
            "approved": Where(lambda record: record.disclosure == "proactive", Keeper(DRAFTER)),
            "numbered": Keeper(DRAFTER),
            "issued": Where(lambda record: record.disclosure == "proactive", Keeper(DRAFTER)),
            "revising": Roles(APPROVER),
        },
        returns={"return": Keeper(DRAFTER), "decline": Keeper(DRAFTER)},
        due=Due(
            to_publish,
            lambda record: record.publish_due,
            Roles(PUBLISHERS),
            working_days=REMINDERS,
        ),
        also_due=(
            Due(
                to_interpret,
                lambda record: record.interpretation_due,
                Keeper(DRAFTER),
                working_days=(1,),
                label="解读",
            ),
        ),
    )
)
