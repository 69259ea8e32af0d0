"""网站的规则：地址、列表怎样分页、改动触及哪些页。纯函数，不碰数据库、时钟和配置。

列表（architecture.md “Lists”）：

- 条目一经列入就有了不变的序号，序号决定页号：``序号 // 20 + 1``。页号从不改变含义；
- 首页（head）总是显示最新的 20 至 39 条：从末页往回数，直到够 20 条；
- 满页再往前的各页有自己的文件。发布一条只触及首页，外加至多两页（新成的一页，和要指向它的前一页）；
- 撤回只让所在的一页变短，不重排别的页。
"""

import hashlib
from dataclasses import dataclass

from yangguang.hub.publications.rules import shelf

PAGE_SIZE = 20

FAMILY = "website"
"""网站作为一种出口的代码；每个站点是其中一个。"""

TOMBSTONE = "tombstone"
ATTACHMENT = "attachment"
"""公开文件的用途里另有意思的两种：撤回说明，附件。"""

HEAD = 0
"""首页的页号；固定页从 1 起。"""


# 列表 -----------------------------------------------------------------------------


def page_of(ordinal: int) -> int:
    """序号（从 0 起）为 ``ordinal`` 的条目永远属于第几页。"""
    return ordinal // PAGE_SIZE + 1


def fixed_pages(placed: int) -> int:
    """列入过 ``placed`` 条的列表有几张固定页：最后一张满页和未满的一页由首页显示，没有自己的文件。"""
    return max(0, placed // PAGE_SIZE - 1)


def head_start(twentieth: int | None) -> int:
    """首页从第几页的条目起显示；``twentieth`` 是现存的、从新往旧第 20 条的序号，不足 20 条为空。

    首页从末页往回数，数够 20 条为止，不够就从第 1 页起。所以首页总有 20 至 39 条，或者全部。
    """
    return 1 if twentieth is None else page_of(twentieth)


def pages_touched_by_placing(placed_after: int) -> frozenset[int]:
    """列入第 ``placed_after`` 条以后要重烘哪些页。"""
    newest = fixed_pages(placed_after)
    if newest == fixed_pages(placed_after - 1):
        return frozenset({HEAD})
    return frozenset({HEAD, newest, newest - 1})


def pages_touched_by_item(ordinal: int, placed: int) -> frozenset[int]:
    """一个条目改了内容或被撤下，要重烘哪些页。"""
    page = page_of(ordinal)
    return frozenset({HEAD, page} if page <= fixed_pages(placed) else {HEAD})


def neighbours(page: int, placed: int, start: int) -> tuple[int | None, int | None]:
    """页 ``page`` 的（较新的，较早的）各是第几页；没有则为 ``None``。``start`` 是首页起于第几页。"""
    if page == HEAD:
        older = min(start - 1, fixed_pages(placed))
        return None, older or None
    newer = page + 1 if page < fixed_pages(placed) else HEAD
    return newer, page - 1 or None


# 地址 -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ListKey:
    """一个列表：某栏目、某栏目某年，某机构，某专题，或某专题的一部分（代号是 ``专题/部分``）、它的某年。"""

    owner: str
    code: str
    year: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.owner, self.code, self.year) if part)

    @classmethod
    def parse(cls, text: str) -> "ListKey":
        """``str`` 的逆。"""
        owner, code, *rest = text.split(":")
        return cls(owner, code, int(rest[0]) if rest else None)

    @property
    def topic(self) -> str:
        """哪个专题的；不是专题的为空串。"""
        return self.code.partition("/")[0] if self.owner == "topic" else ""

    @property
    def part(self) -> str:
        """专题的哪一部分；不是一部分的为空串。"""
        return self.code.partition("/")[2]

    @property
    def has_feeds(self) -> bool:
        """有没有自己的订阅：按年的、专题的一部分没有。"""
        return self.year is None and not self.part

    @property
    def folder(self) -> str:
        """列表所在的目录。"""
        base = {"column": "columns", "organisation": "organisations", "topic": "topics"}[self.owner]
        return f"/{base}/{self.code}/" + (f"{self.year}/" if self.year else "")


def list_path(key: ListKey, page: int = HEAD) -> str:
    """列表一页的站内路径。"""
    if page == HEAD:
        return key.folder
    return f"{key.folder}pages/{shelf(page)}/{page}.html"


FEEDS = {"feed": "feed.xml", "rss": "rss.xml"}
"""订阅的两种格式：Atom 和 RSS 2.0，印手的名字与文件名。"""


def feed_path(key: ListKey | None, name: str = FEEDS["feed"]) -> str:
    """一个列表的订阅的站内路径；``None`` 是全站。"""
    return (key.folder if key else "/") + name


def file_of(path: str) -> str:
    """站内路径对应树里的哪个文件（相对路径）。"""
    if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
        raise ValueError(f"不是站内路径：{path!r}")
    return (path + "index.html" if path.endswith("/") else path).lstrip("/")


SITEMAP_PART = 1_000
"""站点地图的一册收编号相连的多少条信息。"""


def sitemap_part(publication_id: int) -> int:
    """一条信息在站点地图的第几册里。"""
    return publication_id // SITEMAP_PART


def sitemap_path(part: int) -> str:
    """站点地图一册的站内路径。"""
    return f"/sitemaps/{shelf(part)}/{part}.xml"


def verify_path(publication_id: int) -> str:
    """供核验的原始载荷的站内路径。"""
    return f"/verify/{shelf(publication_id)}/{publication_id}.json"


def sha256(content: bytes) -> str:
    """内容的摘要。"""
    return hashlib.sha256(content).hexdigest()
