"""检索的读取。"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication

from .engine import Filters, Found, Hit, SearchEngine
from .models import FruitlessSearch
from .rules import Query, nearest
from .tantivy_engine import TantivyEngine


@lru_cache(maxsize=8)
def _engine(root: str) -> TantivyEngine:
    return TantivyEngine(Path(root))


def engine() -> SearchEngine:
    """本机的检索引擎。"""
    return _engine(str(settings.SEARCH_ROOT))


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


def suggestion(query: Query, near: tuple[Hit, ...]) -> str:
    """您是不是要找：把查不到的词换成题名里最像的一段；没有像的为空串。"""
    titles = [hit.entry.title for hit in near]
    words = [nearest(word, titles) for word in query.words]
    if not any(words):
        return ""
    return " ".join(better or word for better, word in zip(words, query.words, strict=True))


def _published(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    if not hits:
        return ()
    live = set(
        Publication.objects.filter(
            pk__in=[hit.entry.publication for hit in hits], state=Publication.State.PUBLISHED
        ).values_list("pk", flat=True)
    )
    return tuple(hit for hit in hits if hit.entry.publication in live)


LEAST = 3
"""查过这么多次才列出来：只有一两个人写过的，可能认得出是谁。"""


def fruitless(since: date, site: Site | None = None) -> list[tuple[str, int]]:
    """``since`` 起没有结果的查询和次数，次数多的在前；不到 ``LEAST`` 次的不列。一次查询。"""
    rows = FruitlessSearch.objects.filter(day__gte=since)
    if site is not None:
        rows = rows.filter(site=site)
    totals = rows.values("words").annotate(total=Sum("count")).filter(total__gte=LEAST)
    return [(row["words"], row["total"]) for row in totals.order_by("-total", "words")]
