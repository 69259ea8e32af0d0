"""用接口：一个系统怎样带着密钥请求，和一个有公开信息的小州。"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors import actor
from tests.town import TEXT, Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.api import services
from yangguang.foundation.api.services import Issued
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.documents.models import OfficialDocument

API = "/api/v1"
HANDED = {"text": TEXT.format(number=7), "elements": {"stage": "execution"}}
Issue = Callable[..., Issued]


@dataclass
class Api:
    """一个系统。没有密钥的也是。"""

    key: str = ""
    client: Client = field(default_factory=Client)

    def get(self, path: str, **headers: str) -> Any:
        """读。"""
        return self.client.get(API + path, headers=self._headers(headers))

    def json(self, path: str) -> Any:
        """读到的内容。"""
        response = self.get(path)
        assert response.status_code == 200, response.content.decode()
        return json.loads(response.content)

    def hand_in(self, body: Any = HANDED, key: str = "k1", **headers: str) -> Any:
        """交公文。``body`` 是文字的照样交，否则化为 JSON。"""
        return self.client.post(
            f"{API}/documents", body, content_type="application/json",
            headers=self._headers({"Idempotency-Key": key, **headers}),
        )  # fmt: skip

    def everything(self, query: str = "", limit: int = 2) -> list[dict[str, Any]]:
        """照 next 一页一页取到底。"""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.json(f"/publications?limit={limit}{query}{cursor}")
            assert len(page["items"]) <= limit
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    def changes(self, after: int = 0, limit: int = 2) -> tuple[list[dict[str, Any]], int]:
        """从 ``after`` 起照 next 跟到末尾：各笔变更，和下次的 after。"""
        found: list[dict[str, Any]] = []
        while True:
            page = self.json(f"/changes?after={after}&limit={limit}")
            assert len(page["items"]) <= limit and page["next"] >= after
            found += page["items"]
            after = page["next"]
            if not page["more"]:
                return found, after

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return own | given


def fault(response: Any, status: int) -> dict[str, Any]:
    """错误的答复：状态码、类型都对，返回内容。"""
    body: dict[str, Any] = json.loads(response.content)
    assert response.status_code == status, body
    assert response.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert body["status"] == status
    assert all(ord(letter) > 127 for letter in body["title"]), "标题是中文"
    return body


@pytest.fixture
def admin(town: Town) -> Actor:
    """系统管理员。"""
    return actor("system_admin", town.organisation, subtree=True)


@pytest.fixture
def issue(town: Town, admin: Actor) -> Issue:
    """发一把密钥；没有给的取常用值。"""
    numbers = count()

    def make(**changes: Any) -> Issued:
        today: date = timezone.localdate()
        values = {
            "name": "州政府办公室公文系统",
            "organisation": town.organisation,
            "scopes": ["documents:write"],
            "networks": [],
            "valid_from": today,
            "valid_until": today + timedelta(days=30),
            "per_minute": 600,
            "actor": admin,
            "key": f"issue-{next(numbers)}",
        }
        return services.issue(**values | changes)

    return make


@pytest.fixture
def system(issue: Issue) -> Api:
    """有密钥、能交公文的系统。"""
    return Api(str(issue().token))


@pytest.fixture
def visitor() -> Api:
    """没有密钥的。"""
    return Api()


def publish(town: Town, number: int, **overrides: object) -> OfficialDocument:
    """公开一份公文。"""
    document = town.document(number, **overrides)
    for event, who in (
        ("submit", town.drafter),
        ("pass", town.reviewer),
        ("approve", town.approver),
        ("publish", town.drafter),
    ):
        perform(document, event, actor=who, key=f"{number}-{event}")
    return document


def withdraw(town: Town, document: OfficialDocument, reason: str = "内容有误") -> None:
    """撤回。"""
    perform(document, "withdraw", actor=town.approver, key=f"w-{document.pk}", message=reason)
