"""监督员维护检索：立同义词、立推荐结果，只写要紧的。"""

from datetime import date
from itertools import count
from typing import Any

from tests.actors import actor
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.search.models import Promotion, SynonymGroup
from yangguang.hub.search.services import add_promotion, add_synonyms

START = date(2020, 1, 1)
_numbers = count(1)


def supervisor(at: Organisation, *, subtree: bool = True) -> Actor:
    """``at`` 的监督员。"""
    who = f"supervisor-{at.code}-{'all' if subtree else 'own'}"
    return actor("supervisor", at, username=who, subtree=subtree)


def synonyms(who: Actor, *words: str, **given: Any) -> SynonymGroup:
    """一组同义词，默认用在全部站点。"""
    values = {"site": None, "reason": "公众常这样说"} | given
    return add_synonyms(
        words="\n".join(words), actor=who, key=f"synonyms-{next(_numbers)}", **values
    )


def promotion(who: Actor, *words: str, **given: Any) -> Promotion:
    """一条推荐，默认用在全部站点，一直有效。"""
    values = {"site": None, "reason": "公众要找的就是它", "valid_from": START} | given
    return add_promotion(
        words="\n".join(words), actor=who, key=f"promotion-{next(_numbers)}", **values
    )
