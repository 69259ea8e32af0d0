"""出口的进度与回执：撤回要等每个出口确认，落后和没有确认的都说得出来。"""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from tests.hub.search.conftest import desk, follow, kinds_registered  # noqa: F401
from tests.outlets.website.conftest import Desk
from yangguang.foundation.audit.models import AuditEvent
from yangguang.hub.projectors.models import Acknowledgement, Projector, Withdrawal
from yangguang.hub.projectors.rules import Lag, Unacknowledged, lag_warnings, spoken
from yangguang.hub.projectors.rules import withdrawal_warnings as told
from yangguang.hub.projectors.selectors import awaiting, lags, unacknowledged
from yangguang.hub.projectors.services import acknowledge, advance_family, enrol, expect
from yangguang.hub.publications.models import Change, Publication
from yangguang.hub.search.indexer import own_code

pytestmark = pytest.mark.django_db


def health() -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("health", "--json", stdout=out)
    except SystemExit:
        pass
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def said() -> list[str]:
    return [one["text"] for one in health()["warnings"] if one["check"] == "projectors"]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """从现在起，时钟快了 61 秒。"""
    ahead = timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + ahead)
    return ahead


@pytest.fixture
def withdrawn(desk: Desk) -> Publication:  # noqa: F811
    """两个出口都跟上以后，撤回的一条。"""
    publication = desk.publish("通知")
    desk.follow()
    follow()
    desk.withdraw(publication)
    return publication


def test_a_withdrawal_is_done_when_every_outlet_has_acknowledged_it(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
) -> None:
    (waiting,) = Withdrawal.objects.filter(done_at=None)
    assert {one.projector for one in unacknowledged(timezone.now())} == {
        "website:donghe", own_code(),
    }  # fmt: skip
    desk.follow()
    assert [one.projector for one in unacknowledged(timezone.now())] == [own_code()]
    assert Withdrawal.objects.filter(done_at=None).exists()
    follow()
    assert unacknowledged(timezone.now()) == []
    waiting.refresh_from_db()
    assert waiting.done_at is not None
    rows = Acknowledgement.objects.values_list("withdrawal", "projector")
    assert set(rows) == {(waiting.pk, "website:donghe"), (waiting.pk, own_code())}


