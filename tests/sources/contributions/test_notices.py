"""信息报送告诉谁：约了的单位，要签发的，要采用的，没有采用的。"""

import pytest

from tests.actors import actor, organisation
from tests.sources.contributions.conftest import Bureau, key
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.selectors import unread_of
from yangguang.sources.contributions.services import adopt

pytestmark = pytest.mark.django_db


def told(who: Actor) -> list[str]:
    return [message.title for message in unread_of(who.user_id)]


def test_a_call_is_told_to_the_drafters_of_the_units_asked(bureau: Bureau) -> None:
    other = organisation("other", bureau.town.organisation, short_name="别的局")
    outsider = actor("drafter", other)
    call = bureau.call()
    assert told(bureau.drafter) == []
    perform(call, "issue", actor=bureau.town.drafter, key=key())
    assert told(bureau.drafter) == ["秋收情况"]
    assert told(bureau.approver) == told(outsider) == told(bureau.town.drafter) == []
    perform(call, "close", actor=bureau.town.drafter, key=key())
    assert told(bureau.drafter) == []


def test_each_step_is_told_to_whose_it_is(bureau: Bureau) -> None:
    contribution, town = bureau.contribution(), bureau.town
    perform(contribution, "submit", actor=bureau.drafter, key=key())
    assert told(bureau.approver) == ["秋粮入库"] and told(town.drafter) == []
    perform(contribution, "send", actor=bureau.approver, key=key())
    assert told(town.drafter) == ["秋粮入库"] and told(bureau.approver) == []
    assert told(town.approver) == []
    adopt(contribution, "full", actor=town.drafter, key=key())
    assert told(town.drafter) == []


def test_what_is_not_adopted_is_told_to_its_author(bureau: Bureau) -> None:
    contribution = bureau.sent()
    perform(contribution, "decline", actor=bureau.town.drafter, key=key(), message="已有")
    assert told(bureau.drafter) == ["秋粮入库"]
