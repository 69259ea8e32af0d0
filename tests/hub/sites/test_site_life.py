"""站点的下线和关停：次数、天数、公告期、谁批；公告写全该写的。"""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import GuardContext
from yangguang.hub.columns.site_life import LIFE, closing_notice, offline_notice, path_along

TODAY = date(2020, 10, 20)
AT = datetime(2020, 10, 20, 4, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "own": 1, "asked_by": 7, "today": TODAY, "offline_until": date(2020, 11, 1), "offline_years": [],
    "offline_days": 30, "offline_times": 1, "notice_until": date(2020, 10, 19), "successor": 2,
    "successor_organisation": (20, "0001"), "successor_runs": True, "heirs_of": [], "left": 0,
    "left_topics": 0,
}  # fmt: skip
HEIR = SimpleNamespace(pk=2, state="running")
COLUMN = SimpleNamespace(site_id=2, closed_on=None)
GIVEN: dict[str, Any] = {
    "until": date(2020, 11, 10), "approval": "州政办函〔2020〕15号", "filing": "10月20日提交",
    "successor": HEIR, "fallback": COLUMN,
}  # fmt: skip


def reasons(event: str, state: str, role: str = "supervisor", **changes: Any) -> list[str]:
    facts = FACTS | {k: v for k, v in changes.items() if k in FACTS}
    inputs = GIVEN | {k: v for k, v in changes.items() if k in GIVEN}
    who = Actor(changes.get("user", 8), "批的人", 1, role, 20, "0001", True)
    context = GuardContext(facts, inputs, who, changes.get("message", "整改"), AT)
    return LIFE.reasons_against(event, state, context)


@pytest.mark.parametrize(
    ("until", "fault"),
    [
        (date(2020, 11, 19), ""),
        (date(2020, 11, 20), "不超过 30 天"),
        (TODAY, "要在今天以后"),
        (None, "请写明哪一天恢复"),
    ],
)
def test_a_site_goes_offline_for_thirty_days_at_most(until: date | None, fault: str) -> None:
    found = reasons("ask_offline", "running", "approver", until=until)
    assert found == [] if not fault else fault in found[0]


def test_a_site_goes_offline_once_a_year() -> None:
    assert reasons("ask_offline", "running", offline_years=[2019]) == []
    assert "不能再多" in reasons("ask_offline", "running", offline_years=[2019, 2020])[0]


@pytest.mark.parametrize(
    ("event", "state"), [("approve_offline", "offline_asked"), ("announce", "closing_asked")]
)
def test_who_asks_does_not_approve_and_the_approval_is_documented(event: str, state: str) -> None:
    assert reasons(event, state) == []
    assert "您自己申请的" in reasons(event, state, user=7)[0]
    assert len(reasons(event, state, approval=" ", filing="")) == 2
    assert reasons(event, state, "approver") == [
        f"您现在的身份不能{LIFE.transition(event).label}。"
    ]


def test_content_moves_only_after_the_notice_has_run_its_days() -> None:
    assert reasons("migrate", "announced") == []
    assert "2020-10-20" in reasons("migrate", "announced", notice_until=TODAY)[0]
    elsewhere = SimpleNamespace(site_id=3, closed_on=None)
    assert reasons("migrate", "announced", fallback=elsewhere)
    assert reasons("migrate", "announced", successor_runs=False)
    assert reasons("migrate", "announced", successor_organisation=(30, "0002"))


def test_a_site_closes_only_when_nothing_is_left() -> None:
    assert "还有 12 条" in reasons("close", "moving", left=12)[0]
    assert "还有 3 个专题" in reasons("close", "moving", left_topics=3)[0]
    assert reasons("close", "moving", left=0) == []
    assert reasons("close", "moving", message="") == ["完成关停须写明理由。"]


def test_a_site_that_others_move_into_neither_closes_nor_goes_offline() -> None:
    for event in ("ask_closing", "ask_offline"):
        assert "银县" in reasons(event, "running", heirs_of=["银县"])[0]
    itself = SimpleNamespace(pk=1, state="running")
    closing = SimpleNamespace(pk=2, state="announced")
    for successor in (itself, closing):
        assert "不能接收" in reasons("ask_closing", "running", successor=successor)[0]


def test_a_site_that_is_offline_is_not_on_the_way_to_its_closing() -> None:
    for state in LIFE.states:
        assert state in path_along(state)
    assert path_along("running") == ("running",)
    assert not {"closing_asked", "closed"} & set(path_along("offline"))
    assert "offline" not in path_along("moving")


def test_the_notices_say_why_when_where_and_by_whose_approval() -> None:
    notice = closing_notice(
        "银县人民政府", "银县人民政府", "因网站集约化建设。", since=date(2020, 10, 1),
        until=date(2020, 10, 31), successor="东河州人民政府", address="https://www.donghe.example",
        approval="州政办函〔2020〕15号", contact="0930-0000",
    )  # fmt: skip
    text = "".join(notice.paragraphs)
    assert notice.title == "银县人民政府网站关停公告" and notice.signed == "银县人民政府"
    for each in (
        "因网站集约化建设，经批准（州政办函〔2020〕15号）", "自 2020-10-01 至 2020-10-31",
        "https://www.donghe.example/", "0930-0000",
    ):  # fmt: skip
        assert each in text
    notice = offline_notice(
        "银县人民政府", "银县人民政府", "系统整改", since=TODAY, until=date(2020, 11, 1),
        approval="州政办函〔2020〕16号", contact="",
    )  # fmt: skip
    assert "自 2020-10-20 起临时下线，预计 2020-11-01 恢复" in notice.paragraphs[0]
    assert len(notice.paragraphs) == 2
