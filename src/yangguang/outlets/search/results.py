"""一页检索结果：各条怎样写、筛选有哪些、翻到哪里、没有时怎么办。"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from yangguang.foundation.theme.chrome import Link
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.rules import STAGES, VALIDITIES
from yangguang.hub.search.engine import GAZETTE, Entry, Found, Hit
from yangguang.hub.search.lexicon import lexicon
from yangguang.hub.search.marking import Piece, marked, marked_number, snippet
from yangguang.hub.search.rules import Query, parse
from yangguang.hub.search.selectors import (
    Recommended,
    find,
    recommended,
    similar,
    suggestion,
    widened,
)
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.serving import DYNAMIC

from .asking import LAST_PAGE, PAGE_SIZE, Asked

LABELS = {
    "site": "站点",
    "column": "栏目",
    "year": "年份",
    "organisation": "发布机构",
    "form": "体裁",
    "subject": "主题分类",
    "validity": "有效性",
    "stage": "五公开",
    "printed": "刊物",
}
"""各样筛选的名称，按页面上的次序。"""

Names = dict[str, dict[str, str]]
"""一样筛选的各个值怎样称呼。"""

SHOWN = 8
"""一样筛选先列这么多个值，其余的折起来。"""
NEAR = 5


@dataclass(frozen=True)
class Row:
    """结果里的一条。"""

    title: list[Piece]
    href: str
    date: datetime
    organisation: str
    document_number: list[Piece]
    validity: str
    snippet: list[Piece]
    is_demonstration: bool


@dataclass(frozen=True)
class Pick:
    """办公室推荐的一条；``publication`` 是信息的编号，站内的地址没有。"""

    label: str
    href: str
    publication: int | None = None
    date: datetime | None = None
    organisation: str = ""
    is_demonstration: bool = False


@dataclass(frozen=True)
class Choice:
    """筛选的一个值：名称、条数、选它的地址。"""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Group:
    """一样筛选。"""

    label: str
    choices: tuple[Choice, ...]

    @property
    def first(self) -> tuple[Choice, ...]:
        """先列的。"""
        return self.choices[:SHOWN]

    @property
    def rest(self) -> tuple[Choice, ...]:
        """折起来的。"""
        return self.choices[SHOWN:]


@dataclass(frozen=True)
class Results:
    """一页结果。``is_asked`` 为假是还没有查什么；``last`` 是一共几页。"""

    asked: Asked
    query: Query
    is_asked: bool
    rows: tuple[Row, ...] = ()
    total: int = 0
    last: int = 1
    groups: tuple[Group, ...] = ()
    chosen: tuple[Choice, ...] = ()
    near: tuple[Row, ...] = ()
    better: Link | None = None
    recommended: tuple[Pick, ...] = ()
    also: tuple[str, ...] = ()
    """同义的写法：一并查了的，或者只照写的查时没有查的。"""

    @property
    def is_cut(self) -> bool:
        """写的太长，只查了前面的。"""
        return self.asked.is_cut or self.query.is_cut

    @property
    def is_fruitless(self) -> bool:
        """写了词、没有筛选，而什么也没有查到：要记一次。"""
        narrowed = bool(self.asked.filters.chosen())
        asked = bool(self.query.words) and self.asked.page == 1
        answered = bool(self.total or self.recommended or self.asked.as_written)
        return asked and not narrowed and not answered

    @property
    def newer(self) -> str:
        """上一页的地址。"""
        return replace(self.asked, page=self.asked.page - 1).href() if self.asked.page > 1 else ""

    @property
    def older(self) -> str:
        """下一页的地址。"""
        beyond = self.asked.page >= min(self.last, LAST_PAGE)
        return "" if beyond else replace(self.asked, page=self.asked.page + 1).href()

    @property
    def first_page(self) -> str:
        """第一页的地址。"""
        return replace(self.asked, page=1).href()

    @property
    def other_order(self) -> str:
        """换一种排序的地址。"""
        return replace(self.asked, by_date=not self.asked.by_date, page=1).href()

    @property
    def other_wording(self) -> str:
        """只照写的查，或连同义的写法一起查。"""
        return replace(self.asked, as_written=not self.asked.as_written, page=1).href()

    @property
    def other_scope(self) -> str:
        """换成查全部站点，或只查本站。"""
        cleared = replace(self.asked.filters, site="", column="")
        return replace(
            self.asked, everywhere=not self.asked.everywhere, filters=cleared, page=1
        ).href()

    @property
    def bare(self) -> str:
        """去掉全部筛选的地址。"""
        return Asked(words=self.asked.words, site=self.asked.site).href()


def results(asked: Asked, press: Press, names: Names, sites: list[Site]) -> Results:
    """查，并写成一页。有结果时两次数据库查询，没有时三次；有推荐时再多一次。"""
    known = lexicon(press.site)
    written = parse(asked.words)
    wide = widened(written, known)
    query = written if asked.as_written else wide
    filters = asked.filters
    if not asked.everywhere:
        filters = replace(filters, site=press.site.code)
    is_narrowed = bool(asked.filters.chosen())
    if query.is_empty and not is_narrowed:
        return Results(asked, query, is_asked=False)
    writing = _Writing(press, names, sites, query)
    picks: tuple[Pick, ...] = ()
    if asked.page == 1 and not is_narrowed and not asked.by_date:
        picks = tuple(map(writing.pick, recommended(query, known, press.as_of)))
    found = Found()
    if asked.page <= LAST_PAGE:
        found = find(
            query,
            filters,
            by_date=asked.by_date or not query.words,
            offset=(asked.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
    near: tuple[Row, ...] = ()
    better = None
    if not found.total and asked.page == 1:
        hits = similar(query, filters, NEAR)
        near = tuple(map(writing.row, hits))
        if words := suggestion(query, hits):
            better = Link(words, replace(asked, words=words, page=1).href())
    ahead = {pick.publication for pick in picks}
    return Results(
        asked,
        query,
        is_asked=True,
        rows=tuple(writing.row(hit) for hit in found.hits if hit.entry.publication not in ahead),
        total=found.total,
        last=max(1, -(-found.total // PAGE_SIZE)),
        groups=tuple(writing.groups(asked, found)),
        chosen=tuple(writing.chosen(asked)),
        near=near,
        better=better,
        recommended=picks,
        also=wide.added,
    )


def address(press: Press, sites: Mapping[str, Site], entry: Entry) -> str:
    """一条信息的地址：在本站出现的就在本站看，否则到原件那里。``sites`` 按代码。"""
    if press.site.code in entry.sites or entry.site not in sites:
        return press.url(entry.path)
    return press.across(sites[entry.site], entry.path)


class _Writing:
    """写结果用到的名称：代码对名称。"""

    def __init__(self, press: Press, names: Names, sites: list[Site], query: Query) -> None:
        self.press = press
        self.query = query
        self.sites = {site.code: site for site in sites}
        self.names: Names = names | {
            "site": {site.code: site.short_name for site in sites},
            "stage": STAGES,
            "validity": VALIDITIES,
            "printed": {GAZETTE: "政府公报"},
        }

    def row(self, hit: Hit) -> Row:
        """一条。"""
        entry = hit.entry
        return Row(
            title=marked(entry.title, self.query.marks),
            href=address(self.press, self.sites, entry),
            date=datetime.fromtimestamp(entry.published_at, UTC),
            organisation=self.name("organisation", entry.organisation),
            document_number=marked_number(entry.document_number, self.query),
            validity=VALIDITIES.get(entry.validity, ""),
            snippet=snippet(entry.body, self.query.marks, title=entry.title),
            is_demonstration=entry.is_demonstration,
        )

    def pick(self, each: Recommended) -> Pick:
        """一条推荐。"""
        publication = each.publication
        if publication is None:
            # 检索、互动这些由应用应答的地址，各站点共用
            shared = each.address.startswith(tuple(f"{prefix}/" for prefix in DYNAMIC))
            return Pick(each.label, each.address if shared else self.press.url(each.address))
        return Pick(
            publication.title,
            self.press.href(publication),
            publication.pk,
            publication.published_at,
            publication.organisation.short_name,
            publication.is_demonstration,
        )

    def name(self, facet: str, value: str) -> str:
        """一个值怎样称呼；不认得的照写。"""
        if facet == "year":
            return f"{value}年"
        return self.names.get(facet, {}).get(value, value)

    def groups(self, asked: Asked, found: Found) -> Iterator[Group]:
        """还可以怎样收窄：选定了的、只有一个值而且就是全部的，不列。"""
        taken = asked.filters.chosen()
        for name, label in LABELS.items():
            values = found.facets.get(name, ())
            if name in taken or (name == "site" and not asked.everywhere):
                continue
            if name == "year":
                values = tuple(sorted(values, reverse=True))
            choices = tuple(
                Choice(
                    self.name(name, value),
                    count,
                    asked.narrowed(name, int(value) if name == "year" else value).href(),
                )
                for value, count in values
                if count < found.total or len(values) > 1
            )
            if choices:
                yield Group(label, choices)

    def chosen(self, asked: Asked) -> Iterator[Choice]:
        """选定了的筛选，和去掉它的地址。"""
        for name, value in asked.filters.chosen().items():
            label = f"{LABELS[name]}：{self.name(name, str(value))}"
            yield Choice(label, 0, asked.narrowed(name, None).href())
