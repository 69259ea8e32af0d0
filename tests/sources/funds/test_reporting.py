"""各单位报数：只看得到、只报得了自己收到的，报了的由持有资金的机构核对、采用，随它的审签公开。"""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.actors import actor
from tests.sources.funds.conftest import below, go, key, opened, rows
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.services import KeyTaken, OutOfScope, Refused
from yangguang.foundation.notify.models import Message
from yangguang.foundation.workbench.versions import versions_of
from yangguang.sources.funds.models import Allocation, FlowReport, Fund
from yangguang.sources.funds.reporting import ask_units, report, take_reports
from yangguang.sources.funds.rules import Flow, Spending, Unit, own_faults
from yangguang.sources.funds.selectors import (
    newest,
    publication_of,
    received_by,
    standings,
    unreported,
    with_news,
)
from yangguang.sources.funds.services import edit_fund

pytestmark = pytest.mark.django_db
TODAY = date.today()
FIGURES: dict[str, Any] = {
    "received": 800_00, "received_on": date(2020, 6, 8), "paid": 420_00,
    "paid_on": date(2020, 7, 1), "used": 260_00, "used_on": date(2020, 8, 1),
}  # fmt: skip
BASE = "/workbench/receipts/"


class Case:
    """登记好、请各单位报数了的一笔：县、乡各有信息员。"""

    def __init__(self, town: Town) -> None:
        self.town, self.under = town, below(town)
        self.county = actor("drafter", self.under.county)
        self.township = actor("drafter", self.under.township)
        self.fund = opened(town, self.under)

    def ask(self, by: date = TODAY + timedelta(days=7), **given: Any) -> None:
        ask_units(self.fund, by, actor=self.town.drafter, **{"key": key(), **given})

    def row(self, position: int = 1) -> Allocation:
        return self.fund.allocations.get(position=position)

    def report(self, who: Actor | None = None, **changes: Any) -> FlowReport:
        return report(self.row(), FIGURES | changes, actor=who or self.county, key=key())


def take(case: Case) -> int:
    """照现在页面上看到的采用。"""
    return take_reports(case.fund, newest(standings(case.fund)), actor=case.town.drafter)


@pytest.fixture
def case(town: Town) -> Case:
    return Case(town)


def events(action: str) -> list[Any]:
    return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def test_a_unit_sees_its_own_rows_and_only_once_it_has_been_asked(case: Case) -> None:
    assert not received_by(case.county)
    case.ask()
    assert [each.position for each in received_by(case.county)] == [1]
    assert [each.position for each in received_by(case.township)] == [2]
    assert not received_by(case.town.drafter)
    assert not received_by(actor("supervisor", case.under.county))
    above = actor("drafter", case.town.organisation, username="above", subtree=True)
    assert not received_by(above)
    go(case.town, case.fund, "submit", "pass", "approve", "publish", "withdraw")
    assert not received_by(case.county)


def test_what_another_unit_received_is_not_there_and_cannot_be_reported(case: Case) -> None:
    case.ask()
    own, other = case.row(1), case.row(2)
    desk = sign_in(case.county)
    assert desk.get(f"{BASE}{own.pk}/").status_code == 200
    for tail in ("", "report/"):
        assert desk.get(f"{BASE}{other.pk}/{tail}").status_code == 404
    listed = desk.get(BASE).content.decode()
    assert "测试补助资金" in listed and "测试项目" in listed and "甲镇" not in listed
    with pytest.raises(OutOfScope):
        report(other, FIGURES, actor=case.county, key=key())
    with pytest.raises(OutOfScope):
        report(own, FIGURES, actor=actor("approver", case.under.county), key=key())
    assert not FlowReport.objects.exists()
    assert desk.get(f"/workbench/funds/{case.fund.pk}/").status_code == 404


def test_asking_tells_each_units_drafter_once_with_the_day(case: Case) -> None:
    case.ask(date(2030, 3, 1), key="asked")
    case.ask(date(2030, 4, 1), key="asked")
    case.fund.refresh_from_db()
    assert case.fund.report_by == date(2030, 3, 1)
    told = Message.objects.filter(user__in=[case.county.user_id, case.township.user_id])
    assert told.count() == 2 and {each.due_on for each in told} == {date(2030, 3, 1)}
    assert told.get(user=case.county.user_id).href == f"{BASE}{case.row().pk}/"
    (event,) = events("funds.ask_units")
    assert event.public == {"until": "2030-03-01", "count": 2}


