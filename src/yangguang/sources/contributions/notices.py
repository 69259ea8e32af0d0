"""信息报送的通知：签发、采用等谁，约稿告诉被约的单位，不采用的告诉报送的人。"""

from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.notify.audiences import (
    Audience,
    Keeper,
    Recipient,
    Roles,
    held_now,
)
from yangguang.foundation.notify.registry import LivingNotices, register

from .models import Call, Contribution
from .rules import APPROVER, DRAFTER


@dataclass(frozen=True)
class UnitsAsked(Audience):
    """约稿约了的单位的信息员。"""

    def of(self, records: Sequence[LivingRecord]) -> dict[int, list[Recipient]]:
        """两次查询。"""
        asked = Call.units.through.objects.filter(call__in=[record.pk for record in records])
        pairs = list(asked.values_list("call", "organisation"))
        held = held_now().filter(
            role__in=DRAFTER, organisation__in={organisation for _, organisation in pairs}
        )
        drafters = [(each.organisation_id, Recipient(each.user_id, each.pk)) for each in held]
        return {
            record.pk: [
                recipient
                for call, organisation in pairs
                if call == record.pk
                for place, recipient in drafters
                if place == organisation
            ]
            for record in records
        }


register(
    LivingNotices(
        Contribution,
        "投稿",
        "workbench:contributions-record",
        waits={
            "in_approval": Roles(APPROVER, reaches_up=False),
            "sent": Roles(DRAFTER, organisation="receiver", reaches_up=False),
        },
        returns={"return": Keeper(DRAFTER), "decline": Keeper(DRAFTER)},
    )
)
register(LivingNotices(Call, "约稿", "workbench:calls-record", waits={"issued": UnitsAsked()}))
