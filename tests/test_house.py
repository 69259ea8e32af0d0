"""房屋的规矩：迁移与模型一致；模板和外键的字符串引用也守分层。"""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from yangguang.foundation.calendar import dated

SOURCE = Path(settings.PROJECT_ROOT) / "src" / "yangguang"
RANK = {"foundation": 0, "hub": 1, "sources": 2, "dialogue": 2, "outlets": 2, "oversight": 3}


@pytest.mark.django_db
def test_every_model_change_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def _may_use(user: str, used: str) -> bool:
    return user == used or RANK[used] < RANK[user]


def test_templates_extend_and_include_only_what_their_room_may_import() -> None:
    owners = {
        str(template.relative_to(folder)): _room(template)
        for kind in ("templates", "jinja2")
        for folder in SOURCE.glob(f"*/*/{kind}")
        for template in folder.rglob("*")
        if template.is_file()
    }
    reference = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
    wrong = []
    for kind in ("templates", "jinja2"):
        for template in SOURCE.glob(f"*/*/{kind}/**/*"):
            if template.is_file() and template.suffix in {".html", ".jinja", ".xml", ".txt"}:
                for name in reference.findall(template.read_text()):
                    if name in owners and not _may_use(_room(template), owners[name]):
                        wrong.append(f"{template.relative_to(SOURCE)} → {name}")
    assert wrong == []


def test_foreign_keys_point_only_at_rooms_below() -> None:
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("yangguang."):
            continue
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or not target or not target.__module__.startswith("yangguang."):
                continue
            if not _may_use(room, target.__module__.split(".")[1]):
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert wrong == []


def _written(tree: ast.AST) -> set[str]:
    """源码里直接赋值、或作为关键字参数写入的属性名。"""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.Call):
            names |= {word.arg for word in node.keywords if word.arg}
    return names


def test_a_due_date_is_written_by_the_calculator_alone() -> None:
    fields = {
        name for field in dated.registered() for name in (field.field, field.provisional_field)
    }
    assert {"publish_due", "publish_due_provisional"} <= fields
    wrong = [
        f"{path.relative_to(SOURCE)}：{name}"
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        for name in _written(ast.parse(path.read_text())) & fields
    ]
    assert wrong == []
    assert _written(ast.parse("document.publish_due = today")) & fields
    assert _written(ast.parse("records.update(publish_due=today)")) & fields


def test_every_dependency_says_what_it_is_for_and_nothing_else_is_listed() -> None:
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())
    wanted = {
        re.split(r"[\[<>=]", line)[0]
        for line in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"])
    }
    told = (SOURCE.parents[1] / "docs" / "dependencies.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", told, re.MULTILINE)
    listed = {name for row in rows for name in row.split("、")} - {"依赖", "---"}
    assert listed == wanted


def test_every_picture_of_the_guides_is_kept_and_every_one_kept_is_shown() -> None:
    docs = Path(settings.PROJECT_ROOT) / "docs"
    shown = {
        (guide.parent / path).resolve()
        for guide in docs.glob("guide/*.md")
        for path in re.findall(r"!\[.+?\]\((.+?)\)", guide.read_text("utf-8"))
    }
    assert shown == {path.resolve() for path in docs.glob("screenshots/guide-*.webp")}
