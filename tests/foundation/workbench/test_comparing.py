"""两版对照：变了的都标出来，没有变的折起来也一段不少；再长的文字也不让人等（不设限的要算几分钟以上）。"""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.workbench.comparing import (
    NEAR,
    SHORTEST,
    Item,
    comparison,
    differing,
    folded,
    items_of,
)
from yangguang.foundation.workbench.differences import (
    ADDED,
    REMOVED,
    SAME,
    Effort,
    compared,
    pieces,
)

NAMES = st.sampled_from(["标题", "正文", "栏目", "附件"])
TEXTS = st.text(alphabet="政务公开\n ", max_size=12)
ITEMS = st.dictionaries(NAMES, TEXTS).map(
    lambda values: [Item(name, name, (text,), text) for name, text in values.items()]
)
LINES = st.lists(st.sampled_from(["甲", "乙", "丙", "同一段"]), max_size=30).map("\n".join)


def item(name: str, text: str) -> Item:
    return Item(name, name, (text,), text)


@given(ITEMS, ITEMS)
def test_every_item_is_either_changed_or_the_same_and_never_both(
    old: list[Item], new: list[Item]
) -> None:
    found = comparison(old, new)
    assert [each.label for each in found.changed] == differing(old, new)
    assert not {each.label for each in found.changed} & set(found.same)
    told = {each.label for each in new if each.told}
    assert told <= {each.label for each in found.changed} | set(found.same)
    assert sorted(differing(old, new)) == sorted(differing(new, old))
    assert differing(old, old) == []


@given(ITEMS)
def test_what_was_kept_reads_the_same(items: list[Item]) -> None:
    assert items_of(each.kept() for each in items) == items


@given(LINES, LINES)
def test_folding_loses_no_paragraph_and_hides_no_change(old: str, new: str) -> None:
    pairs = compared(old, new)
    stretches = folded(pairs)
    assert [pair for each in stretches for pair in each.pairs] == pairs
    for each in stretches:
        if each.is_folded:
            assert len(each.pairs) >= SHORTEST and all(pair.is_same for pair in each.pairs)


def test_the_paragraphs_next_to_a_change_stay_in_sight() -> None:
    old = "\n".join(f"第{n}段" for n in range(20))
    stretches = folded(compared(old, old.replace("第9段", "第玖段")))
    assert [each.is_folded for each in stretches] == [True, False, True]
    assert len(stretches[1].pairs) == 1 + 2 * NEAR


def test_an_item_that_is_gone_or_new_is_a_change_and_an_empty_one_is_not() -> None:
    old, new = [item("标题", "一"), item("来源", "")], [item("附件", "表.xlsx"), item("标题", "一")]
    assert differing(old, new) == ["附件"] and differing(new, old) == ["附件"]
    assert comparison(old, new).same == ["标题"]


@given(
    st.text(alphabet="甲乙，。\n1a ", max_size=80), st.text(alphabet="甲乙，。\n1a ", max_size=80)
)
def test_out_of_effort_it_is_coarser_but_still_true(old: str, new: str) -> None:
    for enough in (0, 40, 400):
        found = pieces(old, new, Effort(enough))
        assert "".join(each.text for each in found if each.kind != ADDED) == old
        assert "".join(each.text for each in found if each.kind != REMOVED) == new
        assert all(one.kind != other.kind for one, other in zip(found, found[1:], strict=False)), (
            "相邻的并成一块"
        )
        assert not (old == new and any(each.kind != SAME for each in found))


def chatter(length: int, alphabet: str, seed: int) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


HAN = "".join(chr(0x4E00 + n) for n in range(2_000))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("同\n" * 20_000, "同\n" * 19_000 + "异"),
        ("甲\n乙\n" * 9_000, "乙\n甲\n" * 8_000),
        (chatter(100_000, "甲乙丙丁", 1), chatter(100_000, "甲乙丙丁", 2)),
        (chatter(300_000, HAN, 1), chatter(300_000, HAN, 2)),
        ("，" * 80_000, "。，" * 40_000),
        (
            "\n".join(chatter(4_000, HAN, n) for n in range(60)),
            "\n".join(chatter(4_000, HAN, n + 100) for n in range(60)),
        ),
        (
            "\n".join(chatter(60, "政务公开，通知各县市", n) for n in range(4_000)),
            "\n".join(chatter(60, "政务公开，通知各县市", n + 9) for n in range(4_000)),
        ),
    ],
    ids=["一样的段", "交错的段", "四个字", "三十万字", "标点", "改写的长段", "四千段"],
)
def test_no_text_however_long_or_odd_keeps_anyone_waiting(old: str, new: str) -> None:
    began = time.process_time()
    found = comparison([item("正文", old)], [item("正文", new)])
    assert time.process_time() - began < 20
    assert found.changed


def test_many_long_items_share_one_effort() -> None:
    old = [item(str(n), chatter(3_000, "甲乙丙丁", n)) for n in range(40)]
    new = [item(str(n), chatter(3_000, "甲乙丙丁", n + 50)) for n in range(40)]
    began = time.process_time()
    assert len(comparison(old, new).changed) == 40
    assert time.process_time() - began < 20
