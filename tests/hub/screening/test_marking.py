"""标在文字里：切开的段连起来就是原文；位置说得出在哪里；遮盖以后再也查不出。"""

from hypothesis import given
from hypothesis import strategies as st

from tests.foundation.screening.test_rules import MADE_UP
from yangguang.foundation.files.extracted import Passage
from yangguang.foundation.screening.rules import Finding, screen
from yangguang.hub.screening.kinds import GATE_OF, GATES, KINDS, MASKED, NEVER
from yangguang.hub.screening.marking import pieces
from yangguang.hub.screening.places import passages_of
from yangguang.hub.screening.services import masked_text
from yangguang.hub.screening.wording import UNTOLD, excerpt, sentence

SPOTS = st.lists(
    st.builds(
        lambda start, size: Finding("typo", "warn", "", start, start + size, ""),
        st.integers(0, 25),
        st.integers(0, 8),
    ),
    max_size=6,
)


@given(st.text(max_size=20), SPOTS)
def test_the_pieces_put_together_are_the_text(text: str, spots: list[Finding]) -> None:
    cut = pieces(text, spots)
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)
    marked = {spot.start for spot in spots if spot.start < min(spot.end, len(text))}
    assert {p.spot.start for p in cut if p.spot} <= marked


PIECES = st.sampled_from([MADE_UP, "13800138000", "138 0013 8000", "甲", "，", " ", "1", "文号81"])


@given(st.lists(PIECES, max_size=8).map("".join))
def test_what_was_masked_is_never_found_again_and_keeps_its_length(text: str) -> None:
    masked = masked_text(text)
    assert len(masked) == len(text)
    assert not [f for f in screen(masked) if f.kind in MASKED]
    assert masked_text(masked) == masked


def test_every_place_of_a_payload_is_named_once_and_lone_dates_are_not_prose() -> None:
    payload = {
        "title": "标题", "written_on": "2020-09-25", "issuers": ["甲", "乙"], "form": "通知",
        "disclosure": "proactive", "stage": "decision", "validity": "effective", "remark": "ok",
        "attachments": [{"name": "表.xlsx", "sha256": "ab", "size": 1, "media_type": "x"}],
        "body": [
            {"type": "paragraph", "text": "一", "style": "plain"},
            {"type": "table", "rows": [["二", ""], ["三", "四"]]},
            {"type": "paragraph", "text": "五", "style": "plain"},
        ],
    }  # fmt: skip
    assert list(passages_of(payload)) == [
        Passage("标题", "标题"),
        Passage("正文第 1 段", "一"),
        Passage("正文表 1 第 1 行第 1 格", "二"),
        Passage("正文表 1 第 2 行第 1 格", "三"),
        Passage("正文表 1 第 2 行第 2 格", "四"),
        Passage("正文第 2 段", "五"),
        Passage("附件名称", "表.xlsx"),
        Passage("发文机关", "甲"),
        Passage("发文机关", "乙"),
        Passage("其他内容", "通知"),
        Passage("其他内容", "ok"),
    ]


def test_what_is_told_repeats_neither_a_mark_nor_a_number() -> None:
    mark = Finding("secret_mark", "block", "机密★1年", 0, 5, "")
    number = Finding("identity_number", "block", MADE_UP, 0, 18, "")
    assert excerpt(mark) == UNTOLD
    assert MADE_UP not in excerpt(number) and excerpt(number).startswith(MADE_UP[:3])
    for found in (mark, number):
        assert found.text not in sentence(found.kind, excerpt(found), found.suggestion)


def test_every_kind_has_a_gate_and_those_no_one_may_overrule_are_among_them() -> None:
    assert set(GATE_OF) == set(KINDS) and set(GATE_OF.values()) == set(GATES)
    assert NEVER | MASKED <= set(KINDS)
