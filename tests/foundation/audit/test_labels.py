"""审计里的动作都说得出中文：代码里写得出来的，一个也不照写代号。"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yangguang
from yangguang.foundation.audit.labels import action_label

SOURCE = Path(yangguang.__file__).parent
ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def recorded() -> Iterator[str]:
    """代码里记审计时写明的动作。"""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if (
                called in {"record", "record_event"}
                and isinstance(first, ast.Constant)
                and ACTION.fullmatch(str(first.value))
            ):
                yield str(first.value)


def test_every_action_the_code_records_has_a_chinese_name() -> None:
    found = set(recorded())
    assert len(found) > 30
    assert sorted(each for each in found if action_label(each) == each) == []
