"""别的政府的真实方案：逐键对照先写好的期望（``tests/corpora``）。期望里没有的键不比。"""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from yangguang.oversight.plans.rules import parse_plan

CASES = sorted((Path(__file__).parents[2] / "corpora" / "plans").glob("*/source.txt"))


def _folded(text: str) -> str:
    """全角半角、各种括号和空格折成一种。"""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[〔［﹝【\[]", "(", re.sub(r"[〕］﹞】\]]", ")", text))
    return re.sub(r"\s+", "", text)


def _differences(expected: Any, found: Any, where: str = "") -> list[str]:
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{where}：应为 {expected}，读出 {found}"]
        return [
            difference
            for key, value in expected.items()
            for difference in _differences(value, found.get(key), f"{where}.{key}")
        ]
    if isinstance(expected, list):
        if not isinstance(found, list) or len(expected) != len(found):
            return [f"{where}：应为 {expected}，读出 {found}"]
        return [
            difference
            for index, (value, other) in enumerate(zip(expected, found, strict=True))
            for difference in _differences(value, other, f"{where}[{index}]")
        ]
    if isinstance(expected, str) and isinstance(found, str):
        return (
            []
            if _folded(expected) == _folded(found)
            else [f"{where}：应为 {expected}，读出 {found}"]
        )
    return [] if expected == found else [f"{where}：应为 {expected}，读出 {found}"]


def test_there_are_at_least_ten_plans_of_other_governments() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("source", CASES, ids=lambda path: path.parent.name)
def test_a_real_plan_of_another_government_is_read_as_expected(source: Path) -> None:
    expected = json.loads((source.parent / "expected.json").read_text(encoding="utf-8"))
    found = parse_plan(source.read_text(encoding="utf-8")).as_json()
    assert _differences(expected, found) == []
