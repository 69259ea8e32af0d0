"""密钥：只存摘要，发出时显示一次；撤销、过期、限址的立刻不能用；审计里都有。"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone

from tests.actors import actor, organisation
from tests.api import Api, Issue, fault
from tests.town import TEXT, Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.api.models import ApiKey
from yangguang.foundation.api.rules import Token
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db
PAGE = "/workbench/api-keys/"


def shown(page: Any) -> str:
    text = page.content.decode()
    start = text.index(">yg_") + 1
    return text[start : text.index("<", start)]


def filled(town: Town, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name": "县政府公文系统", "organisation": town.organisation.pk,
        "scopes": ["documents:write"], "networks": "", "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=90)).isoformat(), "per_minute": 60,
        "key": "form-1", **changes,
    }  # fmt: skip


@pytest.fixture
def desk(admin: Actor) -> Desk:
    return sign_in(admin)


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(town: Town, desk: Desk) -> None:
    page = desk.post(f"{PAGE}new/", filled(town))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    token = shown(page)
    assert Api(token).get("/sites").status_code == 200
    secret = Token.parse(token).secret
    kept = serialize("json", [*ApiKey.objects.all(), *AuditEvent.objects.all()])
    assert secret not in kept
    assert secret not in str(dict(desk.client.session))
    record = desk.get(f"{PAGE}{ApiKey.objects.get().pk}/").content.decode()
    assert secret not in record and f"yg_{Token.parse(token).prefix}" in record
    again = desk.post(f"{PAGE}new/", filled(town))
    assert "全文只显示一次" in again.content.decode() and secret not in again.content.decode()
    assert ApiKey.objects.count() == 1


def test_issuing_and_revoking_are_audited_with_who_and_what(
    town: Town, admin: Actor, desk: Desk
) -> None:
    desk.post(f"{PAGE}new/", filled(town, networks="10.1.0.0/16"))
    key = ApiKey.objects.get()
    desk.fill(f"{PAGE}{key.pk}/do/revoke/", message=["系统停用"])
    events = AuditEvent.objects.filter(target_type="api.apikey").order_by("pk")
    assert [e.action for e in events] == ["api_keys.create", "api_keys.issue", "api_keys.revoke"]
    assert {e.user_id for e in events} == {admin.user_id}
    assert events[1].public["networks"] == ["10.1.0.0/16"]
    assert events[2].note == "系统停用"


def test_a_revoked_key_stops_at_once_and_its_account_with_it(
    town: Town, admin: Actor, issue: Issue
) -> None:
    issued = issue()
    api = Api(str(issued.token))
    assert api.hand_in().status_code == 201
    perform(issued.key, "revoke", actor=admin, key="revoke", message="停用")
    refused = api.hand_in(key="k2")
    assert "已经撤销" in fault(refused, 401)["detail"]
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert not ApiKey.objects.get().assignment.user.is_active
    with pytest.raises(Refused):
        perform(issued.key, "revoke", actor=admin, key="revoke-2", message="再停")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"days": (1, 5)}, "才可以用"),
        ({"days": (-5, -1)}, "为止"),
        ({"networks": ["10.0.0.0/8"]}, "来源地址"),
    ],
)
def test_a_key_works_only_in_its_days_and_from_its_addresses(
    changes: dict[str, Any], told: str, issue: Issue
) -> None:
    today = timezone.localdate()
    first, last = changes.pop("days", (0, 1))
    issued = issue(
        valid_from=today + timedelta(first), valid_until=today + timedelta(last), **changes
    )
    assert told in fault(Api(str(issued.token)).get("/sites"), 401)["detail"]


def test_a_key_spoilt_in_one_letter_is_unknown_and_nothing_more_is_told(issue: Issue) -> None:
    token = str(issue().token)
    spoilt = token[:-1] + ("A" if token[-1] != "A" else "B")
    for text in (spoilt, "yg_" + "0" * 12 + token[15:], "x", ""):
        told = Api().get("/sites", Authorization=f"Bearer {text}")
        assert "没有这把密钥" in fault(told, 401)["detail"]
    assert fault(Api().get("/sites", Authorization=f"Basic {token}"), 401)


def test_a_key_without_the_scope_may_read_but_not_hand_in(issue: Issue) -> None:
    reader = Api(str(issue(scopes=[]).token))
    assert reader.get("/sites").status_code == 200
    assert "documents:write" in fault(reader.hand_in(), 403)["detail"]


def test_a_key_whose_assignment_ended_hands_in_nothing(issue: Issue) -> None:
    issued = issue()
    RoleAssignment.objects.filter(pk=issued.key.assignment_id).update(
        valid_from=timezone.localdate() - timedelta(9),
        valid_until=timezone.localdate() - timedelta(1),
    )
    assert "任职" in fault(Api(str(issued.token)).hand_in(), 403)["detail"]


@pytest.mark.parametrize("role", Role.values)
def test_a_session_is_no_key_whatever_the_role(role: str, town: Town) -> None:
    client: Client = sign_in(actor(role, town.organisation, subtree=True)).client
    assert fault(Api(client=client).hand_in(), 401)
    assert not OfficialDocument.objects.exists()


def test_the_keys_account_cannot_sign_in(issue: Issue) -> None:
    user: User = issue().key.assignment.user
    assert not user.has_usable_password()
    form = {"username": user.username, "password": "!"}
    assert Client().post("/workbench/sign-in/", form).status_code == 422


def test_what_is_wrong_with_a_key_is_told_all_at_once_and_the_typed_stays(
    town: Town, desk: Desk
) -> None:
    today = timezone.localdate()
    page = desk.post(
        f"{PAGE}new/",
        filled(
            town, networks="10.1.0.0/99", valid_from=today.isoformat(),
            valid_until=(today + timedelta(days=999)).isoformat(),
        ),
    )  # fmt: skip
    text = page.content.decode()
    assert page.status_code == 422
    assert "最长管两年" in text and "10.1.0.0/99" in text and "县政府公文系统" in text
    assert not ApiKey.objects.exists()
    early = desk.post(f"{PAGE}new/", filled(town, valid_until="2000-01-01"))
    assert "止日不能早于起日" in early.content.decode()


def test_only_a_system_administrator_issues_and_only_within_his_scope(
    town: Town, issue: Issue
) -> None:
    with pytest.raises(Refused, match="系统管理员"):
        issue(actor=actor("security_admin", town.organisation, subtree=True))
    elsewhere = organisation("elsewhere")
    with pytest.raises(Refused, match="不在您的范围内"):
        issue(organisation=elsewhere)
    with pytest.raises(Refused, match="没有这样的权限"):
        issue(scopes=["everything:write"])


def test_the_other_administrators_see_the_keys_but_cannot_revoke_them(
    town: Town, issue: Issue
) -> None:
    key = issue().key
    for role in ("security_admin", "audit_admin"):
        other = sign_in(actor(role, town.organisation, subtree=True))
        assert key.prefix in other.get(PAGE).content.decode()
        assert other.get(f"{PAGE}{key.pk}/do/revoke/").status_code == 404
        assert other.get(f"{PAGE}new/").status_code == 404


def test_a_key_about_to_end_is_on_the_administrators_list(issue: Issue, desk: Desk) -> None:
    today = timezone.localdate()
    soon = issue(name="快到期的系统", valid_until=today + timedelta(days=10)).key
    issue(name="还早的系统", valid_until=today + timedelta(days=90))
    page = desk.get("/workbench/").content.decode()
    assert "快到期的系统" in page and f"{PAGE}{soon.pk}/" in page
    assert "还早的系统" not in page


def test_a_signed_in_browser_lends_its_rights_to_no_request_from_another_page(town: Town) -> None:
    client = sign_in(town.drafter).client
    answer = client.post(
        "/api/v1/documents", f'{{"text": "{TEXT[:4]}"}}', content_type="text/plain",
        headers={"Origin": "https://evil.example", "Idempotency-Key": "k"},
    )  # fmt: skip
    assert answer.status_code in (401, 415)
    assert "Access-Control-Allow-Origin" not in answer.headers