def test_asking_needs_rows_a_day_to_come_and_the_keepers_own_drafter(case: Case) -> None:
    with pytest.raises(Refused, match="已经过了"):
        case.ask(TODAY - timedelta(days=1))
    with pytest.raises(OutOfScope):
        ask_units(case.fund, TODAY, actor=case.county, key=key())
    with pytest.raises(OutOfScope):
        ask_units(case.fund, TODAY, actor=case.town.approver, key=key())
    case.fund.allocations.all().delete()
    with pytest.raises(Refused, match="没有单位可以报数"):
        case.ask()


def test_a_report_is_kept_once_beside_the_figures_and_changes_nothing_by_itself(case: Case) -> None:
    case.ask()
    first = report(case.row(), FIGURES, actor=case.county, key="once")
    again = report(case.row(), FIGURES | {"paid": 1}, actor=case.county, key="once")
    assert first == again and FlowReport.objects.count() == 1
    with pytest.raises(KeyTaken):
        report(case.row(2), {"received": 1, "received_on": TODAY, "paid": None, "paid_on": None,
               "used": None, "used_on": None}, actor=case.township, key="once")  # fmt: skip
    assert (case.row().paid, case.row().used) == (400_00, 250_00)
    (event,) = events("funds.report")
    assert event.public == {"units": [case.under.county.name]}
    assert event.target_id == str(case.fund.pk) or event.target_id == case.fund.pk


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"paid": 900_00}, "拨付 900 元，多于收到的 800 元"),
        ({"used": 500_00}, "支出 500 元，多于拨付的 420 元"),
        ({"received_on": None}, "收到的 800 元没有填日期"),
        ({"received_on": TODAY + timedelta(days=1)}, "还没有到"),
        ({"paid_on": date(2020, 6, 1)}, "早于收到的日期 2020-06-08"),
        (dict.fromkeys(FIGURES), "还没有填收到多少"),
    ],
)
def test_a_report_that_cannot_be_true_by_itself_is_refused(
    case: Case, changes: dict[str, Any], told: str
) -> None:
    case.ask()
    with pytest.raises(Refused, match=told):
        case.report(**changes)
    assert not FlowReport.objects.exists()


def test_a_unit_that_received_less_than_was_allocated_may_say_so() -> None:
    unit, giver = Unit(2, "东县", "county"), Unit(1, "测试州", "prefecture")
    day = date(2020, 6, 8)
    assert not own_faults(Flow(1, giver, unit, 800_00, None, received=1, received_on=day), TODAY)
    spent = Flow(1, giver, unit, 800_00, None, spending=Spending(1, day))
    assert own_faults(spent, TODAY) == ["东县拨付 0.01 元，多于收到的 0 元。"]


def test_the_keeper_sees_who_has_reported_and_takes_the_figures_in(case: Case) -> None:
    case.ask()
    case.report()
    found = standings(case.fund)
    assert [(each.has_reported, each.is_new) for each in found] == [(True, True), (False, False)]
    assert list(with_news(case.town.drafter)) == [case.fund]
    desk = sign_in(case.town.drafter)
    page = desk.get(f"/workbench/funds/{case.fund.pk}/").content.decode()
    assert "1 笔报了，1 笔没有报" in page and "采用新报的 1 笔" in page and "还没有报" in page
    assert "各单位报数：测试补助资金" in desk.get("/workbench/").content.decode()
    before = len(versions_of(case.fund))
    case.fund.refresh_from_db()
    assert take(case) == 1
    assert take(case) == 0
    assert (case.row().paid, case.row().used) == (420_00, 260_00)
    assert not with_news(case.town.drafter) and len(versions_of(case.fund)) > before
    (event,) = events("funds.take_reports")
    assert event.public == {"units": [case.under.county.name]}


