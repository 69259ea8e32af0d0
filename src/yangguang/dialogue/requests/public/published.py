"""填表以前先找一找：公开过的信息里有没有要的。"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest

from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.selectors import site_at, sites
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of, published
from yangguang.hub.search.engine import Entry, Filters, Hit
from yangguang.hub.search.lexicon import lexicon
from yangguang.hub.search.marking import Piece, marked, snippet
from yangguang.hub.search.rules import Query, parse
from yangguang.hub.search.selectors import engine, find, similar, widened

MOST = 10
"""一次最多列这么多条：要的多半在前几条里。"""


@dataclass(frozen=True)
class Item:
    """一条公开了的信息。"""

    publication: int
    title: list[Piece]
    organisation: str
    date: datetime
    snippet: list[Piece]
    is_demonstration: bool


@dataclass(frozen=True)
class Looked:
    """找了一遍。``is_ready`` 为假的是检索还没有建好；``is_near`` 的是没有全都符合、只是接近的。"""

    items: tuple[Item, ...] = ()
    total: int = 0
    is_ready: bool = True
    is_near: bool = False


def look(request: HttpRequest, words: str) -> Looked:
    """在全部站点公开的信息里找。至多五次查询。"""
    site = _here(request)
    if site is None or not engine().is_ready():
        return Looked(is_ready=False)
    query = widened(parse(words), lexicon(site))
    if query.is_empty:
        return Looked()
    found = find(query, Filters(), limit=MOST)
    if found.hits:
        return Looked(_items(found.hits, query), found.total)
    return Looked(_items(similar(query, Filters(), MOST), query), is_near=True)


def _items(hits: tuple[Hit, ...], query: Query) -> tuple[Item, ...]:
    codes = {hit.entry.organisation for hit in hits}
    rows = Organisation.objects.filter(code__in=codes).values_list("code", "short_name")
    names = dict(rows) if codes else {}
    return tuple(_item(hit.entry, query, names) for hit in hits)


def _item(entry: Entry, query: Query, names: dict[str, str]) -> Item:
    return Item(
        entry.publication,
        marked(entry.title, query.marks),
        names.get(entry.organisation, ""),
        datetime.fromtimestamp(entry.published_at, UTC),
        snippet(entry.body, query.marks, title=entry.title),
        entry.is_demonstration,
    )


@dataclass(frozen=True)
class Wanted:
    """“这就是我要的”那一条：题名和地址。"""

    title: str
    href: str


def wanted(request: HttpRequest, publication: int) -> Wanted | None:
    """一条现在公开着的信息；撤了的为空。至多四次查询。"""
    row: Publication | None = published().filter(pk=publication).first()
    if row is None:
        return None
    home, here = row.site, _here(request)
    is_same = here is not None and here.domain == home.domain
    return Wanted(row.title, (home.base if is_same else home.address) + path_of(row))


def _here(request: HttpRequest) -> Site | None:
    host = request.get_host().partition(":")[0]
    return site_at(list(sites()), host, request.GET.get("site", ""))
