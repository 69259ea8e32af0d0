"""词典和它的监督员。"""

import pytest

from tests.actors import actor
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.screening.dictionaries import open_version, put_sample, replace_entries
from yangguang.hub.screening.entries import Entry
from yangguang.hub.screening.models import DictionaryVersion


@pytest.fixture
def supervisor(town: Town) -> Actor:
    return actor("supervisor", town.organisation)


def drafted(who: Actor, dictionary: str, *entries: Entry, key: str = "d") -> DictionaryVersion:
    """起草一版，词条换成给的。"""
    version = open_version(dictionary, note="测试", actor=who, key=f"{key}-open")
    replace_entries(version, entries, actor=who)
    return version


def in_force(
    who: Actor, dictionary: str, *entries: Entry, wrong: str, key: str = "d"
) -> DictionaryVersion:
    """起草、配样文、试过、启用。``wrong`` 是该查出的字样。"""
    version = drafted(who, dictionary, *entries, key=key)
    put_sample(version, f"有错：{wrong}。", [wrong], actor=who)
    put_sample(version, "没有错的一句话。", [], actor=who)
    perform(version, "test", actor=who, key=f"{key}-test")
    perform(version, "adopt", actor=who, key=f"{key}-adopt")
    return version
