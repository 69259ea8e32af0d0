"""稿件的测试材料：一篇写好的稿件，和走完几步的办法。"""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.town import Town
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column
from yangguang.sources.articles.models import Article
from yangguang.sources.articles.services import draft

BODY = [{"type": "paragraph", "style": "plain", "text": "州政府召开常务会议，研究防汛工作。"}]
ROLE = {
    "submit": "drafter", "submit_for_approval": "drafter", "pass": "reviewer",
    "pass_on": "reviewer", "pass_again": "reviewer", "return": "reviewer",
    "release": "approver", "approve": "approver", "publish": "drafter", "revise": "drafter",
    "correct": "approver", "withdraw": "approver", "republish": "approver", "move": "drafter",
    "pin": "drafter", "unpin": "drafter",
}  # fmt: skip
_keys = count(1)


def key() -> str:
    return f"article-{next(_keys)}"


def written(town: Town, columns: tuple[Column, ...] | None = None, **values: Any) -> Article:
    """写好的一篇，还没有送审。"""
    given = {
        "title": "州政府召开常务会议", "article_type": "news", "stage": "decision", "body": BODY,
        **values,
    }  # fmt: skip
    return draft(
        given, organisation=town.organisation, actor=town.drafter, key=key(),
        columns=(town.column,) if columns is None else columns,
    )  # fmt: skip


def walk(town: Town, article: Article, *events: str, **given: Any) -> Article:
    """由该办的人一步步办。"""
    for event in events:
        perform(
            article, event, actor=getattr(town, ROLE[event]), key=key(), message="理由", **given
        )
    return article


@pytest.fixture
def published(town: Town) -> Callable[..., Article]:
    """发布了的一篇。"""
    return lambda **values: walk(town, written(town, **values), "submit", "pass", "release")
