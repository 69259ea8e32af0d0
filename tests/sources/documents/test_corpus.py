"""别处政府的真实公文：读出的逐项对照手写的期望（见 tests/corpora/README.md）。"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from yangguang.foundation.files.extraction import read_text
from yangguang.sources.documents.rules import body_blocks, parse_document

CORPUS = Path(settings.PROJECT_ROOT) / "tests" / "corpora" / "documents"
CASES = sorted(folder for folder in CORPUS.iterdir() if (folder / "expected.json").exists())
FOLDED = str.maketrans("［[﹝【(（］]﹞】)）：；，", "〔〔〔〔〔〔〕〕〕〕〕〕:;,")


def folded(value: Any) -> Any:
    """各种括号折成一种，标点折成半角，空格去掉，如语料的约定。"""
    if isinstance(value, str):
        return re.sub(r"\s", "", value).translate(FOLDED)
    return [folded(item) for item in value] if isinstance(value, list) else value


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_stated_field_is_read_as_written_down_by_hand(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    read = parse_document(read_text(case / "source.txt").text).as_json()
    assert {name: folded(read[name]) for name in expected} == {
        name: folded(value) for name, value in expected.items()
    }


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_blocks_lose_no_sentence_of_the_text(case: Path) -> None:
    text = read_text(case / "source.txt").text
    kept = folded(
        "".join(
            "".join("".join(row) for row in block["rows"])
            if block["type"] == "table"
            else block["text"]
            for block in body_blocks(text)
        )
    )
    sentences = [s for line in text.split("\n") for s in re.findall(r"[^。\s|]{20,}。", line)]
    assert [s for s in sentences if folded(s) not in kept] == []
