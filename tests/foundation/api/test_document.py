"""接口的文档：提交的那一份就是现在的；照着它随意请求，应答都合它所说，不出程序错误。"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis import GenerationMode, checks

from tests.api import HANDED, Api, publish, withdraw
from tests.drilling import count, tell
from tests.town import Town
from yangguang.foundation.api.document import document, text
from yangguang.hub.search.indexer import catch_up

COMMITTED = Path(settings.PROJECT_ROOT) / "docs" / "openapi.json"
USUAL = 25
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.ignored_auth,
)


def test_the_committed_document_is_the_present_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == text(), "请运行 make openapi"


def test_the_command_writes_and_checks_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "openapi.json"
    call_command("openapi", write=str(path))
    call_command("openapi", check=str(path))
    path.write_text("{}")
    with pytest.raises(SystemExit) as stopped:
        call_command("openapi", check=str(path))
    assert stopped.value.code == 1
    capsys.readouterr()
    call_command("openapi", json=True)
    assert json.loads(capsys.readouterr().out) == document()


def test_every_parameter_field_and_route_is_explained_in_chinese() -> None:
    untold: list[str] = []

    def look(where: str, told: dict[str, Any]) -> None:
        words = told.get("description", "")
        if not any("\u4e00" <= letter <= "\u9fff" for letter in words):
            untold.append(where)

    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            look(f"{method} {path}", operation)
            for parameter in operation["parameters"]:
                look(f"{path} {parameter['name']}", parameter)
            for status, response in operation["responses"].items():
                look(f"{path} {status}", response)
    for name, schema in document()["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            look(f"{name}.{field}", told)
    assert untold == []


@pytest.mark.django_db
def test_the_served_document_is_the_same(visitor: Api) -> None:
    assert visitor.get("/openapi.json").content.decode() == text()


@contextmanager
def kept_connection() -> Iterator[None]:
    """请求完了不关数据库：测试的改动都在这一个连接的事务里。"""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(town: Town, system: Api) -> str:
    """有公开的、撤回的、草稿的，还有一把密钥。"""
    documents = [publish(town, number) for number in (1, 2, 3)]
    withdraw(town, documents[2])
    town.document(9)
    catch_up()
    assert system.hand_in(HANDED).status_code == 201
    return system.key


def conforms(key: str, examples: int) -> int:
    """照文档随意请求，每个地址 ``examples`` 种；返回一共请求了多少次。"""
    with kept_connection():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        return sum(_ask(found.ok(), key, examples) for found in schema.get_all_operations())


def _ask(operation: Any, key: str, examples: int) -> int:
    asked = 0

    def ask(case: schemathesis.Case) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(checks=list(CHECKS), headers={"Authorization": f"Bearer {key}"})

    wanted, unwanted = (operation.as_strategy(generation_mode=m) for m in GenerationMode)
    run = hypothesis.given(case=wanted | unwanted)(ask)
    hypothesis.settings(
        max_examples=examples, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )(run)()  # fmt: skip
    return asked


@pytest.mark.django_db
def test_whatever_is_asked_the_answer_is_as_the_document_says(key: str) -> None:
    assert conforms(key, USUAL) > 0


@pytest.mark.drill
@pytest.mark.django_db
def test_whatever_is_asked_again_and_again(key: str) -> None:
    examples = count("API", 1_000)
    tell("api", count=conforms(key, examples), operations=len(list(operations())))


def operations() -> Iterator[str]:
    for methods in document()["paths"].values():
        yield from methods
