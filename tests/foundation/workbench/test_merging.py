"""两个人同时改：谁动了什么，合起来一样不丢。"""

from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.workbench.merging import merged

VALUES = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.sampled_from(["甲", "乙", ""]), max_size=2)
)


def test_what_only_the_other_changed_is_taken_and_what_only_i_changed_stays() -> None:
    base = {"标题": ["旧"], "主题": ["旧"], "栏目": ["1", "2"], "正文": ["一\r\n二"]}
    mine = {"标题": ["我的"], "主题": ["旧 "], "栏目": ["2", "1"], "正文": ["一\n二"]}
    theirs = {"标题": ["旧"], "主题": ["他的"], "栏目": ["3"], "正文": ["一\n二"]}
    found = merged(base, mine, theirs)
    assert found.values == {"标题": ["我的"], "主题": ["他的"], "栏目": ["3"], "正文": ["一\n二"]}
    assert (found.taken, found.clashing) == (["主题", "栏目"], [])


def test_what_both_changed_differently_clashes_and_alike_does_not() -> None:
    found = merged(
        {"a": ["旧"], "b": ["旧"]}, {"a": ["甲"], "b": ["乙"]}, {"a": ["甲"], "b": ["丙"]}
    )
    assert (found.values["b"], found.taken, found.clashing) == (["乙"], [], ["b"])


def test_without_the_first_state_every_difference_is_shown() -> None:
    found = merged(None, {"a": ["甲"], "b": ["同"]}, {"a": ["乙"], "b": ["同"]})
    assert found.clashing == ["a"] and found.values["a"] == ["甲"]


@given(VALUES, VALUES, VALUES)
def test_whatever_is_changed_is_in_the_form_or_shown(base: dict, mine: dict, theirs: dict) -> None:
    found = merged(base, mine, theirs)
    for name, value in mine.items():
        if name in found.taken:
            assert found.values[name] == list(theirs.get(name, []))
        else:
            assert found.values[name] == value
