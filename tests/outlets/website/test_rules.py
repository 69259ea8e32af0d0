"""列表与地址的规则：页号不变义；首页 20 至 39 条；发布只动几页；撤回只让一页变短。"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from yangguang.outlets.website.rules import (
    HEAD,
    PAGE_SIZE,
    ListKey,
    file_of,
    fixed_pages,
    head_start,
    list_path,
    neighbours,
    page_of,
    pages_touched_by_item,
    pages_touched_by_placing,
    sitemap_part,
    sitemap_path,
    verify_path,
)


class ListOfPublications(RuleBasedStateMachine):
    """随意发布和撤回；“树”只重画规则说要画的页。任何时候树都与从头画的一样。"""

    def __init__(self) -> None:
        super().__init__()
        self.placed = 0
        self.live: dict[int, int] = {}
        self.tree: dict[int, Any] = {}
        self._redraw({HEAD})

    def _start(self) -> int:
        newest = sorted(self.live, reverse=True)
        return head_start(newest[PAGE_SIZE - 1] if len(newest) >= PAGE_SIZE else None)

    def _draw(self, page: int) -> tuple[list[int], tuple[int | None, int | None]]:
        start = self._start()
        shown = sorted(
            (o for o in self.live if (page_of(o) >= start if page == HEAD else page_of(o) == page)),
            reverse=True,
        )
        return shown, neighbours(page, self.placed, start)

    def _redraw(self, pages: Any) -> None:
        for page in pages:
            if page == HEAD or 1 <= page <= fixed_pages(self.placed):
                self.tree[page] = self._draw(page)

    @rule(count=st.integers(1, 45))
    def publish(self, count: int) -> None:
        for _ in range(count):
            self.live[self.placed] = self.placed
            self.placed += 1
            touched = pages_touched_by_placing(self.placed)
            assert len(touched) <= 3
            self._redraw(touched)

    @precondition(lambda self: self.live)
    @rule(data=st.data(), count=st.integers(1, 30))
    def withdraw(self, data: st.DataObject, count: int) -> None:
        for _ in range(min(count, len(self.live))):
            ordinal = data.draw(st.sampled_from(sorted(self.live)))
            before = {page: self.tree[page][0] for page in self.tree if page != HEAD}
            del self.live[ordinal]
            self._redraw(pages_touched_by_item(ordinal, self.placed))
            for page, shown in before.items():
                assert self.tree[page][0] == [o for o in shown if o != ordinal]

    @invariant()
    def the_incremental_tree_is_the_one_drawn_afresh(self) -> None:
        fresh = {page: self._draw(page) for page in range(fixed_pages(self.placed) + 1)}
        assert self.tree == fresh

    @invariant()
    def the_head_shows_twenty_to_thirty_nine_or_all(self) -> None:
        shown = len(self.tree[HEAD][0])
        assert shown == len(self.live) or PAGE_SIZE <= shown < 2 * PAGE_SIZE

    @invariant()
    def every_live_item_is_somewhere_and_walking_back_from_the_head_meets_them_all(self) -> None:
        met: Counter[int] = Counter()
        page: int | None = HEAD
        while page is not None:
            shown, (_, older) = self.tree[page]
            met.update(shown)
            page = older
        assert set(met) == set(self.live)
        assert all(times == 1 for times in met.values())


TestListOfPublications = ListOfPublications.TestCase
TestListOfPublications.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_without_withdrawals_the_head_holds_the_last_full_page_and_what_follows() -> None:
    shown = [
        n - (head_start(n - PAGE_SIZE if n >= PAGE_SIZE else None) - 1) * 20 for n in range(1, 200)
    ]
    assert shown[:45] == [*range(1, 40), *range(20, 26)]
    assert max(shown) == 39 and min(shown[20:]) == 20


@given(st.integers(0, 10_000_000), st.integers(0, 10_000_000))
def test_two_pages_never_share_an_address(one: int, other: int) -> None:
    key = ListKey("column", "zhengce", 2020)
    assert (list_path(key, one) == list_path(key, other)) == (one == other)
    assert (sitemap_path(one) == sitemap_path(other)) == (one == other)
    assert (verify_path(one) == verify_path(other)) == (one == other)


def test_whatever_grows_with_the_items_lies_on_the_shelf_of_its_number() -> None:
    assert list_path(ListKey("column", "a"), 12_345) == "/columns/a/pages/1/23/12345.html"
    assert sitemap_path(sitemap_part(9_999_999)) == "/sitemaps/99/9999.xml"
    assert verify_path(1_234_567) == "/verify/1/23/45/1234567.json"


def test_list_keys_survive_being_written_down() -> None:
    for key in (
        ListKey("column", "a-b"),
        ListKey("column", "a", 2020),
        ListKey("organisation", "x"),
    ):
        assert ListKey.parse(str(key)) == key


@pytest.mark.parametrize("path", ["../etc/passwd", "/a/../../b", "/a\0b", "a/b"])
def test_a_path_that_leaves_the_tree_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="不是站内路径"):
        file_of(path)
