"""列表的共同办法：数到一万为止，次序分出先后，地址里的查询留哪些。"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django_filters import FilterSet
from django_tables2 import Table

MOST = 10_000
"""列表数到、翻到这么多条为止：再多的人也不会一页页翻，数清楚却要扫全表。"""
PAGE, ALL = "page", "all"
"""页码；``all`` 是“不用默认的筛选”。"""
TIGHT = {"td": {"class": "tight"}}
"""短而不宜折行的列。"""


class Count(int):
    """有多少条。``is_more`` 是还不止，只数到这里。"""

    is_more: bool = False

    def __str__(self) -> str:
        return f"{int(self):,} 条以上" if self.is_more else f"{int(self):,} 条"


def counted(records: QuerySet[Any], most: int = MOST) -> Count:
    """数到 ``most`` 为止。一次查询。"""
    number = records.order_by()[: most + 1].count()
    found = Count(min(number, most))
    found.is_more = number > most
    return found


class ShortPaginator(Paginator):
    """翻到 ``MOST`` 条为止的分页；``found`` 是数过的结果。"""

    @cached_property
    def found(self) -> Count:
        """有多少条。"""
        rows: Any = self.object_list
        return counted(rows.data.data)

    @cached_property
    def count(self) -> int:
        """翻得到的有多少条。"""
        return int(self.found)


def paginate(table: Table, asked: str, per_page: int) -> None:
    """给表分页：页码不对的给第一页，过了头的给末页。"""
    try:
        table.paginate(ShortPaginator, per_page, asked)
    except PageNotAnInteger:
        table.paginate(ShortPaginator, per_page, 1)
    except EmptyPage:
        table.paginate(ShortPaginator, per_page, table.paginator.num_pages)


def in_full_order(records: QuerySet[Any]) -> QuerySet[Any]:
    """次序不分先后的再按编号排：翻页不重不漏。不是一条条记录的（汇总）照旧。"""
    if not issubclass(records._iterable_class, ModelIterable):
        return records
    order: Sequence[Any] = records.query.order_by or records.model._meta.ordering or ()
    if any(each in ("pk", "-pk", "id", "-id") for each in order):
        return records
    # 与最后一样同向，一个索引就能照着走
    last = order[-1] if order else "-"
    is_descending = last.startswith("-") if isinstance(last, str) else last.descending
    return records.order_by(*order, "-pk" if is_descending else "pk")


def kept_query(query: QueryDict | str) -> str:
    """地址里的查询，去掉页码和空的：用来存成常用筛选、带去导出、办完回来。"""
    given = QueryDict(query) if isinstance(query, str) else query
    kept = [
        (name, value)
        for name, values in given.lists()
        for value in values
        if value and name not in (PAGE, ALL)
    ]
    return urlencode(kept)


def shown_columns(table: Table, chosen: Iterable[str], optional: Iterable[str]) -> list[str]:
    """显示哪几列：选过的照选的，没有选过的是平常那几列。第一列总在：从那里点开。"""
    names = [column.name for column in table.columns.iterall()]
    picked = set(chosen) & set(names) or set(names) - set(optional)
    return [name for name in names if name in picked or name == names[0]]


def narrowed_by(filterset: FilterSet | None, words: str) -> list[str]:
    """用了哪几样收窄：参数的名称。"""
    values = filterset.form.cleaned_data if filterset is not None and filterset.is_valid() else {}
    used = [name for name, value in values.items() if value not in (None, "", [], ())]
    return [*(["q"] if words else []), *used]


def words_of(request: HttpRequest) -> str:
    """“查找”框里的词。"""
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]
