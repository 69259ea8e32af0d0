"""接口：检索。与 ``/search/`` 同一个引擎、同样的筛选。"""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from yangguang.foundation.api.faults import parameter_fault
from yangguang.foundation.api.problems import Problem, ProblemBody
from yangguang.foundation.api.registry import register
from yangguang.foundation.api.schemas import OneOf, Text
from yangguang.foundation.reading_day import reading_day
from yangguang.hub.columns.selectors import site_at, sites
from yangguang.hub.publications.narrowing import Narrowing
from yangguang.hub.publications.selectors import path_of, published
from yangguang.hub.publications.shapes import Summary, summary, with_places

from .engine import FACETS, GAZETTE, Filters
from .lexicon import lexicon
from .marking import snippet
from .rules import LONGEST, parse
from .selectors import (
    Recommended,
    engine,
    find,
    recommended,
    similar,
    suggestion,
    widened,
)

router = Router(tags=["检索"])
DEEPEST = 10_000
"""最多看到第几条；还要往后的，应当收窄条件，或者用 /api/v1/publications 取全部。"""
ORDERS = {"relevance": "相关", "date": "发布时间"}


class FacetValue(Schema):
    """筛选的一个值和条数。"""

    value: str = Field(description="值")
    count: int = Field(description="条数")


class Match(Summary):
    """查到的一条。"""

    snippet: str = Field(description="正文里最能说明查到了什么的一段")


class Recommendation(Schema):
    """办公室推荐的一条。"""

    id: int | None = Field(description="信息的编号；推荐的是站内别的页面时为 null")
    label: str = Field(description="标题")
    href: str = Field(description="地址；站内别的页面是站内路径，没有域名")


class Matches(Schema):
    """检索的一页。"""

    total: int = Field(description="一共几条")
    page: int = Field(description="第几页")
    items: list[Match] = Field(description="这一页的各条")
    facets: dict[str, list[FacetValue]] = Field(description="各样筛选的值和条数，多的在前")
    suggestion: str | None = Field(description="没有查到时，您是不是要找")
    also: list[str] = Field(description="同义的写法：一并查了的；只照写的查时，没有查的")
    recommended: list[Recommendation] = Field(description="办公室推荐的；只在第一页、没有筛选时有")
    is_cut: bool = Field(description="写的太长，只查了前面的")


class Searching(Narrowing):
    """检索的参数。"""

    q: Text = Field(
        "", max_length=1_000,
        description="要查的词，空格隔开的都要有；引号里的是一整段；前加减号的不要有。不给就列出全部",
    )  # fmt: skip
    form: Text | None = Field(None, max_length=60, description="体裁")
    subject: Text | None = Field(None, max_length=60, description="主题分类")
    printed: Annotated[str, OneOf({GAZETTE: "政府公报"})] | None = Field(
        None, description="刊物：gazette 是政府公报的各期和它们刊登的"
    )
    exact: bool = Field(False, description="true 是只照写的查，同义的写法不查")
    sort: Annotated[str, OneOf(ORDERS)] = Field(
        "relevance", description="relevance 按相关（没有写词的按时间），date 按发布时间"
    )
    page: int = Field(1, ge=1, le=DEEPEST, description="第几页")
    limit: int = Field(20, ge=1, le=100, description="一页几条")


@router.get("/search", response={200: Matches, 503: ProblemBody}, summary="检索")
def search_publications(request: HttpRequest, asked: Query[Searching]) -> Matches:
    """与网站的检索同一个引擎：不分词，文号怎么写都认，简繁、全半角、大小写一律不计。

    不给 site 就查全部站点；同义词和推荐照请求的域名所在的站点。
    """
    offset = (asked.page - 1) * asked.limit
    if offset + asked.limit > DEEPEST:
        raise parameter_fault("page", f"最多看到第 {DEEPEST} 条，请收窄条件。")
    asked.check()
    if not engine().is_ready():
        raise Problem("busy", "检索的索引正在建立，请过一会儿再来。")
    site = site_at(list(sites()), request.get_host().partition(":")[0], asked.site or "")
    if site is None:
        raise Problem("busy", "网站还没有建好，没有可以检索的站点。")
    known = lexicon(site)
    written = parse(asked.q)
    wide = widened(written, known)
    query = written if asked.exact else wide
    filters = Filters(
        **{
            name: value
            for name in FACETS
            if (value := getattr(asked, name))
        }
    )  # fmt: skip
    found = find(
        query,
        filters,
        by_date=asked.sort == "date" or not query.words,
        offset=offset,
        limit=asked.limit,
    )
    rows = with_places(published()).in_bulk([hit.entry.publication for hit in found.hits])
    near = "" if found.total else suggestion(query, similar(query, filters))
    is_plain = asked.page == 1 and not filters.chosen() and asked.sort == "relevance"
    picks = recommended(query, known, reading_day()) if is_plain else []
    return Matches(
        total=found.total,
        page=asked.page,
        items=[
            Match(
                **summary(rows[hit.entry.publication]).model_dump(),
                snippet="".join(
                    piece.text
                    for piece in snippet(hit.entry.body, query.marks, title=hit.entry.title)
                ),
            )
            for hit in found.hits
            if hit.entry.publication in rows
        ],
        facets={
            name: [FacetValue(value=value, count=count) for value, count in values]
            for name, values in found.facets.items()
        },
        suggestion=near or None,
        also=list(wide.added),
        recommended=[_recommendation(pick) for pick in picks],
        is_cut=query.is_cut or len(asked.q) > LONGEST,
    )


def _recommendation(pick: Recommended) -> Recommendation:
    if pick.publication is None:
        return Recommendation(id=None, label=pick.label, href=pick.address)
    publication = pick.publication
    return Recommendation(
        id=publication.pk,
        label=pick.label or publication.title,
        href=publication.site.address + path_of(publication),
    )


register(router)
