"""一个机构现用的词典，编好了记在进程里。

各部词典用本机构和各上级使用中的；一部也没有的，用随产品发布的。使用中的版本不会变，
所以编号和摘要相同就是同一台自动机，不必重编。
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import lineage

from .entries import DICTIONARIES, Entry
from .matching import Matcher
from .models import DictionaryEntry, DictionaryVersion
from .packaged import packaged

_Row = tuple[int, str, str, int, str]


@dataclass(frozen=True)
class Lexicon:
    """编好的词典。``versions`` 是各部用的哪一版，给人看；``key`` 认定是不是同一套。"""

    matcher: Matcher
    versions: Mapping[str, str]
    key: str

    def key_on(self, on: date) -> str:
        """同一套词典、同样的起止之内，查出来的一样。"""
        return sha256(f"{self.key}:{self.matcher.period(on)}".encode()).hexdigest()


def lexicon_for(organisation: Organisation | None) -> Lexicon:
    """``organisation`` 现用的；没有指明机构的，用最上级的。编过的只有一次查询。"""
    rows = DictionaryVersion.objects.filter(state="in_force")
    if organisation is None:
        rows = rows.filter(organisation__depth=1)
    else:
        rows = rows.filter(organisation__path__in=lineage(organisation))
    return _compiled(
        tuple(
            rows.order_by("organisation__path", "pk").values_list(
                "pk", "digest", "dictionary", "number", "organisation__short_name"
            )
        )
    )


@lru_cache(maxsize=16)
def _compiled(rows: tuple[_Row, ...]) -> Lexicon:
    entries: list[Entry] = []
    versions: dict[str, str] = {}
    for pk, _, dictionary, number, short_name in rows:
        entries += entries_of(pk, dictionary)
        label = DICTIONARIES[dictionary].label
        told = f"{short_name}第 {number} 版"
        versions[label] = f"{versions[label]}、{told}" if label in versions else told
    own = {dictionary for _, _, dictionary, _, _ in rows}
    packs = [code for code in DICTIONARIES if code not in own]
    for code in packs:
        entries += packaged(code)
        versions[DICTIONARIES[code].label] = "随产品发布的"
    own_digests = [digest for _, digest, *_ in rows]
    key = sha256(repr((own_digests, [packaged(code) for code in packs])).encode()).hexdigest()
    return Lexicon(Matcher(entries), versions, key)


def entries_of(version: int, dictionary: str) -> list[Entry]:
    """一版的全部词条。一次查询。"""
    names = (
        "text", "right", "variants", "exceptions", "severity", "valid_from", "valid_until", "note",
    )  # fmt: skip
    rows: Any = DictionaryEntry.objects.filter(version=version).order_by("pk")
    return [
        Entry(dictionary, text, right, tuple(variants), tuple(exceptions), *rest)
        for text, right, variants, exceptions, *rest in rows.values_list(*names)
    ]


def forget() -> None:
    """把记着的都忘掉。"""
    _compiled.cache_clear()
