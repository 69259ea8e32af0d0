"""检索的读取。"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import published

from .engine import Entry, Filters, Found, Hit, SearchEngine
from .lexicon import Lexicon
from .models import FruitlessSearch
from .rules import Query, nearest, parse
from .tantivy_engine import TantivyEngine

MOST_RECOMMENDED = 5
"""一页最多列这么多条推荐。"""


SPARE = 3
"""提示时多取几倍：题名重复的、刚撤回的要去掉。"""


@lru_cache(maxsize=8)
def _engine(root: str) -> TantivyEngine:
    return TantivyEngine(Path(root))


def engine() -> SearchEngine:
    """本机的检索引擎。"""
    return _engine(str(settings.SEARCH_ROOT))


def widened(query: Query, known: Lexicon) -> Query:
    """连同同义的写法一起查：办公室定的、机构的历任名称和承接机构的。不查库。

    ``known`` 是 ``lexicon(site)``。
    """
    return known.thesaurus.expanded(query, engine().occurs)


def find(
    query: Query,
    filters: Filters,
    *,
    by_date: bool = False,
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """查，连同各样筛选的条数。索引还没跟上撤回时，撤回的也不会列出来。一次数据库查询。"""
    found = engine().search(
        query, filters, by_date=by_date, offset=offset, limit=limit, facets=True
    )
    return replace(found, hits=_published(found.hits))


def similar(query: Query, filters: Filters, limit: int = 5) -> tuple[Hit, ...]:
    """没有全都符合的时，接近的几条。一次数据库查询。"""
    return _published(engine().similar(query, filters, limit))


@dataclass(frozen=True)
class Recommended:
    """一条推荐：现在公开着的信息，或站内的地址和显示的文字。"""

    publication: Publication | None
    address: str
    label: str


def recommended(query: Query, known: Lexicon, on: date) -> list[Recommended]:
    """``on`` 当日给这句查询的推荐，先立的在前；信息一撤回就没有了。有推荐信息的才查两次库。"""
    promoted = known.promoted(query, on)[:MOST_RECOMMENDED]
    wanted = [each.publication for each in promoted if each.publication]
    rows = published().filter(pk__in=wanted).prefetch_related("shares") if wanted else ()
    live = {each.pk: each for each in rows}
    return [
        Recommended(live.get(each.publication or 0), each.address, each.label)
        for each in promoted
        if each.publication is None or each.publication in live
    ]


def titled(text: str, filters: Filters, limit: int = 8) -> tuple[Entry, ...]:
    """边写边提示：题名、文号里有所写的，现在公开着的，题名不重复。没有正文。一次查询。"""
    found = engine().titled(parse(text), filters, limit * SPARE)
    live = _live(entry.publication for entry in found)
    once: dict[str, Entry] = {}
    for entry in found:
        if entry.publication in live:
            once.setdefault(entry.title, entry)
    return tuple(once.values())[:limit]


def suggestion(query: Query, near: tuple[Hit, ...]) -> str:
    """您是不是要找：把查不到的词换成题名里最像的一段；没有像的为空串。"""
    titles = [hit.entry.title for hit in near]
    words = [nearest(word, titles) for word in query.words]
    if not any(words):
        return ""
    return " ".join(better or word for better, word in zip(words, query.words, strict=True))


def _published(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    live = _live(hit.entry.publication for hit in hits)
    return tuple(hit for hit in hits if hit.entry.publication in live)


def _live(publications: Iterable[int]) -> set[int]:
    """其中现在公开着的。没有要问的就不查。"""
    live = Publication.objects.filter(state=Publication.State.PUBLISHED)
    asked = list(publications)
    return set(live.filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()


def sites_of(actor: Actor) -> QuerySet[Site]:
    """此人管得到检索的站点：本机构的，含下级的连同下级的。一次查询。"""
    within = Q(organisation=actor.organisation_id)
    if actor.includes_subtree:
        within = Q(organisation__path__startswith=actor.organisation_path)
    return Site.objects.filter(within).order_by("pk")


LEAST = 3
"""查过这么多次才列出来：只有一两个人写过的，可能认得出是谁。"""


def fruitless(since: date, site: Site | None = None) -> list[tuple[str, int]]:
    """``since`` 起没有结果的查询和次数，次数多的在前；不到 ``LEAST`` 次的不列。一次查询。"""
    rows = FruitlessSearch.objects.filter(day__gte=since)
    if site is not None:
        rows = rows.filter(site=site)
    totals = rows.values("words").annotate(total=Sum("count")).filter(total__gte=LEAST)
    return [(row["words"], row["total"]) for row in totals.order_by("-total", "words")]


def fruitless_by_site(actor: Actor) -> Any:
    """此人管的站点上没有结果的查询：站点、词、共几次、最近一次是哪天；不到 ``LEAST`` 次的不列。

    还可以按日期、站点再筛。一次查询。
    """
    return (
        FruitlessSearch.objects.filter(site__in=sites_of(actor))
        .values("site__code", "site__short_name", "words")
        .annotate(total=Sum("count"), last=Max("day"))
        .filter(total__gte=LEAST)
        .order_by("-total", "words", "site__code")
    )
