"""附件的地址，翻页的标记，信息在日志里走过的路。"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yangguang.hub.publications.cursors import cursor_of, read_cursor
from yangguang.hub.publications.rules import (
    SHELF,
    STAGES,
    VALIDITIES,
    Standing,
    attachment_path,
    readable_text,
    shelf,
)


def test_an_attachment_is_named_by_its_content_not_by_its_author() -> None:
    path = attachment_path(12, "ab" * 32, "王某某 签字.PDF")
    assert path == f"/files/0/12/{'ab' * 32}.pdf"
    assert attachment_path(12, "ab" * 32, "坏.html").endswith("ab")


def test_the_shelf_of_a_number_is_read_off_its_digits() -> None:
    numbers = (0, 62, 99, 100, 1234, 123456, 1234567, 10_000_000)
    shelves = ["0", "0", "0", "1", "12", "12/34", "1/23/45", "10/00/00"]
    assert [shelf(number) for number in numbers] == shelves


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_share_a_shelf_only_with_their_own_hundred(one: int, other: int) -> None:
    assert int(shelf(one).replace("/", "")) == one // SHELF
    assert (shelf(one) == shelf(other)) == (one // SHELF == other // SHELF)


def test_ten_million_items_fill_no_directory_beyond_a_thousand_entries() -> None:
    """每样东西至多三个文件（原文和两个副本）或一个目录，每个目录另有一份清单。"""
    first_in = {shelf(first): first for first in range(0, 10_000_000 + SHELF, SHELF)}
    below: dict[str, set[str]] = defaultdict(set)
    for folder in first_in:
        while folder:
            folder, _, name = folder.rpartition("/")
            below[folder].add(name)
    assert 3 * SHELF + max(map(len, below.values())) + 1 <= 1_000
    for folder, names in below.items():
        # 附件按编号各有一个目录，不能与下级目录重名
        first = first_in.get(folder)
        assert first is None or not names & {str(n) for n in range(first, first + SHELF)}


@given(
    st.datetimes(datetime(1949, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 2**63 - 1),
)
def test_a_cursor_is_read_back_to_the_microsecond(at: datetime, number: int) -> None:
    assert read_cursor(cursor_of(at, number)) == (at, number)


@given(st.text(max_size=100))
def test_what_is_no_cursor_is_none_and_never_an_error(text: str) -> None:
    found = read_cursor(text)
    assert found is None or cursor_of(*found) == text


def test_a_cursor_with_its_number_changed_to_nonsense_is_none() -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=5)
    for number in (0, -1, 2**63):
        assert read_cursor(cursor_of(at, number)) is None


def test_where_an_item_is_shown_follows_from_its_changes_alone() -> None:
    steps = [
        (("publish", "zhou", ["files", "notices"]), {"zhou": ("files", "notices")}),
        (("correct", "zhou", []), {"zhou": ("files", "notices")}),
        (("share", "xian", ["above"]), {"zhou": ("files", "notices"), "xian": ("above",)}),
        (("withdraw", "zhou", []), {}),
        (("publish", "zhou", ["plans"]), {"zhou": ("plans",), "xian": ("above",)}),
        (("unshare", "xian", []), {"zhou": ("plans",)}),
        (("refresh", "zhou", []), {"zhou": ("plans",)}),
    ]
    standing = Standing()
    assert standing.shown == {}
    for step, shown in steps:
        standing = standing.after(*step)
        assert standing.shown == shown, step


@given(st.sampled_from([*STAGES]), st.sampled_from([*VALIDITIES]))
def test_codes_are_not_text_that_anyone_reads_or_searches(stage: str, validity: str) -> None:
    payload = {
        "title": "标题", "stage": stage, "validity": validity, "disclosure": "proactive",
        "remark": "ok", "tasks": [{"title": "甲", "stage": stage}],
    }  # fmt: skip
    assert readable_text(payload).split("\n") == ["ok", "甲", "标题"]
