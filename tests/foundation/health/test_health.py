"""yangguang health：登记过的检查逐项查过，有警告退出码 1。"""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from yangguang.foundation.commands import BadInput
from yangguang.foundation.health import registry
from yangguang.foundation.health.registry import Warned, examine, register, register_metric


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, registry.Check]]:
    """只有测试自己登记的检查和数字。"""
    alone: dict[str, registry.Check] = {}
    monkeypatch.setattr(registry, "_checks", alone)
    monkeypatch.setattr(registry, "_metrics", {})
    yield alone


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("health", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_every_check_is_asked_about_the_same_day(checks: dict[str, registry.Check]) -> None:
    register("first", lambda on: [f"{on}不好。"])
    register("second", lambda on: [])
    today = timezone.localdate()
    assert examine(today) == [Warned("first", f"{today}不好。")]
    with pytest.raises(ValueError, match="已经登记过"):
        register("first", lambda on: [])


def test_no_warning_is_ok_and_a_warning_is_a_no(checks: dict[str, registry.Check]) -> None:
    assert run() == (0, "没有要处理的事。\n")
    assert run("--json") == (0, '{\n  "ok": true,\n  "warnings": [],\n  "metrics": {}\n}\n')
    register("one", lambda on: ["表缺了。"])
    assert run() == (1, "警告：表缺了。\n")
    code, text = run("--json")
    assert code == 1
    assert json.loads(text) == {
        "ok": False, "warnings": [{"check": "one", "text": "表缺了。"}], "metrics": {},
    }  # fmt: skip


def test_figures_are_told_to_programs_and_are_no_warning(checks: dict[str, registry.Check]) -> None:
    register_metric("queue", lambda: {"waiting": 3})
    code, text = run("--json")
    assert (code, json.loads(text)["metrics"]) == (0, {"queue": {"waiting": 3}})
    with pytest.raises(ValueError, match="已经登记过"):
        register_metric("queue", lambda: 0)


@pytest.mark.django_db
def test_the_calendar_is_among_what_is_examined() -> None:
    def calendar_texts(on: str) -> list[str]:
        code, text = run("--json", "--as-of", on)
        warnings = json.loads(text)["warnings"]
        assert code == (1 if warnings else 0)
        return [one["text"] for one in warnings if one["check"] == "calendar"]

    assert calendar_texts("2026-10-31") == []
    assert any("2027年的放假安排尚未录入" in text for text in calendar_texts("2026-11-01"))


def test_a_wrong_date_is_bad_input() -> None:
    with pytest.raises((BadInput, CommandError), match="没有“2026-02-30”这一天"):
        call_command("health", "--as-of", "2026-02-30", stdout=StringIO())
