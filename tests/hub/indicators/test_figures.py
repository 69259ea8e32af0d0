"""每个指标与它所说的清单逐一对照：数出来的就是清单里的。"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.access.gazette import at as gazette_at
from tests.api import publish
from tests.hub.topics.test_parts import opened as topic_opened
from tests.hub.topics.test_supply import interpreted
from tests.outlets.gazette.test_distribution import count, readers
from tests.outlets.gazette.test_gazette import begun, hub
from tests.outlets.gazette.test_gazette import go as gazette_go
from tests.outlets.website.conftest import Desk, desk, kinds_registered  # noqa: F401  合用的夹具
from tests.sources.funds.conftest import go as fund_go
from tests.sources.funds.conftest import opened as fund_opened
from tests.sources.interpretations.conftest import issued
from tests.sources.interpretations.conftest import published as interpretation_published
from tests.sources.norms.conftest import published as norm_published
from tests.sources.norms.conftest import written as norm_written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.jobs.worker import run_due
from yangguang.hub.indicators.registry import find
from yangguang.hub.indicators.rules import PLAN, Counted, Period
from yangguang.hub.indicators.selectors import figure
from yangguang.hub.publications.services import withdraw
from yangguang.hub.topics.services import choose
from yangguang.hub.topics.supply import supplies_of_task
from yangguang.outlets.gazette.delivering import draw_list, enter_reader
from yangguang.outlets.gazette.services import take_entry
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import take_in
from yangguang.sources.funds.selectors import account_of
from yangguang.sources.interpretations.selectors import is_late

pytestmark = pytest.mark.django_db


def now(code: str, as_of: date | None = None, since: date | None = None) -> Counted:
    day = as_of or timezone.localdate()
    return figure(find(code), Period(since, day), day)


def listed(town: Town, code: str, role: str = "drafter") -> int:
    """此人点开指标的明细，列出几条。"""
    each = find(code)
    query = each.query.format(day=timezone.localdate().isoformat())
    page: Any = sign_in(getattr(town, role)).get(f"/workbench/{each.screen}/?{query}")
    return len(page.context["table"].data.data)


def test_norms_in_force_are_those_the_list_shows_in_force_today(town: Town) -> None:
    today = timezone.localdate()
    month = timedelta(days=30)
    young = {"promulgated_on": today - month, "ceases_on": today + 12 * month}
    norm_published(town, "有效的办法", effective_on=today - month, **young)
    norm_published(town, "失效了的办法", ceases_on=date(2021, 1, 1))
    norm_published(town, "还没有施行的办法", effective_on=today + month, **young)
    norm_written(town, "还在起草的办法")
    assert now("norms.in_force") == Counted(1, 3)
    assert listed(town, "norms.in_force") == 1
    assert now("norms.registered") == Counted(1, 1)
    assert now("norms.in_force", since=today - month) == Counted(1, 2)


def test_a_document_counts_as_decided_when_it_went_on_and_as_undecided_while_it_waits(
    town: Town,
) -> None:
    publish(town, 1)
    take_in(
        "关于某事的通知\n\n请照办。\n", organisation=town.organisation, actor=town.drafter,
        key="undecided",
    )  # fmt: skip
    assert now("documents.decided") == Counted(1, 1)
    assert now("documents.undecided") == Counted(1, 1)
    waiting = OfficialDocument.objects.filter(state="draft", disclosure="")
    assert waiting.count() == 1 == listed(town, "documents.undecided")


def test_interpreted_on_time_late_and_owed_are_told_apart(town: Town) -> None:
    done, owed = issued(town, "publish", number=1), issued(town, "publish", number=2)
    interpretation_published(town, done)
    day = timezone.localdate()
    for each in (done, owed):
        each.refresh_from_db()
        assert each.interpretation_due is not None
    assert now("interpretations.share") == Counted(1, 2)
    on_time = int(done.interpreted_on <= done.interpretation_due)  # type: ignore[operator]
    judged = 1 + int(is_late(owed, day))
    assert now("interpretations.on_time") == Counted(on_time, judged)
    due = owed.interpretation_due
    before = now("interpretations.on_time", as_of=due)
    assert before == Counted(0, 0), "期限当天还说不出"
    assert now("interpretations.on_time", as_of=due + timedelta(days=1)).denominator >= 1  # type: ignore[operator]


def test_funds_add_up_to_their_accounts(town: Town, tmp_path: Any, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    fund = fund_go(town, fund_opened(town), "submit", "pass", "approve", "publish")
    account = account_of(fund)
    spent = [account.spending, *(flow.spending for flow in account.flows)]
    paid = sum(each.paid or 0 for each in spent)
    assert paid > 0
    assert now("funds.paid") == Counted(paid, account.amount)
    assert now("funds.published") == Counted(1, 1)
    assert listed(town, "funds.published") == 1
    fund_go(town, fund, "withdraw")
    assert now("funds.published") == now("funds.paid") == Counted()


def test_an_issue_counts_once_it_is_online_and_what_was_withdrawn_since_is_no_standard_text(
    town: Town, tmp_path: Any, settings: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    records = [publish(town, 1), publish(town, 2)]
    issue = begun(town, dated_on=date(2026, 1, 5))
    for record in records:
        take_entry(issue, hub(record), actor=town.drafter)
    assert now("gazette.issues") == Counted(0, 1)
    gazette_go(town, issue, "submit")
    run_due()
    gazette_go(town, issue, "approve", "publish")
    assert now("gazette.issues") == Counted(1, 1) and listed(town, "gazette.issues") == 1
    assert now("gazette.standard") == Counted(2, 2)
    withdraw(hub(records[0]), actor=town.approver, reason="有误")
    assert now("gazette.standard") == Counted(1, 2)


def test_copies_count_by_whom_they_were_sent_to_and_whether_they_came_back(town: Town) -> None:
    readers(town)
    enter_reader(
        {"kind": "organ", "name": "测试局", "copies": 6, "unit": "测试局", "address": "测试路"},
        organisation=town.organisation, actor=town.drafter, key="organ",
    )  # fmt: skip
    issue = gazette_at("approved")(town)
    draw_list(issue, actor=town.drafter)
    assert now("gazette.to_the_people") == now("gazette.returned") == Counted(0, 0)
    count(town, issue, {"测试村": (1, "村委会搬了")})
    assert now("gazette.to_the_people") == Counted(14, 20)
    assert now("gazette.returned") == Counted(1, 20)
    assert now("gazette.returned", as_of=issue.dated_on - timedelta(days=1)) == Counted()


def test_topics_count_what_their_supply_counts(desk: Desk) -> None:  # noqa: F811
    day = timezone.localdate()
    topic = topic_opened(desk, "六稳六保", tasks=[9])
    topic_opened(desk, "文旅", tasks=[10])
    document = desk.publish("六稳六保的方案", document_number="临州发1号")
    choose(topic, document, "add", part="policy", actor=desk.actor)
    interpreted(desk, document, "图解")
    for task in (9, 10):
        supply = [each.supply for each in supplies_of_task(task, PLAN, day)]
        filled = sum(1 for each in supply for part in each.parts if part.count)
        assert now(f"topics.filled_{task}") == Counted(filled, 5)
        assert now(f"topics.interpreted_{task}") == Counted(
            sum(each.interpreted for each in supply), sum(each.documents for each in supply)
        )
    assert now("topics.interpreted_9").numerator == 1
