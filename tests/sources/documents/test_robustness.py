"""怎样的文字都读得完、不出错：打乱的真实公文、任意文字、没完没了的重复。"""

import time
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.documents.rules import body_blocks, parse_document

LINES = [
    line
    for source in sorted(
        (Path(settings.PROJECT_ROOT) / "tests/corpora/documents").glob("*/source.txt")
    )
    for line in source.read_text(encoding="utf-8").split("\n")
]
FRAGMENTS = [
    "关于", "的通知", "（", "）", "〔2020〕", "1号", "：", "。", "\n", " ", "\u3000", "市人民政府", "二〇二〇年", "三月", "31日", "附件：1.", "（此件公开发布）",
    "索引号", "|", "各县、区", "第", "令", "《", "》",
]  # fmt: skip


def _check(text: str) -> None:
    read = parse_document(text)
    body_blocks(text)
    assert set(read.uncertain) <= set(read.as_json())
    assert read.title is None or "\n" not in read.title
    assert (read.disclosure is None) or read.disclosure in ("proactive", "on_request", "withheld")


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_shuffled_lines_of_real_documents_are_read_without_an_error(lines: list[str]) -> None:
    _check("\n".join(lines))


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=80))
def test_fragments_of_documents_are_read_without_an_error(pieces: list[str]) -> None:
    _check("".join(pieces))


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    _check(text)


@pytest.mark.parametrize(
    "unit",
    ["（", "）", "、", "，", "。", "1", "１", "〇", "二", " ", "\u3000", "关于", "通知", "局", "各县、", "（此件", "2020年", "〔2020〕", "东政发〔2020〕1号", "附件：", "1.", "市人民政府 ", "甲 ", "2 0 2 0 年 ", "| ", "|\n", "索引号", "序号\n"],
)  # fmt: skip
def test_reading_time_grows_no_faster_than_the_text(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    begun = time.process_time()
    parse_document(text)
    assert time.process_time() - begun < 3
