"""消息中心：只有自己的，打开就看过，标记，未读的件数，换身份；一条渠道也没有接通时的设置页。"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actors import actor, organisation
from tests.foundation.notify.conftest import messages
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.workbench import menu

pytestmark = pytest.mark.django_db
LIST = "/workbench/messages/"


@pytest.fixture
def desk(town: Town) -> Desk:
    for number in (1, 2, 3):
        perform(town.document(number), "submit", actor=town.drafter, key=f"submit-{number}")
    return sign_in(town.reviewer)


def page(desk: Desk, path: str) -> str:
    response = desk.get(path)
    assert response.status_code == 200
    found: str = response.content.decode()
    return found


def test_the_frame_says_how_many_are_unread_without_a_query_of_its_own(
    town: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(desk, "/workbench/")
    with CaptureQueriesContext(connection) as with_count:
        assert '<b class="count">3<span class="unseen"> 件没有看</span></b>' in page(
            desk, "/workbench/"
        )
    monkeypatch.setattr(menu, "_counted", {})
    with CaptureQueriesContext(connection) as without:
        assert 'class="count"' not in page(desk, "/workbench/")
    assert len(with_count) == len(without)
    assert 'class="count"' not in page(sign_in(town.drafter), "/workbench/")


def test_opening_a_message_marks_it_and_leads_to_the_record(town: Town, desk: Desk) -> None:
    told = messages(town.reviewer)[0]
    assert "共 3 条" in page(desk, LIST)
    response = desk.get(f"{LIST}{told.pk}/")
    assert response.status_code == 302
    assert response.headers["Location"] == told.href
    told.refresh_from_db()
    assert told.read_at is not None
    assert "符合条件的 2 条，共 3 条" in page(desk, LIST)
    assert "看过" in page(desk, f"{LIST}?state=all")


def test_what_is_done_is_no_longer_new_and_says_so(town: Town, desk: Desk) -> None:
    told = messages(town.reviewer)[0]
    record: Any = told.record_type.get_object_for_this_type(pk=told.record_id)  # type: ignore[union-attr]
    perform(record, "pass", actor=town.reviewer, key="pass")
    assert "符合条件的 2 条" in page(desk, LIST)
    assert "已经办了" in page(desk, f"{LIST}?state=all")


def test_marking_reads_and_unreads_only_my_own(town: Town, desk: Desk) -> None:
    first, second, third = messages(town.reviewer)
    other = Message.objects.create(
        user_id=town.approver.user_id, kind="waiting", subject="documents.officialdocument",
        title="别人的", href="/workbench/", key="other", created_at=first.created_at,
    )  # fmt: skip
    desk.post(f"{LIST}mark/", {"do": "read", "pk": [first.pk, second.pk, other.pk]})
    assert [m.read_at is not None for m in messages(town.reviewer)] == [True, True, False]
    other.refresh_from_db()
    assert other.read_at is None
    answer = desk.post(f"{LIST}mark/", {"do": "unread", "pk": first.pk, "query": "state=all"})
    assert answer.redirect_chain == [(f"{LIST}?state=all", 302)]
    assert [m.read_at is not None for m in messages(town.reviewer)] == [False, True, False]
    desk.post(f"{LIST}mark/", {"do": "all"})
    assert all(m.read_at for m in messages(town.reviewer))
    assert desk.get(f"{LIST}{other.pk}/").status_code == 404
    assert "别人的" not in page(desk, f"{LIST}?state=all")
    assert "没有选中" in desk.post(f"{LIST}mark/", {"do": "read"}).content.decode()
    assert desk.client.post(f"{LIST}mark/", {"do": "x"}).status_code == 404


def test_a_message_for_another_post_of_mine_asks_to_change_first(town: Town, desk: Desk) -> None:
    told = messages(town.reviewer)[0]
    elsewhere = actor("reviewer", organisation("elsewhere"), username="x")
    RoleAssignment.objects.filter(pk=elsewhere.assignment_id).update(user=town.reviewer.user_id)
    second = RoleAssignment.objects.get(pk=elsewhere.assignment_id)
    desk.client.post("/workbench/identity/", {"assignment": second.pk})
    response = desk.client.get(f"{LIST}{told.pk}/", follow=True)
    assert response.redirect_chain[0][0].startswith("/workbench/identity/?next=%2Fworkbench%2F")
    assert "请先换身份" in response.content.decode()
    chosen = desk.client.post(
        "/workbench/identity/",
        {"assignment": town.reviewer.assignment_id, "next": told.href},
        follow=True,
    )
    assert chosen.status_code == 200
    assert User.objects.filter(pk=town.reviewer.user_id).exists()
    assert chosen.redirect_chain[-1][0] == told.href


def test_a_list_of_thirty_costs_the_same_as_one_of_three(town: Town, desk: Desk) -> None:
    page(desk, LIST)
    counts = []
    for numbers in (range(4, 5), range(5, 31)):
        for number in numbers:
            perform(town.document(number), "submit", actor=town.drafter, key=f"submit-{number}")
        with CaptureQueriesContext(connection) as queries:
            page(desk, LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_where_nothing_is_connected_the_settings_say_so(
    desk: Desk, nothing_connected: None
) -> None:
    assert "本平台没有接通电子邮件、短信和即时通讯" in page(desk, f"{LIST}settings/")
