"""每个地址 × 每个角色，GET 和 POST：行的办得成、留下痕迹，不行的是 404、什么也没变。

地址从路由里走出来，表里没有的就是失败：新开一个地址，必须写明谁行。
"""

from collections.abc import Iterator

import pytest
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
    calendar,
    contributions,
    curation,
    documents,
    library,
    links,
    lists,
    notices,
    pages,
    personnel,
    plans,
    screening,
    search,
    sharing,
    topics,
    versions,
)
from tests.access.table import EVERYONE, ROWS, Row
from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.workbench.registry import all_viewsets
from yangguang.hub.publications.models import Change

pytestmark = pytest.mark.django_db


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
def test_those_who_may_can_and_for_everyone_else_it_is_not_there(row: Row, town: Town) -> None:
    assert row.roles, "至少要有一个角色行"
    other = organisation("elsewhere")
    people = everyone(town)
    strangers = {role: actor(role, other) for role in Role.values}
    path = row.path(town)
    for role in Role.values:
        _check(row, path, town, people[role], role in row.roles)
        _check(row, path, town, strangers[role], row.elsewhere and role in row.roles)
    if row.elsewhere and row.roles == EVERYONE:
        return
    assert row.roles != EVERYONE, "每个角色都行的，须说明别处也行"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_a_visitor_who_has_not_signed_in_sees_nothing_of_it(row: Row, town: Town) -> None:
    if row.route in OPEN:
        return
    path = row.path(town)
    before = traces()
    client = Client(HTTP_HOST=row.host)
    response = (
        client.get(path) if row.method == "GET" else client.post(path, row.data(town, town.drafter))
    )
    assert response.status_code == (302 if row.method == "GET" or row.route in PLAIN else 401)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/workbench/sign-in/")
    assert traces() == before


OPEN = {
    "asset", "workbench:asset", "accounts:sign-in", "accounts:passkey-ask", "accounts:passkey", "personnel:join", "search:search", "search:suggest",
    *(row.route for row in api.READS),
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


def _check(row: Row, path: str, town: Town, who: Actor, may: bool) -> None:
    desk = sign_in(who)
    desk.client.defaults["HTTP_HOST"] = row.host
    label = f"{row.method} {path} {who.role}@{who.organisation_id}"
    with transaction.atomic():
        before = traces()
        last = AuditEvent.objects.aggregate(Max("pk"))["pk__max"] or 0
        if row.method == "GET":
            response = desk.client.get(path)
        else:
            response = desk.client.post(path, row.data(town, who))
        after = traces()
        beside = [desk.client.get(each, headers=how).status_code for each, how in parts(row, path)]
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
    else:
        assert response.status_code == row.answer, label
        assert row.event in events, label
