"""进程组：一起起，一起停；死了一个要知道；谁起的进程都不留下。"""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from yangguang.demo import group
from yangguang.demo.group import Group, Member

PATIENT = "import time\nprint('起来了', flush=True)\ntime.sleep(600)"
DEAF = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('起来了', flush=True)\ntime.sleep(600)"
PARENT = """
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(child.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def member(tmp_path: Path) -> Callable[[str, str], Member]:
    def make(label: str, code: str) -> Member:
        return Member(
            label, [sys.executable, "-c", textwrap.dedent(code)], tmp_path / f"{label}.log"
        )

    return make


def alive(pid: int) -> bool:
    """进程还在跑；已结束而未收尸的不算。"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def said(log: Path) -> bool:
    return log.exists() and bool(log.read_text())


def test_members_share_one_group_that_is_not_ours_and_all_end_with_it(member) -> None:
    with Group([member("甲", PATIENT), member("乙", PATIENT)]) as running:
        pids = [process.pid for _, process in running._running]
        groups = {os.getpgid(pid) for pid in pids}
        assert len(groups) == 1 and groups != {os.getpgid(0)}
    assert not any(alive(pid) for pid in pids)


def test_what_a_member_started_ends_too(member, tmp_path: Path) -> None:
    with Group([member("甲", PARENT)]):
        assert wait_until(lambda: said(tmp_path / "甲.log"))
        grandchild = int((tmp_path / "甲.log").read_text())
        assert alive(grandchild)
    assert wait_until(lambda: not alive(grandchild))


def test_one_that_will_not_listen_is_ended_by_force(member, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(group, "GRACE", 0.5)
    with Group([member("甲", DEAF), member("乙", PATIENT)]) as running:
        assert wait_until(lambda: said(tmp_path / "甲.log"))
        pids = [process.pid for _, process in running._running]
        before = time.monotonic()
    assert time.monotonic() - before < 5
    assert not any(alive(pid) for pid in pids)


def test_one_that_dies_is_named_with_its_code_and_its_last_words(member) -> None:
    broken = member("丙", "import sys; print('数据库打不开'); sys.exit(3)")
    with Group([member("甲", PATIENT), broken]) as running:
        ended = running.watch(stopped=lambda: False)
    assert ended is not None
    assert (ended.member.label, ended.code) == ("丙", 3)
    assert ended.last_lines() == "数据库打不开"


def test_members_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = f"""
        import pathlib, sys, time
        from yangguang.demo.group import Group, Member
        log = pathlib.Path({str(tmp_path / "child.log")!r})
        with Group([Member("甲", [sys.executable, "-c", {PATIENT!r}], log)]) as running:
            print(running._running[0][1].pid, flush=True)
            time.sleep(600)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert wait_until(lambda: said(tmp_path / "child.log"))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until(lambda: not alive(child))
