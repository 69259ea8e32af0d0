"""审计里的动作都说得出中文：代码里写得出来的，一个也不照写代号。"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

import yangguang
from yangguang.foundation.audit.labels import DETAILS, action_label, field_label, value_text

SOURCE = Path(yangguang.__file__).parent
ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """代码里记审计的地方。"""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in {"record", "record_event"}:
                yield path, node


def recorded() -> Iterator[str]:
    """代码里记审计时写明的动作。"""
    for _, node in calls():
        first = node.args[0]
        if isinstance(first, ast.Constant) and ACTION.fullmatch(str(first.value)):
            yield str(first.value)


def details() -> Iterator[tuple[str, str]]:
    """记审计时写明的字段：在哪个应用里，叫什么。"""
    for path, node in calls():
        app = path.relative_to(SOURCE).parts[1]
        for given in node.keywords:
            if given.arg in {"public", "personal"} and isinstance(given.value, ast.Dict):
                names = given.value.keys
            elif given.arg == "fields" and isinstance(given.value, ast.Tuple):
                names = given.value.elts
            else:
                continue
            for name in names:
                if isinstance(name, ast.Constant):
                    yield app, str(name.value)


def test_every_action_the_code_records_has_a_chinese_name() -> None:
    found = set(recorded())
    assert len(found) > 30
    assert sorted(each for each in found if action_label(each) == each) == []


def test_every_detail_the_code_records_has_a_chinese_name() -> None:
    own = {
        (model._meta.app_label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if re.search("[一-鿿]", str(getattr(field, "verbose_name", "")))
    }
    found = set(details())
    assert len(found) > 60
    assert sorted(each for each in found if each not in own and each[1] not in DETAILS) == []


def test_a_field_is_called_as_on_its_own_record_and_a_code_by_its_name() -> None:
    document = "documents.officialdocument"
    assert field_label(document, "title") == "标题"
    assert field_label(document, "from") == "原来"
    assert value_text(document, "from", "draft") == "起草"
    assert value_text(document, "disclosure", "proactive") == "主动公开"
    assert value_text("", "columns", ["公告", "政策"]) == "公告、政策"
    assert value_text("", "includes_subtree", True) == "是"
    assert value_text(document, "provisional", {"from": False, "to": True}) == "原来否，现在是"
