"""稿件的规则：各类别要有什么，转载要写明什么、多久之内，时间怎样才成立。"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.articles.rules import (
    LEVELS,
    PROMPT_LEVELS,
    Source,
    is_over,
    is_web_address,
    reprint_due,
    schedule_faults,
    source_faults,
    type_faults,
)

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
GOOD = Source("中国政府网", "https://www.gov.cn/a.htm", "central", NOW - timedelta(hours=3))


def test_an_own_article_needs_no_source() -> None:
    assert source_faults(Source(), NOW) == []


def test_a_reprint_names_its_source_original_and_level() -> None:
    assert source_faults(GOOD, NOW) == []
    assert source_faults(Source(href="https://www.gov.cn/a.htm"), NOW) == [
        "转载须写明来源的名称。",
        "转载须选定来自哪一级。",
    ]
    assert source_faults(Source("中国政府网", "www.gov.cn", "other"), NOW) == [
        "转载须给出原文的完整网址（以 https:// 或 http:// 开头）。"
    ]


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_only_centre_and_province_run_against_the_24_hours(level: str) -> None:
    source = Source("来源", "https://www.gov.cn/", level)
    is_prompt = level in PROMPT_LEVELS
    assert bool(source_faults(source, NOW)) is is_prompt
    at = datetime(2026, 5, 31, 8, 1, tzinfo=UTC)
    due = reprint_due(Source("来源", "https://www.gov.cn/", level, at))
    assert due == (datetime(2026, 6, 1, 8, 1, tzinfo=UTC) if is_prompt else None)


def test_the_original_cannot_come_from_the_future() -> None:
    late = Source("来源", "https://www.gov.cn/", "other", NOW + timedelta(minutes=1))
    assert source_faults(late, NOW) == ["原文发布的时间不能晚于现在。"]
    assert source_faults(Source("来源", "https://www.gov.cn/", "other", NOW), NOW) == []


@pytest.mark.parametrize(
    "href", ["", "www.gov.cn", "javascript:alert(1)", "ftp://gov.cn/", "https://", "http://[::1"]
)
def test_what_is_no_web_address(href: str) -> None:
    assert not is_web_address(href)


def test_a_schedule_lies_ahead_and_the_last_day_may_be_today() -> None:
    assert schedule_faults(None, None, NOW, TODAY) == []
    assert schedule_faults(NOW + timedelta(minutes=1), TODAY, NOW, TODAY) == []
    assert schedule_faults(NOW, TODAY - timedelta(days=1), NOW, TODAY) == [
        "定时发布的时间已经过了，请另定，或者不定。",
        "有效期止于的日期已经过了。",
    ]


@given(st.dates(), st.integers(-3, 3))
def test_the_last_day_is_still_in_force(last: date, after: int) -> None:
    if not date.min + timedelta(days=3) < last < date.max - timedelta(days=3):
        return
    assert is_over(last, last + timedelta(days=after)) is (after > 0)
    assert not is_over(None, last)


@pytest.mark.parametrize(
    ("kind", "has", "told"),
    [
        ("news", {"body": True}, []),
        ("news", {}, ["缺少正文。"]),
        ("faq", {}, ["缺少答复。"]),
        ("pictures", {"body": True}, ["图片新闻的正文里至少要有一张图片。"]),
        ("pictures", {"body": True, "pictures": 1}, []),
        ("video", {"body": True}, ["视频还没有选：请从资料库选一个，或者当场上传。"]),
        ("video", {"body": True, "video": True}, []),
        ("video", {"video": True}, ["缺少正文。"]),
    ],
)
def test_each_type_has_what_makes_it(kind: str, has: dict[str, object], told: list[str]) -> None:
    empty = {"pictures": 0, "video": False, "body": False}
    assert type_faults({"article_type": kind, **empty, **has}) == told
