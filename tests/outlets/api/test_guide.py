"""接口的说明：页面上有全部地址、字段和错误；指南里的命令条条照样运行得出。"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from tests.api import Api, publish, withdraw
from tests.town import Town
from yangguang.foundation.api.document import document
from yangguang.foundation.api.forms import USUAL_PER_MINUTE
from yangguang.foundation.api.problems import KINDS
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.models import Publication
from yangguang.hub.search.indexer import catch_up
from yangguang.outlets.api import views
from yangguang.settings import base

pytestmark = pytest.mark.django_db
GUIDE = Path(settings.PROJECT_ROOT) / "docs" / "guide" / "api.md"
BASE = "https://www.example.gov.cn"


@pytest.fixture(autouse=True)
def fresh_frame() -> None:
    """框架不从别的测试带过来。"""
    views._press.cache_clear()


@pytest.fixture
def page(town: Town) -> html.HtmlElement:
    response = Client().get("/api/")
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_the_page_tells_every_route_parameter_field_and_problem(page: html.HtmlElement) -> None:
    codes = {each.text_content() for each in page.iter("code")}
    ids = {each.get("id") for each in page.iter() if each.get("id")}
    for path, methods in document()["paths"].items():
        assert path in codes
        for operation in methods.values():
            assert operation["operationId"] in ids
            assert {p["name"] for p in operation["parameters"]} <= codes
    for schema in document()["components"]["schemas"].values():
        assert set(schema["properties"]) <= codes
    assert {kind.code for kind in KINDS.values()} <= ids


def test_every_link_within_the_page_has_its_place(page: html.HtmlElement) -> None:
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    anchors = {href[1:] for href in page.xpath("//main//a/@href") if href.startswith("#")}
    assert anchors and anchors <= set(ids)


def test_the_page_is_chinese_and_loads_nothing_from_elsewhere(page: html.HtmlElement) -> None:
    text = re.sub(r"curl[^\n]*", "", page.xpath("//main")[0].text_content())
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", text), "没有英文的句子"
    loaded = page.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src")
    assert all(address.startswith("/") for address in loaded)
    assert not page.xpath("//style | //*[@style] | //script[not(@src)]")


def test_without_a_site_the_page_says_so(db: None) -> None:
    response = Client().get("/api/")
    assert response.status_code == 503
    assert "没有" in response.content.decode()
    assert Client().post("/api/").status_code == 405


@dataclass
class Command:
    """指南里的一条 curl。"""

    status: int
    method: str = "GET"
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    query: list[tuple[str, str]] = field(default_factory=list)


def commands(text: str, variables: dict[str, str]) -> Iterator[Command]:
    """逐条读出；不认识的选项是错误。``variables`` 可以在取的中间变。"""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if not line.startswith("curl "):
                continue
            told, _, status = line.rpartition("  # ")
            for name, value in variables.items():
                told = told.replace(f"${name}", value)
            yield _read(shlex.split(told)[1:], int(status))


def _read(words: list[str], status: int) -> Command:
    command = Command(status)
    rest = iter(words)
    for word in rest:
        if word == "-X":
            command.method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            command.headers[name] = value
        elif word == "-d":
            command.body = next(rest)
        elif word == "--data-urlencode":
            name, _, value = next(rest).partition("=")
            command.query.append((name, value))
        elif word not in ("-i", "-G"):
            assert not word.startswith("-"), f"测试不认识 {word}"
            command.address = word
    return command


def test_every_command_of_the_guide_does_what_the_guide_says(town: Town, system: Api) -> None:
    publish(town, 1)
    withdraw(town, publish(town, 2))
    seal_all()
    catch_up()
    text = GUIDE.read_text(encoding="utf-8")
    shown, gone = Publication.objects.order_by("pk").values_list("pk", flat=True)
    text = re.sub(
        r'publications/([12])"', lambda m: f'publications/{shown if m[1] == "1" else gone}"', text
    )
    variables = {"BASE": BASE, "KEY": system.key, "ETAG": ""}
    done = 0
    for command in commands(text, variables):
        path = command.address.removeprefix(BASE)
        assert path.startswith("/api/v1/")
        if command.query:
            path += "?" + urlencode(command.query)
        kind = command.headers.pop("Content-Type", "")
        response = Client().generic(
            command.method, path, command.body, kind, headers=command.headers
        )
        assert response.status_code == command.status, (command, response.content.decode())
        variables["ETAG"] = response.headers.get("ETag", "").replace('"', '\\"')
        done += 1
    assert done >= 15


def test_the_guide_names_the_limits_that_hold() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert f"每分钟 {base.API_PER_MINUTE_ANONYMOUS} 次" in text
    assert f"默认 {USUAL_PER_MINUTE}" in text