def test_after_sixty_seconds_the_item_the_outlet_and_the_time_are_told(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert said() == []
    since = timezone.now() + timedelta(seconds=150)
    monkeypatch.setattr(timezone, "now", lambda: since)
    (search,) = Projector.objects.filter(family="search")
    alarms = [text for text in said() if "确认撤下" in text]
    assert len(alarms) == 2
    for label in (f"网站（{desk.site.name}）", search.label):
        assert any(withdrawn.index_number in text and label in text for text in alarms)
    assert all("已 2 分钟" in text for text in alarms)
    desk.follow()
    follow()
    assert said() == []
    assert health()["metrics"]["projectors"]["unacknowledged"] == []


def test_a_lost_acknowledgement_alarms_though_everything_else_has_been_done(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
    later: timedelta,
) -> None:
    desk.follow()
    follow()
    lost = Withdrawal.objects.get()
    Acknowledgement.objects.filter(projector="website:donghe").delete()
    Withdrawal.objects.update(done_at=None)
    (alarm,) = said()
    assert withdrawn.index_number in alarm and "网站" in alarm and "检索" not in alarm
    assert health()["ok"] is False
    desk.follow()
    assert said() == []
    lost.refresh_from_db()
    assert lost.done_at is not None


def test_an_outlet_that_came_after_the_withdrawal_is_given_its_own_sixty_seconds(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
) -> None:
    enrol("search", {"search:other": "检索（主机 other）"}, sequence=0, whole=False)
    Projector.objects.filter(code="search:other").update(
        enrolled_at=timezone.now() + timedelta(seconds=100)
    )
    waits = {
        one.projector: one.seconds for one in unacknowledged(timezone.now() + timedelta(seconds=90))
    }
    assert waits["search:other"] == 0 and waits["website:donghe"] >= 90


def test_a_host_that_is_gone_is_retired_and_nobody_waits_for_it(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
) -> None:
    enrol("search", {"search:old": "检索（主机 old）"}, sequence=0, whole=False)
    desk.follow()
    follow()
    assert [one.projector for one in unacknowledged(timezone.now())] == ["search:old"]
    call_command("retire_projector", "search:old", stdout=StringIO())
    assert Withdrawal.objects.get().done_at is not None
    assert AuditEvent.objects.filter(action="projectors.retire").count() == 1
    with pytest.raises(CommandError, match="没有代码为“search:old”的出口。现有：search:"):
        call_command("retire_projector", "search:old", stdout=StringIO())


def test_a_site_that_is_gone_is_no_longer_waited_for(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
) -> None:
    enrol("website", {"website:gone": "网站（没有了的）"}, sequence=0, whole=False)
    desk.follow()
    assert not Projector.objects.filter(code="website:gone").exists()
    follow()
    assert Withdrawal.objects.get().done_at is not None


def test_acknowledging_twice_counts_once_and_a_withdrawal_is_expected_in_its_own_transaction(
    desk: Desk,  # noqa: F811
    withdrawn: Publication,
) -> None:
    waiting = list(awaiting("website"))
    for _ in range(2):
        acknowledge(["website:donghe"], waiting)
    assert Acknowledgement.objects.filter(projector="website:donghe").count() == 1
    assert not awaiting("website").exists() and awaiting("search", own_code()).exists()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_what_it_waits_for_commit_together(desk: Desk) -> None:  # noqa: F811
    publication = desk.publish("通知")
    with pytest.raises(RuntimeError, match="同一事务"):
        expect(Change.objects.first())  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        desk.withdraw(publication)
        raise ZeroDivisionError
    assert not Withdrawal.objects.exists()


def test_lag_is_told_in_changes_and_seconds_sealed_or_not(
    desk: Desk,  # noqa: F811
    later: timedelta,
) -> None:
    desk.follow()
    follow()
    desk.publish("一")
    desk.publish("二")
    behind = lags(timezone.now())
    assert {(lag.changes_behind, lag.changes_unsealed) for lag in behind} == {(2, 2)}
    follow()
    website, search = lags(timezone.now() + later)
    assert (website.code, website.changes_behind, website.changes_unsealed) == (
        "website:donghe", 2, 0,
    )  # fmt: skip
    assert website.seconds_behind >= 61 and (search.changes_behind, search.seconds_behind) == (0, 0)
    shown = health()["metrics"]["projectors"]["lag"]
    assert [(each["label"], each["changes_behind"]) for each in shown] == [
        (f"网站（{desk.site.name}）", 2), (search.label, 0),
    ]  # fmt: skip


def test_an_outlet_that_lags_for_more_than_a_minute_warns(desk: Desk) -> None:  # noqa: F811
    desk.follow()
    follow()
    desk.publish("一")
    follow()
    assert said() == []
    (lag,) = [lag for lag in lags(timezone.now() + timedelta(seconds=61)) if lag.changes_behind]
    (warning,) = lag_warnings([lag])
    assert "网站（东河州人民政府）落后 1 笔变更" in warning and "yangguang work" in warning


def test_an_outlet_that_never_followed_is_told_once_there_is_something_to_follow(
    desk: Desk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert said() == []
    desk.publish("一")
    assert said() == []
    since = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: since)
    assert [text.partition("。")[0] for text in said()] == [
        "检索还没有跟进过变更日志", "网站还没有跟进过变更日志",
    ]  # fmt: skip


def test_progress_never_goes_back(desk: Desk) -> None:  # noqa: F811
    enrol("website", {"website:donghe": "网站"}, sequence=5, whole=True)
    advance_family("website", 3)
    assert Projector.objects.get().sequence == 5
    advance_family("website", 9)
    enrol("website", {"website:donghe": "网站（改名）"}, sequence=0, whole=True)
    assert (Projector.objects.get().sequence, Projector.objects.get().label) == (9, "网站（改名）")


def test_words_of_the_alarm() -> None:
    assert [spoken(n) for n in (61, 119, 120, 7_199, 7_200, 172_800)] == [
        "61 秒", "119 秒", "2 分钟", "119 分钟", "2 小时", "2 天",
    ]  # fmt: skip
    many = [Unacknowledged(f"索引{n}", "website:a", "网站（甲）", 100 + n) for n in range(7)]
    (warning,) = told([*many, Unacknowledged("索引9", "website:b", "网站（乙）", 60)])
    assert "索引6（已 106 秒）" in warning and "索引0" not in warning and "等 7 条" in warning
    lag = Lag("website:a", "网站（甲）", 3, 4, 4, 61)
    assert "其中 4 笔还没有封印" in lag_warnings([lag])[0]
    assert lag_warnings([Lag("website:a", "网站（甲）", 3, 4, 0, 60)]) == []