def test_what_was_reported_after_the_keeper_looked_is_not_taken_unseen(case: Case) -> None:
    case.ask()
    case.report()
    desk = sign_in(case.town.drafter)
    page = f"/workbench/funds/{case.fund.pk}/"
    (seen,) = re.findall(r'name="newest" value="(\d+)"', desk.get(page).content.decode())
    case.report(paid=500_00)
    told = desk.post(f"{page}take/", {"newest": seen}).content.decode()
    assert case.row().paid == 400_00 and "又报了新的" in told
    for made_up in ("9" * 5000, "x", "²", ""):
        desk.post(f"{page}take/", {"newest": made_up})
    assert case.row().paid == 400_00
    assert take(case) == 1 and case.row().paid == 500_00


def test_the_figures_go_out_only_through_the_funds_own_review(case: Case) -> None:
    go(case.town, case.fund, "submit", "pass", "approve", "publish")
    case.ask()
    case.report()
    with pytest.raises(Refused, match="不能修改"):
        take(case)

    def shown() -> int:
        version = publication_of(case.fund).current_version
        assert version is not None
        return int(version.payload["flows"][0]["paid_fen"])

    go(case.town, case.fund, "revise")
    take(case)
    assert shown() == 400_00
    run_due()
    go(case.town, case.fund, "correct")
    assert shown() == 420_00


def test_figures_as_they_stand_already_are_no_news(case: Case) -> None:
    case.ask()
    row = case.row()
    report(row, dict(zip(FIGURES, row.figures, strict=True)), actor=case.county, key=key())
    assert standings(case.fund)[0].has_reported and not with_news(case.town.drafter)


def test_asked_again_what_was_reported_before_no_longer_counts(case: Case) -> None:
    case.ask()
    case.report()
    assert not unreported(case.county)
    case.ask()
    assert list(unreported(case.county)) == [case.row()] and not with_news(case.town.drafter)
    assert not standings(case.fund)[0].has_reported
    assert take(case) == 0


def test_what_was_reported_stays_with_its_row_when_the_rows_are_put_in_another_order(
    case: Case,
) -> None:
    case.ask()
    made = case.report()
    given = rows(case.town, case.under)
    second, first = given[1], given[0] | {"amount": 750_00}
    edit_fund(
        case.fund, {}, [second, first], actor=case.town.drafter, columns=[case.town.column]
    )  # fmt: skip
    assert [(each.receiver_id, each.position) for each in case.fund.allocations.all()] == [
        (case.under.township.pk, 1), (case.under.county.pk, 2),
    ]  # fmt: skip
    made.refresh_from_db()
    assert made.allocation.position == 2 and made.allocation.amount == 750_00
    edit_fund(case.fund, {}, [second], actor=case.town.drafter, columns=[case.town.column])
    assert not FlowReport.objects.exists() and case.fund.allocations.count() == 1


def test_on_the_workbench_from_what_is_asked_to_what_is_taken(case: Case, settings: Any) -> None:
    desk = sign_in(case.town.drafter)
    record = f"/workbench/funds/{case.fund.pk}/"
    told = desk.fill(f"{record}ask/", report_by=(TODAY - timedelta(days=3)).isoformat())
    assert told.status_code == 422 and "已经过了" in told.content.decode()
    desk.fill(f"{record}ask/", report_by=TODAY.isoformat())
    settings.READING_DAY = TODAY + timedelta(days=21)
    county = sign_in(case.county)
    today = county.get("/workbench/").content.decode()
    assert "测试补助资金" in today and "请报本单位收到、拨付、支出的数" in today and "已过" in today
    path = f"{BASE}{case.row().pk}/report/"
    assert county.form(path)["paid"] == ["400"]
    refused = county.fill(path, paid="9,000")
    assert refused.status_code == 422 and 'value="9,000"' in refused.content.decode()
    county.fill(path, paid="420", used="0.026万元")
    assert FlowReport.objects.get().used == 260_00
    assert "测试补助资金" not in county.get("/workbench/").content.decode()
    desk.post(f"{record}take/", {"newest": str(newest(standings(Fund.objects.get())))})
    assert case.row().paid == 420_00
    assert Fund.objects.get().state == "draft"
