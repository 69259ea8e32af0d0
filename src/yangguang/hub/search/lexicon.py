"""检索的词典：一个站点现用的同义词和推荐结果，记在进程里。

办公室一改，印记就变，各进程下一次查询就重读；机构的名称隔一会儿重读一次。
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from yangguang.foundation.organisations.rules import Directory
from yangguang.foundation.organisations.selectors import directory, lineage
from yangguang.hub.columns.models import Site

from .curation import Promoted, keys, phrase_keys
from .models import CurationStamp, Promotion, SynonymGroup
from .rules import Query
from .synonyms import Thesaurus, thesaurus

FRESH = 30
"""机构的名称，最多用这么多秒之前读的。"""


@dataclass(frozen=True)
class Lexicon:
    """一个站点的词典。``promotions`` 按说法排好，见 ``curation.keys``。"""

    thesaurus: Thesaurus
    promotions: Mapping[str, Sequence[Promoted]]

    def promoted(self, query: Query, on: date) -> list[Promoted]:
        """``on`` 当日对得上这句查询的推荐，先立的在前。"""
        if not self.promotions:
            return []
        found = {each.pk: each for key in keys(query) for each in self.promotions.get(key, ())}
        return [found[pk] for pk in sorted(found) if found[pk].holds(on)]


def lexicon(site: Site) -> Lexicon:
    """``site`` 现用的词典。平时一次查询（看印记）。"""
    stamp = CurationStamp.objects.values_list("value", flat=True).first() or ""
    return _lexicon(site.pk, stamp, int(time.monotonic() / FRESH))


@lru_cache(maxsize=64)
def _lexicon(site: int, stamp: str, period: int) -> Lexicon:
    applies = _applies(Site.objects.select_related("organisation").get(pk=site))
    groups = SynonymGroup.objects.filter(applies, state="in_force").order_by("pk")
    promotions: dict[str, list[Promoted]] = {}
    for row in Promotion.objects.filter(applies, state="in_force").order_by("pk"):
        promoted = Promoted(
            row.pk, tuple(row.terms), row.publication_id, row.address, row.label,
            row.valid_from, row.valid_until,
        )  # fmt: skip
        for key in {key for phrase in row.terms for key in phrase_keys(phrase)}:
            promotions.setdefault(key, []).append(promoted)
    return Lexicon(thesaurus([group.terms for group in groups], _directory(period)), promotions)


@lru_cache(maxsize=1)
def _directory(period: int) -> Directory:
    return directory()


def _applies(site: Site) -> Q:
    """用在这个站点的：指明它的，和立它的机构管着它的。"""
    return Q(site=site) | Q(site=None, organisation__path__in=lineage(site.organisation))


def forget() -> None:
    """把记着的都忘掉。"""
    _lexicon.cache_clear()
    _directory.cache_clear()
