"""按期没有、期限哪天，处处是同一个数：期限计算、公文、台账、发文合计、核对、通报、指标、方案的任务页。"""

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.sources.ledger.conftest import READ_ON, Own, checked, online
from tests.sources.ledger.test_checking import circular_of, entered
from tests.sources.ledger.test_following import deadline
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.indicators.registry import find
from yangguang.hub.indicators.rules import PLAN, Counted, Period
from yangguang.hub.indicators.selectors import figure, figures_of, shown
from yangguang.hub.indicators.services import take_readings
from yangguang.hub.publications.models import Change
from yangguang.oversight.plans.measuring import measured
from yangguang.oversight.plans.models import ActionPlan
from yangguang.oversight.plans.rules import parse_plan
from yangguang.oversight.plans.services import take_in_plan
from yangguang.sources.ledger.models import LedgerEntry
from yangguang.sources.ledger.rules import summed
from yangguang.sources.ledger.selectors import Reckoner, entries_of, tallies

pytestmark = pytest.mark.django_db
NOW = Period(None, READ_ON)
TASKS = """测试州2020年政务公开工作方案
2020年9月1日
26.加强主动公开文件上网发布。建立台账，定期核对、通报。（牵头单位：测试州，实施单位：测试州）
27.落实新要求。做好平台建设。（牵头单位：测试州，实施单位：测试州）
"""


def plan_of(town: Town, supervisor: Actor, number: str = PLAN) -> ActionPlan:
    return take_in_plan(
        parse_plan(TASKS), organisation=town.organisation, actor=supervisor, key=f"plan{number}",
        document_number=number,
    )  # fmt: skip


def five(town: Town, clerk: Actor, bureau: Organisation) -> None:
    """按期两件，逾期一件，到期没有上网一件，不公开一件，期限未到一件。"""
    online(town, 1, date(2020, 10, 9))
    online(town, 2, date(2020, 11, 18))
    entered(clerk, bureau, 1, online_on=date(2020, 10, 12))
    entered(clerk, bureau, 2, online_on=None)
    entered(clerk, bureau, 3, disclosure="withheld", online_on=None)
    entered(clerk, bureau, 4, issued_on=date(2020, 11, 18), online_on=None)


def test_due_dates_and_lateness_are_the_same_number_everywhere(
    town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    five(town, clerk, bureau)
    own.bake()
    for entry in LedgerEntry.objects.exclude(publish_due=None):
        assert entry.publish_due.isoformat() == deadline(entry.issued_on)  # type: ignore[union-attr]
        if entry.document is not None:
            assert entry.document.publish_due == entry.publish_due

    reckoner = Reckoner(READ_ON)
    by_hand = [reckoner.of(entry) for entry in LedgerEntry.objects.select_related("organisation")]
    on_time = sum(each.code == "on_time" for each in by_hand)
    late = sum(each.code == "late" for each in by_hand)
    overdue = sum(each.is_overdue for each in by_hand)
    assert (on_time, late, overdue) == (2, 1, 1)

    for code, expected in (
        ("ledger.on_time", Counted(on_time, on_time + late + overdue)),
        ("ledger.late", Counted(late, 5)),
        ("ledger.overdue", Counted(overdue, 5)),
    ):
        assert figure(find(code), NOW, READ_ON) == expected
        assert figure(find(code), NOW, READ_ON, town.organisation) == expected
    rate = find("ledger.on_time").told(figure(find("ledger.on_time"), NOW, READ_ON))
    assert rate == "50.0%"

    check = checked(supervisor)
    whole = summed(tallies(entries_of(check), check.as_of).values())
    assert (whole.rate_told, whole.late, whole.overdue) == (rate, late, overdue)
    _, text = circular_of(check, town.drafter)
    assert f"按期率 {rate}" in text and f"期限已过 {overdue} 件" in text

    take_readings(READ_ON)
    desk = sign_in(supervisor)
    plan = plan_of(town, supervisor)
    page = desk.get(f"/workbench/plans/{plan.pk}/").content.decode()
    assert f'<b class="num">{rate}</b>' in page
    assert f"逾期 {late}，主动公开的 5" in page
    assert f"期限已过还没有上网 {overdue}，主动公开的 5" in page
    assert rate in desk.get("/workbench/ledger-inventory/").content.decode()
    assert rate in desk.get(f"/workbench/ledger-checks/{check.pk}/").content.decode()

    row = figures_of(f"indicators:{PLAN}", READ_ON)["tasks"]["26"][0]
    assert (row["name"], row["told"]) == ("按期率", rate)


@pytest.mark.parametrize("code", ["ledger.late", "ledger.overdue"])
def test_the_link_beside_a_figure_lists_just_what_was_counted(
    code: str, town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    five(town, clerk, bureau)
    take_readings(READ_ON)
    plan = plan_of(town, supervisor)
    desk = sign_in(supervisor)
    page = desk.get(f"/workbench/plans/{plan.pk}/").content.decode()
    href = re.search(rf'<a href="([^"]+)">\s*{find(code).name}', page)
    assert href is not None
    listed = desk.get(href[1].replace("&amp;", "&"))
    assert len(listed.context["table"].data.data) == figure(find(code), NOW, READ_ON).numerator == 1


def test_each_sees_the_figure_of_what_he_is_over_and_of_the_unit_he_narrows_to(
    town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    five(town, clerk, bureau)
    take_readings(READ_ON)
    plan = plan_of(town, supervisor)
    whole, narrowed, own_only = (
        measured(plan, who, unit)["26"][0]["detail"]
        for who, unit in ((supervisor, ""), (supervisor, bureau.code), (town.drafter, ""))
    )
    assert whole == "按期上网 2，看得出按期没有的 4"
    assert narrowed == own_only == "按期上网 1，看得出按期没有的 2"
    assert measured(plan, clerk, town.organisation.code)["26"][0]["told"] == "—"
    bureau_only = figure(find("ledger.on_time"), NOW, READ_ON, bureau, includes_subtree=False)
    assert bureau_only == Counted(1, 2)


def test_a_period_counts_what_was_issued_in_it_as_the_inventory_does(
    town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    five(town, clerk, bureau)
    since = date(2020, 11, 1)
    period = Period(since, READ_ON)
    assert figure(find("ledger.late"), period, READ_ON) == Counted(0, 1)
    page = sign_in(supervisor).get(f"/workbench/ledger-inventory/?since={since.isoformat()}")
    whole = page.context["table"].whole
    assert (whole.late, whole.public) == (0, 1)


def test_readings_taken_again_change_nothing_and_refresh_the_page_only_when_they_differ(
    town: Town, clerk: Actor, bureau: Organisation, own: Own
) -> None:
    five(town, clerk, bureau)
    key = f"indicators:{PLAN}"
    take_readings(READ_ON)
    assert Change.objects.filter(key=key).count() == 1
    before = figures_of(key, READ_ON)
    take_readings(READ_ON)
    assert Change.objects.filter(key=key).count() == 1
    assert figures_of(key, READ_ON) == before
    entered(clerk, bureau, 5, online_on=date(2020, 10, 12))
    take_readings(READ_ON)
    assert Change.objects.filter(key=key).count() == 2


def test_the_plan_page_reads_the_indicators_in_one_query(
    town: Town, supervisor: Actor, own: Own, django_assert_num_queries: Callable
) -> None:
    take_readings(READ_ON)
    with django_assert_num_queries(1):
        shown(PLAN)
    with django_assert_num_queries(0):
        assert shown("别的方案〔2021〕1号") == {}
