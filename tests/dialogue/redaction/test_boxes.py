"""遮盖框的写法和毛病。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.dialogue.redaction.boxes import (
    LEAST,
    MOST_BOXES,
    Box,
    faults,
    from_percent,
    from_stored,
    from_text,
    to_store,
    withheld_faults,
)

fractions = st.integers(0, 99_000).map(lambda n: n / 100_000)


@given(page=st.integers(1, 300), x=fractions, y=fractions, kind=st.sampled_from(["drawn", "word"]))
def test_a_box_survives_the_form_and_the_database(page: int, x: float, y: float, kind: str) -> None:
    box = Box(page, x, y, 0.01, 0.01, kind)
    assert from_text(str(box)) == box
    assert from_stored(to_store([box, box])) == [box]
    assert faults([box], 300) == []


@given(x=fractions, y=fractions, width=st.integers(1, 5000), height=st.integers(1, 5000))
def test_the_painted_pixels_hold_the_box_and_stay_on_the_picture(
    x: float, y: float, width: int, height: int
) -> None:
    box = Box(1, x, y, 0.01, 0.01)
    left, top, right, bottom = box.pixels(width, height)
    assert 0 <= left <= x * width and 0 <= top <= y * height
    assert min(width, (x + 0.01) * width) <= right + 1e-6 and right <= width
    assert bottom <= height and right > left and bottom > top


@pytest.mark.parametrize(
    "value", ["", "1:0:0:1", "x:0:0:1:1:drawn", "1:nan:0:1:1:drawn", "1:0:0:1:1:unknown"]
)
def test_what_is_not_a_box_is_not_read(value: str) -> None:
    assert from_text(value) is None


@pytest.mark.parametrize(
    ("box", "told"),
    [
        (Box(3, 0, 0, 0.1, 0.1), "没有第 3 页，文件共 2 页。"),
        (Box(1, 0.95, 0, 0.1, 0.1), "第 1 页有一个框超出了页面或者太小，请重画。"),
        (Box(1, -0.1, 0, 0.1, 0.1), "第 1 页有一个框超出了页面或者太小，请重画。"),
        (Box(1, 0, 0, LEAST / 2, 0.1), "第 1 页有一个框超出了页面或者太小，请重画。"),
    ],
)
def test_a_box_off_the_page_or_too_small_is_told(box: Box, told: str) -> None:
    assert faults([box], 2) == [told]


def test_too_many_boxes_and_missing_pages_are_told() -> None:
    assert "最多" in faults([Box(1, 0, 0, 0.1, 0.1)] * (MOST_BOXES + 1), 1)[0]
    assert withheld_faults([1, 3], 2) == ["没有第 3 页，文件共 2 页。"]


def test_percentages_are_what_the_officer_reads_and_types() -> None:
    box = from_percent(1, 12.5, 20, 30, 5)
    assert box == Box(1, 0.125, 0.2, 0.3, 0.05)
    assert box.percent() == {"左": "12.5", "上": "20.0", "宽": "30.0", "高": "5.0"}
