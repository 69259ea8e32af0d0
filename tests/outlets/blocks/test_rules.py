"""一页的摆法：开头在最前面，一排最多两块，各种块各有限度；挪动、去掉、换上不丢别的块。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.outlets.blocks.defaults import default_home
from yangguang.outlets.blocks.kinds import KINDS
from yangguang.outlets.blocks.rules import (
    MOST,
    Block,
    Blocks,
    blocks_of,
    moved,
    numbered,
    page_faults,
    rows,
    with_block,
    without,
)


def page(*kinds: str, beside: tuple[int, ...] = ()) -> Blocks:
    return numbered(Block(kind, beside=n in beside) for n, kind in enumerate(kinds, 1))


def test_the_default_home_is_sound() -> None:
    blocks = default_home("东河州人民政府", "open")
    assert page_faults(blocks, KINDS, "home") == []
    options = {"columns": {"open"}}
    assert [KINDS[each.kind].read(each.values, options)[1] for each in blocks] == [[]] * len(blocks)
    assert blocks_of(block.as_json() for block in blocks) == blocks


@pytest.mark.parametrize(
    ("blocks", "place", "told"),
    [
        ((), "home", "一块也没有"),
        (page(*["text"] * (MOST + 1)), "home", f"最多 {MOST} 块"),
        (page("text", "opening"), "home", "最前面"),
        (page("opening", "opening"), "home", "最多 1 块"),
        (page("opening"), "topic", "不能放在这种页上"),
        (page("text", beside=(1,)), "home", "上面没有别的块"),
        (page("text", "text", "text", beside=(2, 3)), "home", "一排最多两块"),
        (page("plan", "text", beside=(2,)), "home", "占一整排"),
        (page("text", "plan", beside=(2,)), "home", "占一整排"),
    ],
)
def test_what_is_badly_laid_out_is_told(blocks: Blocks, place: str, told: str) -> None:
    assert any(told in fault for fault in page_faults(blocks, KINDS, place))


def test_blocks_stand_two_in_a_row_at_most() -> None:
    found = rows(page("text", "list", "links", "cards", beside=(2, 3)))
    assert [[block.id for block in row] for row in found] == [["b1", "b2"], ["b3"], ["b4"]]


@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 7), st.sampled_from([-1, 1]))))
def test_moving_never_loses_or_doubles_a_block(count: int, steps: list[tuple[int, int]]) -> None:
    blocks = page(*["text"] * count)
    for which, step in steps:
        blocks = moved(blocks, f"b{which % count + 1}", step)
    assert sorted(block.id for block in blocks) == sorted(f"b{n}" for n in range(1, count + 1))


def test_a_block_is_replaced_where_it_stands_and_a_new_one_comes_last() -> None:
    blocks = page("text", "list")
    assert [b.kind for b in with_block(blocks, Block("links", {}, "b1"))] == ["links", "list"]
    assert [b.kind for b in with_block(blocks, Block("links", {}, "new"))][-1] == "links"
    assert [b.id for b in without(blocks, "b1")] == ["b2"]
