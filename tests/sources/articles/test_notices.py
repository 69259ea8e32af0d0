"""稿件告诉谁：等审的、等签的、退回的、等发布的；定了时的不必等谁。"""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.sources.articles.conftest import walk, written
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.notify.selectors import unread_of

pytestmark = pytest.mark.django_db


def kinds(who: Actor) -> list[str]:
    return [message.kind for message in unread_of(who.user_id)]


def test_an_article_is_told_to_whoever_it_waits_for(town: Town) -> None:
    article = walk(town, written(town), "submit")
    assert (kinds(town.reviewer), kinds(town.approver)) == (["waiting"], [])
    walk(town, article, "return")
    assert (kinds(town.reviewer), kinds(town.drafter)) == ([], ["returned"])
    walk(town, article, "submit", "pass")
    assert (kinds(town.drafter), kinds(town.approver)) == ([], ["waiting"])
    walk(town, article, "approve")
    assert (kinds(town.drafter), kinds(town.approver)) == (["waiting"], [])
    walk(town, article, "publish")
    assert kinds(town.drafter) == []


def test_what_publishes_itself_at_its_hour_waits_for_no_one(town: Town) -> None:
    article = written(town, publish_at=timezone.now() + timedelta(days=1))
    walk(town, article, "submit", "pass", "approve")
    assert kinds(town.drafter) == kinds(town.approver) == []
