"""哪里不同：拼回去一字不差，标出来的合乎中文的读法。"""

import time

from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.workbench.differences import ADDED, REMOVED, SAME, compared, pieces

TEXT = st.text(alphabet="政务公开通知，。\n2020年月日ab ", max_size=60)


def marked(old: str, new: str) -> str:
    """去掉的写成［］，加上的写成【】。"""
    form = {SAME: "{}", REMOVED: "［{}］", ADDED: "【{}】"}
    return "".join(form[each.kind].format(each.text) for each in pieces(old, new))


@given(TEXT, TEXT)
def test_put_back_together_nothing_is_lost(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(each.text for each in found if each.kind != ADDED) == old
    assert "".join(each.text for each in found if each.kind != REMOVED) == new


@given(TEXT, TEXT)
def test_side_by_side_each_side_reads_as_its_text(old: str, new: str) -> None:
    pairs = compared(old, new)

    def side(name: str) -> list[str]:
        return [
            "".join(piece.text for piece in line)
            for pair in pairs
            if (line := getattr(pair, name)) is not None
        ]

    assert side("old") == ([each.rstrip() for each in old.split("\n")] if old else [])
    assert side("new") == ([each.rstrip() for each in new.split("\n")] if new else [])
    assert all(pair.is_same for pair in compared(old, old))


def test_a_changed_word_is_marked_and_the_rest_is_left_alone() -> None:
    assert marked("州教育局牵头，各县市配合。", "州民政局牵头，各县市配合。") == (
        "州［教育］【民政】局牵头，各县市配合。"
    )
    assert marked("于2020年9月25日前完成", "于2020年10月31日前完成") == (
        "于2020年［9月25］【10月31】日前完成"
    )


def test_numbers_dates_and_latin_words_change_as_a_whole() -> None:
    assert marked("共1,234件", "共1,235件") == "共［1,234］【1,235】件"
    assert marked("版本ab", "版本ac") == "版本［ab］【ac】"


def test_a_sentence_written_anew_is_not_chopped_into_single_characters() -> None:
    assert marked("请认真贯彻执行。", "望尽快研究落实，按时报送。") == (
        "［请认真贯彻执行］【望尽快研究落实，按时报送】。"
    )


def test_paragraphs_are_matched_with_what_they_became() -> None:
    old = "一、总体要求\n各县市要加强领导，落实责任。\n三、报送"
    new = "一、总体要求\n（新加的一段）\n各县市要切实加强领导，落实责任。\n三、报送"
    pairs = compared(old, new)
    assert [pair.old is None for pair in pairs] == [False, True, False, False]
    assert [piece.text for piece in pairs[2].new or () if piece.kind == ADDED] == ["切实"]


def test_a_long_document_is_compared_in_a_moment() -> None:
    old = "\n".join(
        f"第{n}条　各县市人民政府应当依法公开政府信息，及时准确。" * 4 for n in range(120)
    )
    new = old.replace("第7条", "第七条").replace("及时准确", "准确及时", 9)
    began = time.process_time()
    compared(old, new)
    assert len(old) > 12_000 and time.process_time() - began < 2
