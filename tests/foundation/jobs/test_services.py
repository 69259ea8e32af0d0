"""入队、重试、死信、日程：在一个进程里看得清的部分。"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from tests.foundation.jobs.sample_jobs import noted
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.jobs import registry, selectors
from yangguang.foundation.jobs.models import Job, ScheduleMark
from yangguang.foundation.jobs.services import discard_finished, enqueue, enqueue_due, requeue
from yangguang.foundation.jobs.worker import LOST_WORKER, Worker, reap, run_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sample_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_LOG", str(tmp_path / "log"))


@pytest.fixture
def no_schedules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_schedules", {})
    yield


def _due_now() -> None:
    """不等重试的间隔。"""
    Job.objects.filter(state=Job.State.WAITING).update(run_after=timezone.now())


def test_a_job_runs_once_with_its_payload_and_the_row_stays_as_done() -> None:
    enqueue("test.quick", {"name": "one"}, key="1")
    assert run_due() == 1
    assert run_due() == 0
    assert noted("start", "one") == [os.getpid()]
    row = Job.objects.get()
    assert (row.state, row.attempts, row.lease_until) == ("done", 1, None)


def test_the_same_key_is_the_same_job_even_after_it_is_done() -> None:
    enqueue("test.quick", {"name": "one"}, key="1")
    enqueue("test.quick", {"name": "two"}, key="1")
    run_due()
    enqueue("test.quick", {"name": "three"}, key="1")
    assert run_due() == 0
    assert Job.objects.get().payload == {"name": "one"}
    enqueue("test.slow", {"name": "other", "seconds": 0}, key="1")
    assert run_due() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_is_rolled_back_with_the_change_that_called_for_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.quick", {"name": "gone"}, key="1")
        _ = 1 / 0
    assert not Job.objects.exists()
    with pytest.raises(RuntimeError, match="同一个事务"):
        enqueue("test.quick", {"name": "gone"}, key="1")


def test_an_undeclared_job_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match="没有名为“test.unknown”的作业"):
        enqueue("test.unknown", {}, key="1")


def test_a_job_waits_until_its_time() -> None:
    enqueue("test.quick", {"name": "x"}, key="1", run_after=timezone.now() + timedelta(hours=1))
    assert run_due() == 0
    _due_now()
    assert run_due() == 1


def test_a_failure_is_tried_again_later_and_later_and_may_succeed() -> None:
    enqueue("test.fails", {"name": "f", "times": 2}, key="1")
    waits = []
    while (row := Job.objects.get()).state == "waiting":
        _due_now()
        before = timezone.now()
        assert run_due() == 1
        waits.append(round((Job.objects.get().run_after - before).total_seconds()))
    assert row.state == "done"
    assert row.last_error == ""
    assert waits[:2] == [10, 20]
    assert len(noted("start", "f")) == 3


def test_a_job_that_keeps_failing_becomes_a_dead_letter_and_can_be_sent_again() -> None:
    enqueue("test.fails", {"name": "f", "times": 4}, key="1")
    for _ in range(4):
        _due_now()
        assert run_due() == 1
    assert run_due() == 0
    [letter] = selectors.dead_letters()
    assert "ValueError: 故意失败" in letter.last_error
    assert letter.attempts == 4

    requeue(letter, actor=None, note="已修好")
    event = AuditEvent.objects.get(action="jobs.requeue")
    assert (event.target_id, event.note) == (str(letter.pk), "已修好")
    assert run_due() == 1
    assert Job.objects.get().state == "done"
    with pytest.raises(ValueError, match="不在死信里"):
        requeue(letter, actor=None)
    assert AuditEvent.objects.filter(action="jobs.requeue").count() == 1


def test_a_hopeless_job_is_not_tried_again() -> None:
    enqueue("test.hopeless", {}, key="1")
    assert run_due() == 1
    assert selectors.dead_letters().get().last_error == "对方已注销，再试无用"


def test_a_job_whose_code_is_gone_becomes_a_dead_letter() -> None:
    now = timezone.now()
    Job.objects.create(name="test.removed", key="1", run_after=now, created_at=now)
    assert run_due() == 1
    assert "没有名为“test.removed”的作业" in selectors.dead_letters().get().last_error


def test_an_expired_lease_is_taken_back_and_a_live_one_is_not() -> None:
    now = timezone.now()
    values = {
        "name": "test.fails", "payload": {"name": "x", "times": 0}, "state": "running",
        "run_after": now, "created_at": now, "worker": "别处:1:ab",
    }  # fmt: skip
    Job.objects.create(key="lost", attempts=1, lease_until=now - timedelta(seconds=1), **values)
    Job.objects.create(key="live", attempts=1, lease_until=now + timedelta(seconds=9), **values)
    Job.objects.create(key="spent", attempts=4, lease_until=now - timedelta(seconds=1), **values)
    assert reap() == 2
    assert dict(Job.objects.values_list("key", "state")) == {
        "lost": "waiting",
        "live": "running",
        "spent": "dead",
    }
    assert selectors.dead_letters().get().last_error == LOST_WORKER


def test_a_worker_that_lost_its_lease_does_not_write_its_result() -> None:
    """慢了半拍的工人回来时，作业已被收回并由别人认领：以别人为准。"""
    enqueue("test.quick", {"name": "x"}, key="1")
    late = Worker()
    row = late._claim()
    assert row is not None
    reap(timezone.now() + timedelta(hours=1))
    _due_now()
    other = Worker()
    assert other._claim() is not None
    late._finish(row)
    assert Job.objects.get().state == "running"
    assert Job.objects.get().worker == other.name


def test_an_interval_is_enqueued_once_a_beat_and_missed_beats_are_not_made_up(
    no_schedules: None,
) -> None:
    registry.schedule("beat", "test.quick", every=timedelta(minutes=10), payload={"name": "b"})
    begin = datetime(2020, 10, 20, 8, 0, tzinfo=UTC)
    assert enqueue_due(begin) == 1
    assert enqueue_due(begin + timedelta(minutes=9)) == 0
    assert enqueue_due(begin + timedelta(minutes=10)) == 1
    assert enqueue_due(begin + timedelta(hours=5, minutes=3)) == 1
    assert ScheduleMark.objects.get().next_run == begin + timedelta(hours=5, minutes=10)
    assert Job.objects.count() == 3


def test_a_daily_schedule_waits_for_its_hour(no_schedules: None) -> None:
    registry.schedule("nightly", "test.quick", daily=time(3, 0), payload={"name": "n"})
    noon = datetime(2020, 10, 20, 4, 0, tzinfo=UTC)
    assert enqueue_due(noon) == 0
    assert enqueue_due(noon + timedelta(hours=14)) == 0
    assert enqueue_due(noon + timedelta(hours=15)) == 1
    assert enqueue_due(noon + timedelta(hours=15, minutes=1)) == 0


def test_a_schedule_says_either_how_often_or_at_what_hour(no_schedules: None) -> None:
    with pytest.raises(ValueError, match="恰给一个"):
        registry.schedule("x", "test.quick")
    with pytest.raises(ValueError, match="恰给一个"):
        registry.schedule("x", "test.quick", every=timedelta(1), daily=time(3))


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="已经声明过"):
        registry.job("test.quick")(lambda: None)


def test_only_jobs_done_long_ago_are_discarded() -> None:
    now = timezone.now()
    old = now - timedelta(days=31)
    values = {"name": "test.quick", "run_after": old, "created_at": old}
    for state, finished in (("done", old), ("done", now), ("dead", old), ("waiting", None)):
        Job.objects.create(key=f"{state}{finished}", state=state, finished_at=finished, **values)
    assert discard_finished() == 1
    assert Job.objects.count() == 3


def test_every_schedule_names_a_declared_job() -> None:
    assert {one.job for one in registry.schedules()} >= {"audit.sweep", "jobs.discard_finished"}
    for one in registry.schedules():
        registry.find(one.job)
