"""地址里的查询：看懂它，也由它生成别的查询的地址。

什么样的值都收得下：不认识的参数不理会，不成样子的当作没有给。
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from yangguang.hub.search.engine import FACETS, Filters
from yangguang.hub.search.rules import LONGEST

PAGE_SIZE = 20
LAST_PAGE = 500
"""最多翻到第几页；还要往后的，应当收窄条件。"""
BY_DATE = "date"
EVERYWHERE = "all"
AS_WRITTEN = "written"
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Asked:
    """一次查询：写的词、筛选、排序、第几页、查哪些站点。"""

    words: str = ""
    is_cut: bool = False
    """写的太长，只留下了前面的。"""
    filters: Filters = Filters()
    by_date: bool = False
    page: int = 1
    everywhere: bool = False
    as_written: bool = False
    """只查照写的词，同义的写法不查。"""
    site: str = ""
    """地址里指明的站点，空的由域名定。"""

    def href(self) -> str:
        """这个查询的地址。不要紧的不写，同样的查询总是同样的地址。"""
        chosen = {k: v for k, v in self.filters.chosen().items() if k != "site" or self.everywhere}
        if self.everywhere and "site" in chosen:
            chosen["in"] = chosen.pop("site")
        parts = {
            "q": self.words,
            "site": self.site,
            **chosen,
            "scope": EVERYWHERE if self.everywhere else "",
            "as": AS_WRITTEN if self.as_written else "",
            "sort": BY_DATE if self.by_date else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def narrowed(self, name: str, value: str | int | None) -> "Asked":
        """换一个筛选，从第一页看起；``None`` 是去掉它。"""
        empty = None if name == "year" else ""
        changed: dict[str, Any] = {name: empty if value is None else value}
        return replace(self, filters=replace(self.filters, **changed), page=1)


def asked(given: Mapping[str, str]) -> Asked:
    """看懂地址里的查询。"""
    everywhere = given.get("scope") == EVERYWHERE
    words = " ".join(given.get("q", "").replace("\0", " ").split())
    filters: dict[str, Any] = {
        name: _value(given.get("in" if name == "site" else name, ""))
        for name in FACETS
        if name != "year"
    }
    if not everywhere:
        filters["site"] = ""
    return Asked(
        words=words[:LONGEST],
        is_cut=len(words) > LONGEST,
        filters=Filters(**filters, year=_whole(given.get("year", ""), 9999) or None),
        by_date=given.get("sort") == BY_DATE,
        page=_whole(given.get("page", ""), 10**9) or 1,
        everywhere=everywhere,
        as_written=given.get("as") == AS_WRITTEN,
        site=_value(given.get("site", "")),
    )


def _value(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_VALUE]


def _whole(text: str, most: int) -> int:
    """正整数；不是就是 0。"""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return 0
    return min(int(text), most)
