"""信息报送的测试材料：一个主管部门和它下面的一个局，各有各的人。"""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.contributions.models import Call, Contribution
from yangguang.sources.contributions.services import draft, open_call

BODY = [{"type": "paragraph", "style": "plain", "text": "全县秋粮入库。"}]
_keys = count(1)


def key() -> str:
    return f"contribution-{next(_keys)}"


@dataclass
class Bureau:
    """报送一方，和接收一方的监督员。"""

    town: Town
    organisation: Organisation
    drafter: Actor
    approver: Actor
    supervisor: Actor

    def contribution(self, **values: Any) -> Contribution:
        """写好的一篇投稿，还没有送签。"""
        given = {"title": "秋粮入库", "body": BODY, "receiver": self.town.organisation, **values}
        return draft(given, organisation=self.organisation, actor=self.drafter, key=key())

    def sent(self, **values: Any) -> Contribution:
        """报送了的一篇。"""
        contribution = self.contribution(**values)
        perform(contribution, "submit", actor=self.drafter, key=key())
        perform(contribution, "send", actor=self.approver, key=key())
        return contribution

    def call(self, **values: Any) -> Call:
        """约了本单位的一份约稿，还没有发出。"""
        given = {
            "title": "秋收情况", "requirements": "写清进度。", "due_on": timezone.localdate(), **values,
        }  # fmt: skip
        return open_call(
            given, organisation=self.town.organisation, units=[self.organisation],
            actor=self.town.drafter, key=key(),
        )  # fmt: skip


def make_bureau(town: Town) -> Bureau:
    found = organisation(
        "bureau", town.organisation, name="测试州农业局", short_name="农业局", kind="administrative",
        disclosure_authority=town.organisation,
    )  # fmt: skip
    return Bureau(
        town,
        found,
        actor("drafter", found),
        actor("approver", found),
        actor("supervisor", town.organisation),
    )


@pytest.fixture
def bureau(town: Town) -> Bureau:
    return make_bureau(town)
