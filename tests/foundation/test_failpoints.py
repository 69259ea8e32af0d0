"""断点：平时不作声；布下以后在第几次到达就停在第几次，没有哪个 except Exception 拦得住。"""

import os
import signal
import subprocess
import sys

import pytest

from yangguang.foundation.failpoints import Stopped, armed, reach


def _three_steps() -> list[str]:
    done = []
    for step in ("before", "rename", "after"):
        reach(f"steps.{step}")
        done.append(step)
    return done


def test_nothing_happens_unless_armed() -> None:
    assert _three_steps() == ["before", "rename", "after"]


def test_stops_at_the_hit_asked_for_and_only_inside_the_block() -> None:
    with pytest.raises(Stopped, match=r"steps\.rename"), armed(hit=2) as plan:
        _three_steps()
    assert plan.reached == ["steps.before", "steps.rename"]
    assert _three_steps()


def test_a_named_point_ignores_the_others_and_hit_zero_only_counts() -> None:
    with armed("steps.after", hit=0) as plan:
        _three_steps()
        _three_steps()
    assert plan.reached == ["steps.after", "steps.after"]


def test_stopping_is_not_an_error_that_code_may_swallow() -> None:
    with pytest.raises(Stopped), armed("steps.rename"):
        try:
            _three_steps()
        except Exception:  # noqa: BLE001  正要证明它拦不住
            pytest.fail("被当作普通错误吞掉了")


def test_the_environment_makes_it_a_real_kill() -> None:
    code = "from yangguang.foundation.failpoints import reach; reach('a'); reach('b'); reach('b')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "YANGGUANG_FAILPOINT": "b:2"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
