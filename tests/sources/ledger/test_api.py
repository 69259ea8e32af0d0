"""接口交来发文清单：密钥、权限、幂等键照接口的规矩；好的收，坏的逐件说明。"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.api import API, Api, fault
from tests.sources.ledger.conftest import READ_ON
from tests.town import Town
from yangguang.sources.ledger.models import LedgerEntry, ListImport

pytestmark = pytest.mark.django_db
ONE = {
    "document_number": "测州字[2020]1号", "title": "一件", "issued_on": "二〇二〇年九月二十五日",
    "disclosure": "主动公开",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.READING_DAY = READ_ON


@pytest.fixture
def office(issue: Callable[..., Any]) -> Api:
    """有密钥、能交清单的公文系统。"""
    return Api(str(issue(scopes=["ledger:write"]).token))


def hand_in(api: Api, *entries: Any, key: str = "k1", **body: Any) -> Any:
    given = {"system": "局里的公文系统", "entries": list(entries), **body}
    return api.client.post(
        f"{API}/ledger", given, content_type="application/json",
        headers=api._headers({"Idempotency-Key": key}),
    )  # fmt: skip


def test_good_entries_are_taken_and_bad_ones_told(office: Api, town: Town) -> None:
    bad = {**ONE, "document_number": "测州字〔2020〕2号", "issued_on": "近日"}
    serial = {**ONE, "document_number": "测州字〔2020〕3号", "issued_on": 44099, "text": "全文"}
    answer = hand_in(office, ONE, bad, serial)
    body = json.loads(answer.content)
    assert answer.status_code == 201, body
    assert (body["total"], body["created"], body["faulty"]) == (3, 2, 1)
    assert [(each["entry"], each["field"]) for each in body["wrong"]] == [(2, "issued_on")]
    entry = LedgerEntry.objects.get(document_number="测州字〔2020〕1号")
    assert (entry.issued_on, entry.source) == (date(2020, 9, 25), "api")
    assert LedgerEntry.objects.get(document_number="测州字〔2020〕3号").text == "全文"
    assert answer.headers["Location"] == body["workbench"]


def test_the_same_key_answers_the_same_and_enters_nothing_twice(office: Api) -> None:
    first, again = hand_in(office, ONE), hand_in(office, ONE)
    assert first.content == again.content and again.headers["Idempotency-Replayed"] == "true"
    assert (LedgerEntry.objects.count(), ListImport.objects.count()) == (1, 1)
    fault(hand_in(office, {**ONE, "title": "别的"}), 422)
    later = json.loads(hand_in(office, {**ONE, "title": "改过的标题"}, key="k2").content)
    assert (later["created"], later["updated"]) == (0, 1)


def test_a_secret_mark_leaves_nothing(office: Api) -> None:
    body = fault(hand_in(office, ONE, {**ONE, "title": "机密★10年"}), 422)
    assert "密级" in body["errors"][0]["detail"]
    assert not LedgerEntry.objects.exists() and not ListImport.objects.exists()


def test_only_a_key_with_the_right_may(visitor: Api, system: Api, office: Api) -> None:
    fault(hand_in(visitor, ONE), 401)
    fault(hand_in(system, ONE), 403)
    fault(hand_in(office), 422)
    fault(hand_in(office, {**ONE, "secret": "x"}), 422)
    fault(hand_in(office, *([ONE] * 1001)), 422)
    assert not LedgerEntry.objects.exists()
