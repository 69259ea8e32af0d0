"""``yangguang work``：真的进程，真的 kill -9。"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import QuerySet

from tests.foundation.jobs.sample_jobs import noted
from tests.processes import finish, start
from yangguang.foundation.jobs import selectors
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.jobs.services import enqueue

pytestmark = pytest.mark.django_db(transaction=True)

WORK = """
    from datetime import timedelta
    from django.core.management import call_command
    import tests.foundation.jobs.sample_jobs
    from yangguang.foundation.jobs import worker
    worker.LEASE = timedelta(seconds=1)
    call_command("work", processes={processes}, grace=20)
"""


@pytest.fixture(autouse=True)
def sample_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_LOG", str(tmp_path / "log"))


@pytest.fixture
def work() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """起一个 ``yangguang work``；测试结束时不论如何都收拾干净。"""
    started = []

    def begin(processes: int = 1) -> "subprocess.Popen[str]":
        process = start(WORK.format(processes=processes))
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


def _put(job: str, key: str = "1", **payload: object) -> None:
    with transaction.atomic():
        enqueue(job, payload, key=key)


def _until(condition: Callable[[], object], seconds: float = 45) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "等不到"
        time.sleep(0.05)


def _own() -> QuerySet[Job]:
    """测试自己的作业：别的应用的日程也在跑，不算。"""
    return Job.objects.filter(name__startswith="test.")


def _state() -> str:
    return _own().get().state


def _gone(pid: int) -> bool:
    """进程不在了（僵尸也算不在）。"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


Begin = Callable[..., "subprocess.Popen[str]"]


def test_a_job_whose_process_is_killed_runs_again(work: Begin) -> None:
    _put("test.slow", name="struck", seconds=0.7)
    work()
    _until(lambda: noted("start", "struck"))
    os.kill(noted("start", "struck")[0], signal.SIGKILL)
    _until(lambda: _state() == "done")
    first, second = noted("start", "struck")
    assert first != second
    assert noted("end", "struck") == [second]
    assert _own().get().attempts == 2


def test_when_the_supervisor_is_killed_the_workers_finish_and_leave(work: Begin) -> None:
    process = work()
    # 管日程的那个进程头一圈要把各个跟随者都走到，机器忙时要好一会儿
    _until(lambda: noted("turn", "follower"))
    keeper = noted("turn", "follower")[0]
    _put("test.slow", name="left", seconds=1.5)
    _until(lambda: noted("start", "left"))
    [child] = noted("start", "left")
    os.kill(process.pid, signal.SIGKILL)
    _until(lambda: _gone(child) and _gone(keeper))
    assert noted("end", "left") == [child]
    assert _state() == "done"


def test_a_job_that_kills_its_process_becomes_a_dead_letter(work: Begin) -> None:
    _put("test.poison", name="poison")
    work()
    _until(lambda: selectors.dead_letters().exists())
    assert len(noted("start", "poison")) == 3
    _put("test.quick", key="2", name="after")
    _until(lambda: noted("start", "after"))


def test_a_job_past_its_time_is_stopped_and_becomes_a_dead_letter(work: Begin) -> None:
    _put("test.stuck", name="stuck")
    work()
    _until(lambda: selectors.dead_letters().exists())
    assert len(noted("start", "stuck")) == 2


def test_a_job_longer_than_its_lease_runs_once_and_followers_go_on_meanwhile(work: Begin) -> None:
    _put("test.slow", name="long", seconds=4)
    work(processes=2)
    _until(lambda: noted("start", "long"))
    turns = len(noted("turn", "follower"))
    _until(lambda: _state() == "done")
    assert len(noted("start", "long")) == 1
    assert len(noted("turn", "follower")) > turns + 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_after_the_job_in_hand(work: Begin, number: signal.Signals) -> None:
    _put("test.slow", name="hand", seconds=1)
    process = work()
    _until(lambda: noted("start", "hand"))
    process.send_signal(number)
    finish(process)
    [child] = noted("end", "hand")
    assert _gone(child)
    assert _state() == "done"


def test_two_hosts_share_the_queue_and_nothing_runs_twice(work: Begin) -> None:
    with transaction.atomic():
        for number in range(60):
            enqueue("test.quick", {"name": f"n{number}"}, key=str(number))
    work(processes=2)
    work(processes=2)
    _until(lambda: _own().filter(state="done").count() == 60)
    runs = [noted("start", f"n{number}") for number in range(60)]
    assert [len(run) for run in runs] == [1] * 60
    assert set(_own().values_list("attempts", flat=True)) == {1}


def test_drain_does_what_is_due_and_ends() -> None:
    _put("test.quick", name="drained")
    process = start("""
        import tests.foundation.jobs.sample_jobs
        from django.core.management import call_command
        call_command("work", drain=True)
    """)
    assert finish(process) == "到点的作业都做完了。\n"
    assert len(noted("start", "drained")) == 1
    assert noted("turn", "follower")
