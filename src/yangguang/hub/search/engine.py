"""检索引擎的约定：来往的都是这里的值，换一种引擎只换约定的实现。

纯值与约定，不碰数据库、时钟和配置。
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .rules import Query

FACETS = (
    "site", "column", "organisation", "year", "form", "subject", "stage", "validity", "printed",
)  # fmt: skip
"""可以用来筛选、也给出各值条数的几样。"""


GAZETTE = "gazette"
"""刊物：政府公报，各期和它们刊登的都算。"""


@dataclass(frozen=True)
class Entry:
    """索引里的一条：一条公开的信息现在的样子。

    ``site`` 是原件所在的站点，``sites`` 是它出现的全部站点；``columns`` 是各站点里所在的栏目和它们各级
    上级，写作 ``column_key``；``printed`` 是它属于什么刊物；``published_at`` 是发布时间的 Unix 秒；``body`` 是公众能读到的正文和
    附件的文字，一段一行。
    """

    publication: int
    version: int
    site: str
    sites: tuple[str, ...]
    path: str
    title: str
    document_number: str
    index_number: str
    body: str
    columns: tuple[str, ...]
    organisation: str
    form: str
    subject: str
    stage: str
    validity: str
    printed: str
    published_at: int
    year: int
    is_demonstration: bool


@dataclass(frozen=True)
class Filters:
    """筛选：每一样最多取一个值，空的不限。各样之间都要符合。

    栏目的代码在一个站点里才唯一：与 ``site`` 同给时是那个站点的栏目，单给时哪个站点的都算。
    """

    site: str = ""
    column: str = ""
    organisation: str = ""
    year: int | None = None
    form: str = ""
    subject: str = ""
    stage: str = ""
    validity: str = ""
    printed: str = ""

    def chosen(self) -> dict[str, str | int]:
        """选了哪几样。"""
        return {name: value for name in FACETS if (value := getattr(self, name))}


@dataclass(frozen=True)
class Hit:
    """查到的一条，与它的分数（越大越相关；按日期排的没有分数，为 0）。"""

    entry: Entry
    score: float


Facets = Mapping[str, tuple[tuple[str, int], ...]]
"""各样筛选的值和条数。"""


@dataclass(frozen=True)
class Found:
    """查到的：这一页的各条、总数，和各样筛选的值与条数（条数多的在前）。

    选定了站点的，栏目是那个站点的；没有选定的，各站点同代码的合在一起。
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Facets = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """索引跟到了哪里：最后一笔落实了的变更的封存序号，和所依的栏目树的指纹。"""

    sequence: int = 0
    release: str = ""


def column_key(site: str, column: str) -> str:
    """哪个站点的哪个栏目。站点和栏目的代码里都没有斜杠。"""
    return f"{site}/{column}"


class SearchEngine(Protocol):
    """检索引擎：一台主机一份索引。写的一次提交要么全在、要么全不在，进度与内容同一次提交。"""

    def is_ready(self) -> bool:
        """建好了没有。"""

    def progress(self) -> Progress:
        """跟到了哪里；还没有建是零。"""

    def apply(self, entries: Iterable[Entry], removed: Iterable[int], progress: Progress) -> None:
        """写入或替换 ``entries``，删去 ``removed`` 的信息，连同进度一次提交。"""

    def replace_all(self, entries: Iterable[Entry], progress: Progress) -> None:
        """全部换成 ``entries``，连同进度一次提交；其间查的仍是旧的。"""

    def search(
        self,
        query: Query,
        filters: Filters,
        *,
        by_date: bool = False,
        offset: int = 0,
        limit: int = 20,
        facets: bool = False,
    ) -> Found:
        """查。没有词就列出筛选出的全部。``by_date`` 按发布时间，新的在前；分数相同的也是。"""

    def similar(self, query: Query, filters: Filters, limit: int) -> tuple[Hit, ...]:
        """没有一条全都符合时，相邻两字多数相同的几条。"""

    def titled(self, query: Query, filters: Filters, limit: int) -> tuple[Entry, ...]:
        """题名里有全部的词，或者文号、索引号里有连起来的词的，题名短的在前。不取正文。"""

    def occurs(self, word: str) -> bool:
        """整理过的 ``word`` 在不在哪一条里。"""

    def entries(self) -> Iterator[Entry]:
        """索引里的全部条目，供核对。"""


def stored(entry: Entry) -> dict[str, Any]:
    """一条的各个字段。"""
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}
