"""一个受理机构、它的人，和申请走到各步的办法。"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import pytest

from tests.actors import actor
from tests.town import Town, founded
from yangguang.dialogue.requests.applicants import Applicant
from yangguang.dialogue.requests.models import DisclosureRequest, RequestOffice
from yangguang.dialogue.requests.services import Asked, new_code, submit, take_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.residents.rules import Paper

FARMER = Applicant(
    "natural_person", "马得福", Paper("identity_card", "622901198001010016"), "13900000000",
    "临夏市某街道某号", "731100",
)  # fmt: skip
FIRM = Applicant(
    "commercial", "某某建筑有限公司", Paper("uscc", "91620000MA7000000J"), "0930-6210000",
    contact="张三",
)  # fmt: skip
ASKED = Asked("2020年某村低保评议公示结果", "某镇某村，2020年第三季度", "electronic", "online")
_keys = count(1)


def key() -> str:
    """一把新的幂等键。"""
    return f"requests-{next(_keys)}"


@dataclass
class Hall:
    """一个受理申请的机构。``today`` 改动看的是哪一天。"""

    town: Town
    office: RequestOffice
    officer: Actor
    counter: Actor
    settings: Any
    people: dict[str, Actor] = field(default_factory=dict)

    def on(self, day: date) -> "Hall":
        """到这一天。"""
        self.settings.READING_DAY = day
        return self

    def came(self, on: date, channel: str = "counter", **changed: Any) -> DisclosureRequest:
        """``on`` 当日来了一件。"""
        self.on(on)
        asked = Asked(**{**ASKED.__dict__, **changed.pop("asked", {})})
        return take_in(
            asked, changed.pop("applicant", FARMER), channel=channel, came_on=on,
            organisation=self.town.organisation, actor=self.counter, key=key(),
            query_code=new_code(), **changed,
        ).request  # fmt: skip

    def submitted(self, on: date, **changed: Any) -> DisclosureRequest:
        """``on`` 当日网上提出了一件。"""
        self.on(on)
        return submit(
            ASKED, changed.pop("applicant", FARMER), organisation=self.town.organisation,
            key=key(), query_code=new_code(), **changed,
        ).request  # fmt: skip

    def under_review(self, on: date, **changed: Any) -> DisclosureRequest:
        """``on`` 当日收到、登记分办了的一件。"""
        request = self.came(on, **changed)
        self.do(request, "assign")
        return request

    def do(self, request: DisclosureRequest, event: str, message: str = "", **inputs: Any) -> None:
        """经办人走一步。"""
        perform(request, event, actor=self.officer, key=key(), message=message, inputs=inputs)


@pytest.fixture
def hall(db: None, settings: Any) -> Hall:
    """一个受理申请的机构。"""
    return hall_of(founded(), settings)


def hall_of(town: Town, settings: Any) -> Hall:
    """在一个小州设受理机构。"""
    office = RequestOffice.objects.create(
        organisation=town.organisation, name="测试州人民政府办公室政务公开科",
        address="测试州某路1号", postcode="731100", hours="工作日 8:30—12:00、14:30—18:00",
        telephone="0930-0000000", agency_code="测州",
        review_online_url="https://xzfy.example.gov.cn/",
    )  # fmt: skip
    officer = actor("request_officer", town.organisation)
    return Hall(town, office, officer, actor("counter_officer", town.organisation), settings)


Go = Callable[..., DisclosureRequest]
