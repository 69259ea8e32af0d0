"""正文的块与可改的文字互相转换。"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.documents.retyping import retyped, typed

BLOCKS: list[dict[str, Any]] = [
    {"type": "paragraph", "text": "各县市人民政府：", "style": "flush"},
    {"type": "heading", "level": 2, "text": "一、总体要求"},
    {"type": "paragraph", "text": "认真落实。", "style": "plain"},
    {"type": "table", "rows": [["序号", "事项"], ["1", "公开"]]},
    {"type": "paragraph", "text": "临夏州人民政府办公室", "style": "right"},
]

words = st.text("一二三公开政务办理，。", min_size=1, max_size=12)
cells = st.text("一二三公开", max_size=4)
paragraphs = st.builds(
    lambda text, style: {"type": "paragraph", "text": text, "style": style},
    words,
    st.sampled_from(["plain", "right", "center", "flush"]),
)
tables = st.integers(2, 4).flatmap(
    lambda width: st.builds(
        lambda rows: {"type": "table", "rows": rows},
        st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=3),
    )
)


def separated(blocks: list[dict[str, Any]]) -> bool:
    return all(
        not (a["type"] == b["type"] == "table") for a, b in zip(blocks, blocks[1:], strict=False)
    )


@given(st.lists(st.one_of(paragraphs, tables), max_size=8).filter(separated))
def test_text_that_nobody_touched_turns_back_into_the_same_blocks(
    blocks: list[dict[str, Any]],
) -> None:
    assert retyped(typed(blocks), blocks) == blocks


def test_a_changed_word_keeps_the_look_of_its_paragraph() -> None:
    text = typed(BLOCKS).replace("办公室", "")
    assert retyped(text, BLOCKS)[-1] == {**BLOCKS[-1], "text": "临夏州人民政府"}


def test_a_new_line_is_a_heading_if_it_is_written_as_one() -> None:
    lines = typed(BLOCKS).split("\n")
    lines[3:3] = ["（一）加强领导", "新的一段。"]
    made = retyped("\r\n".join(lines), BLOCKS)
    assert made[3] == {"type": "heading", "level": 3, "text": "（一）加强领导"}
    assert made[4] == {"type": "paragraph", "text": "新的一段。", "style": "plain"}
    assert made[5] == BLOCKS[3]


def test_a_row_added_to_a_table_stays_in_the_table_and_short_rows_are_filled() -> None:
    text = typed(BLOCKS).replace("| 1 | 公开 |", "| 1 | 公开 |\n2 | 解读 | 备注")
    assert retyped(text, BLOCKS)[3]["rows"] == [
        ["序号", "事项", ""],
        ["1", "公开", ""],
        ["2", "解读", "备注"],
    ]
