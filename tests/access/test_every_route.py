"""每个地址 × 每个角色，GET 和 POST：行的办得成、留下痕迹，不行的是 404、什么也没变。

地址从路由里走出来，表里没有的就是失败：新开一个地址，必须写明谁行。
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import (  # noqa: F401  载入即登记
    accounts,
    administration,
    alerts,
    api,
    articles,
    asking,
    calendar,
    codes,
    columns,
    compilations,
    contributions,
    curation,
    disclosures,
    documents,
    funds,
    gazette,
    interpretations,
    ledger,
    letters,
    library,
    links,
    lists,
    norms,
    notices,
    openings,
    pages,
    personnel,
    plans,
    redaction,
    remedies,
    requests,
    residents,
    screening,
    search,
    sharing,
    sites,
    topics,
    versions,
)
from tests.access.table import EVERYONE, ROWS, Row
from tests.actors import actor, organisation
from tests.english import english_in, spoken
from tests.town import Town, founded
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.models import Role, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.oidc.claims import Identity
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.residents.models import ResidentSession
from yangguang.foundation.residents.rules import Paper, Person, RealName
from yangguang.foundation.residents.services import enter
from yangguang.foundation.residents.sessions import open_session
from yangguang.foundation.workbench.registry import all_viewsets
from yangguang.hub.publications.models import Change

pytestmark = pytest.mark.django_db
FRESH = 180
"""登录好的会话，这么多秒之内当作刚刚登录的；再久就重新登录，不让“十分钟之内证明过是本人”过了时候。"""


@dataclass
class World:
    """一个小州，每个角色在本机构、在别处各一个人，都登录好了。"""

    town: Town
    people: dict[str, Actor]
    strangers: dict[str, Actor]
    desks: dict[int, Desk]
    since: float

    def sign_in(self) -> None:
        """各人重新登录。"""
        who = (*self.people.values(), *self.strangers.values())
        self.desks = {each.assignment_id: sign_in(each) for each in who}
        self.since = time.monotonic()

    def client(self, who: Actor, host: str) -> Client:
        """此人的浏览器，只带着登录时的 Cookie：上一次留下的不算。"""
        client = Client(HTTP_HOST=host)
        held = self.desks[who.assignment_id].client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = held
        return client


@pytest.fixture(scope="module")
def founding(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """全表合用的世界：建一次，各行在自己的保存点里办，办完退回来。"""
    with django_db_blocker.unblock(), transaction.atomic():
        town, other = founded(), organisation("elsewhere")
        strangers = {role: actor(role, other) for role in Role.values}
        world = World(town, everyone(town), strangers, {}, 0.0)
        world.sign_in()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(founding: World, db: None) -> Iterator[World]:
    """一行的世界：办完退回原样。"""
    desks, since = founding.desks, founding.since
    if time.monotonic() - since > FRESH:
        founding.sign_in()
    yield founding
    founding.desks, founding.since = desks, since


def routes(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, space + inner)
        else:
            assert pattern.name, f"地址 {pattern.pattern} 没有名字"
            yield space + pattern.name


def traces() -> tuple[int, int, int]:
    """改动会留下的痕迹有多少。"""
    return AuditEvent.objects.count(), TransitionRecord.objects.count(), Change.objects.count()


def test_every_route_is_in_the_table() -> None:
    listed = {row.route for row in ROWS} | api.KEYS_ONLY
    assert set(routes(get_resolver().url_patterns)) == listed


def everyone(town: Town) -> dict[str, Actor]:
    return {
        role: getattr(town, role, None) or actor(role, town.organisation) for role in Role.values
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_those_who_may_can_and_for_everyone_else_it_is_not_there(row: Row, world: World) -> None:
    assert row.roles, "至少要有一个角色行"
    path = row.path(world.town)
    if row.route.startswith("accounts:"):
        # 备料时换了口令、绑定，原来的会话就不作数了
        world.sign_in()
    for role in Role.values:
        _check(row, path, world, world.people[role], role in row.roles)
        _check(row, path, world, world.strangers[role], row.elsewhere and role in row.roles)
    if row.elsewhere and row.roles == EVERYONE:
        return
    assert row.roles != EVERYONE, "每个角色都行的，须说明别处也行"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_a_visitor_who_has_not_signed_in_sees_nothing_of_it(row: Row, world: World) -> None:
    if row.route in OPEN:
        return
    town = world.town
    path = row.path(town)
    client = Client(HTTP_HOST=row.host)
    # 实名登录着的公众，在工作台也只是没有登录的人
    client.cookies[settings.RESIDENT_COOKIE] = resident()
    before = traces()
    response = (
        client.get(path) if row.method == "GET" else client.post(path, row.data(town, town.drafter))
    )
    assert response.status_code == (302 if row.method == "GET" or row.route in PLAIN else 401)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/workbench/sign-in/")
    assert traces() == before


def resident() -> str:
    """一个实名登录着的公众，返回他的 Cookie。"""
    open_session(None, {})
    person = Person("某人", Paper("passport", "E12345678"))
    return enter(
        Identity("https://id.example", "citizen", "", ""), RealName(person, "in_person"),
        before=ResidentSession.objects.latest("pk"),
    )  # fmt: skip


OPEN = {
    "asset", "workbench:asset", "accounts:sign-in", "accounts:passkey-ask", "accounts:passkey", "personnel:join", "search:search", "search:suggest",
    "residents:sign-in", "residents:sign-in-go", "residents:sign-in-back", "residents:me", "residents:sign-out", "residents:leave",
    *(row.route for row in api.READS),
    *(row.route for row in ROWS if row.route.startswith(("requests:", "letters:"))),
}  # fmt: skip
"""不登录就能看的。"""
PLAIN = {
    "accounts:sign-out", "accounts:identity", "accounts:password", "accounts:end-session",
    "accounts:end-other-sessions", "accounts:second-step", "accounts:set-up", "accounts:codes",
    "accounts:totp-remove", "accounts:passkey-new-ask", "accounts:passkey-new",
    "accounts:passkey-remove", "accounts:sign-on-bind", "accounts:sign-on-unbind",
}  # fmt: skip
"""没有登录就提交，转去登录的。"""


LISTS = {f"workbench:{viewset.slug}": viewset for viewset in all_viewsets()}


def parts(row: Row, path: str) -> list[tuple[str, dict[str, str]]]:
    """列表另有的局部和导出：谁看得到列表，谁就看得到它们，别人一样没有。"""
    if row.method != "GET" or row.route not in LISTS:
        return []
    exports = [(f"{path}export.xlsx", {})] if LISTS[row.route].is_exported else []
    return [(path, {"HX-Request": "true"}), *exports]


FOR_PROGRAMS = ("api:", "api_pages:", "accounts:set-up")
"""给程序看的文档，和要抄进手机的密钥：本来就是英文字母。"""
CODE = r"https?://\S*|/[\w/-]+|\w+(?:[.-]\w+)+"
"""网址、地址、作业名、用户名和网站代号的例子。"""
GIVEN = {"access", "ICP", "png", "chinesecalendar", "yongjing"}
"""本表里用的幂等键，备案的名称，文件名的后缀，节假日的出处，网站代号的例子。"""


def english(row: Row, response: Any) -> set[str]:
    """页面上的英文；场景里的人和机构的名字不算，不是页面的没有。"""
    page = response.content.decode() if response["Content-Type"].startswith("text/html") else ""
    if row.route.startswith(FOR_PROGRAMS) or not page.strip():
        return set()
    text = spoken(page)
    names = User.objects.values_list("display_name", "username")
    short = Organisation.objects.values_list("short_name", flat=True)
    for name in sorted({*short, *(each for pair in names for each in pair)}, key=len, reverse=True):
        text = text.replace(name, "")
    return english_in(re.sub(CODE, "", text)) - GIVEN


def _check(row: Row, path: str, world: World, who: Actor, may: bool) -> None:
    client = world.client(who, row.host)
    label = f"{row.method} {path} {who.role}@{who.organisation_id}"
    with transaction.atomic():
        before = traces()
        last = AuditEvent.objects.aggregate(Max("pk"))["pk__max"] or 0
        if row.method == "GET":
            response = client.get(path)
        else:
            response = client.post(path, row.data(world.town, who))
        after = traces()
        beside = [client.get(each, headers=how).status_code for each, how in parts(row, path)]
        events = set(AuditEvent.objects.filter(pk__gt=last).values_list("action", flat=True))
        transaction.set_rollback(True)
    if not may:
        assert response.status_code == 404, label
        assert after == before, f"{label}：不该有改动"
        assert set(beside) <= {404}, f"{label}：局部和导出"
    elif not row.event:
        assert response.status_code in (200, 302), label
        assert after == before, f"{label}：只是看"
        assert set(beside) <= {200}, f"{label}：局部和导出"
        assert english(row, response) == set(), f"{label}：英文"
    else:
        assert response.status_code == row.answer, label
        assert row.event in events, label
