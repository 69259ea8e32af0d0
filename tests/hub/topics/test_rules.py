"""专题收哪些信息：条件之间要同时合，条件之内合一个就行；指定的在先，移出的更在先。"""

from datetime import date

import pytest

from yangguang.hub.topics.rules import (
    Candidate,
    Gathering,
    free_code,
    gathers,
    is_code,
    word_faults,
)

ITEM = Candidate(7, "关于义务教育招生的通知", 3, date(2020, 9, 28), frozenset({"open", "files"}))


@pytest.mark.parametrize(
    ("gathering", "wanted"),
    [
        (Gathering(), False),
        (Gathering(columns=frozenset({"open"})), True),
        (Gathering(columns=frozenset({"plans", "files"})), True),
        (Gathering(columns=frozenset({"plans"})), False),
        (Gathering(organisations=frozenset({3, 4})), True),
        (Gathering(organisations=frozenset({4})), False),
        (Gathering(words=("高考", "义务教育")), True),
        (Gathering(words=("高考",)), False),
        (Gathering(columns=frozenset({"open"}), words=("高考",)), False),
        (Gathering(columns=frozenset({"open"}), organisations=frozenset({4})), False),
        (Gathering(words=("义务教育",), until=date(2020, 9, 28)), True),
        (Gathering(words=("义务教育",), until=date(2020, 9, 27)), False),
        (Gathering(added=frozenset({7})), True),
        (Gathering(added=frozenset({7}), until=date(2020, 1, 1)), True),
        (Gathering(words=("义务教育",), excluded=frozenset({7})), False),
        (Gathering(added=frozenset({7}), excluded=frozenset({7})), False),
    ],
)
def test_what_a_topic_gathers(gathering: Gathering, wanted: bool) -> None:
    assert gathers(gathering, ITEM) is wanted


def test_a_code_makes_an_address_that_never_needs_escaping() -> None:
    assert all(map(is_code, ("yiwu-jiaoyu", "a", "2020")))
    assert not any(map(is_code, ("", "-a", "a-", "a--b", "A", "教育", "a/b", "a" * 61, "a\n")))


def test_a_topic_without_a_code_gets_the_first_free_number() -> None:
    assert free_code(frozenset()) == "zhuanti-1"
    assert free_code(frozenset({"zhuanti-1", "zhuanti-3"})) == "zhuanti-2"


def test_words_that_would_gather_everything_are_named() -> None:
    assert word_faults(["义务教育"]) == []
    assert "一个字" in word_faults(["的"])[0]
    assert "最多 20 个" in word_faults([f"字词{n}" for n in range(21)])[0]
    assert "最多 40 字" in word_faults(["长" * 41])[0]
