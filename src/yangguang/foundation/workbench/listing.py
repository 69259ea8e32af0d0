"""列表的共同办法：数到一万为止，次序分出先后，地址里的查询留哪些。"""

from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.query import ModelIterable
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django_filters import ChoiceFilter, FilterSet
from django_tables2 import Column, Table

from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.rules import Lifecycle
from yangguang.foundation.organisations.models import Organisation

MOST = 10_000
"""列表数到、翻到这么多条为止：再多的人也不会一页页翻，数清楚却要扫全表。"""
FEW = 1_000
"""查找到的不多于这么多条，记下编号；再多，连编号一起问数据库反而慢。"""
PAGE, ALL = "page", "all"
"""页码；``all`` 是“不用默认的筛选”。"""
TIGHT = {"td": {"class": "tight"}}
"""短而不宜折行的列。"""


class StateColumn(Column):
    """状态的中文。"""

    def __init__(self) -> None:
        super().__init__("状态", attrs=TIGHT)

    def render(self, record: LivingRecord) -> str:
        """转换表里的说法。"""
        return record.state_label


def by_state(lifecycle: Lifecycle) -> ChoiceFilter:
    """按状态筛选。"""
    return ChoiceFilter(label="状态", choices=list(lifecycle.states.items()), empty_label="全部")


class Count(int):
    """有多少条。``is_more`` 是还不止，只数到这里。"""

    is_more: bool = False

    def __str__(self) -> str:
        return f"{int(self):,} 条以上" if self.is_more else f"{int(self):,} 条"


def counted(records: QuerySet[Any]) -> Count:
    """数到 ``MOST`` 为止。一次查询。"""
    return _up_to_most(records.order_by()[: MOST + 1].count())


def looked_up(records: QuerySet[Any]) -> tuple[QuerySet[Any], Count]:
    """查找词之后的：不多于 ``FEW`` 条的找出编号，此后排、翻都只在这几条里，不再逐条比对文字。一次查询。

    再多的照原样：到处都有的词，照着次序往下走几步就凑满一页。不是一条条记录的（汇总）只数。
    """
    if not _is_of_records(records):
        return records, counted(records)
    pks = list(records.order_by().values_list("pk", flat=True)[: MOST + 1])
    found = _up_to_most(len(pks))
    return (records.filter(pk__in=pks) if len(pks) <= FEW else records), found


def _up_to_most(number: int) -> Count:
    found = Count(min(number, MOST))
    found.is_more = number > MOST
    return found


class ShortPaginator(Paginator):
    """翻到 ``MOST`` 条为止的分页；``found`` 是数过的结果。"""

    def __init__(self, rows: Any, per_page: int, *, found: Count) -> None:
        super().__init__(rows, per_page)
        self.found = found
        self.records: QuerySet[Any] = rows.data.data

    @cached_property
    def count(self) -> int:
        """翻得到的有多少条。"""
        return int(self.found)

    def page(self, number: Any) -> Page:
        """一页，各条都已取出。"""
        found = super().page(number)
        rows: Any = found.object_list
        rows.data = _whole(rows.data, self.records)
        return found


def _whole(page: QuerySet[Any], records: QuerySet[Any]) -> Any:
    """一页的各条：先只取编号，再取这几条。前面略过的几千条，正文和关联都不必读。两次查询。"""
    if not _is_of_records(records):
        return page
    return _those(records, list(page.values_list("pk", flat=True)))


def _those(records: QuerySet[Any], pks: Sequence[int]) -> list[Any]:
    """``records`` 里编号是 ``pks`` 的，照 ``pks`` 的次序；其间被人删去的就没有了。一次查询。"""
    found = {each.pk: each for each in records.order_by().filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


def in_chunks(records: QuerySet[Any], size: int) -> Iterator[Any]:
    """照次序逐条给出，一次取 ``size`` 条，多少条都只占一小块内存，头一批马上就有。

    不用数据库的游标：PostgreSQL 在事务之外开游标，要把全部结果备齐才给第一条；开着事务，别人又要等下载完。
    """
    if not _is_of_records(records):
        yield from records.iterator(chunk_size=size)
        return
    if records.query.order_by == ("-pk",):
        # 接着上一批最后一条往下取，不必先列出全部编号
        batch = list(records[:size])
        while batch:
            yield from batch
            batch = list(records.filter(pk__lt=batch[-1].pk)[:size])
        return
    bare = records.prefetch_related(None).values_list("pk", flat=True)
    pks = array("q", bare.iterator())
    for start in range(0, len(pks), size):
        yield from _those(records, pks[start : start + size])


def paginate(table: Table, asked: str, per_page: int, found: Count) -> None:
    """给表分页，``found`` 是数过的条数：页码不对的给第一页，过了头的给末页。"""
    try:
        table.paginate(ShortPaginator, per_page, asked, found=found)
    except PageNotAnInteger:
        table.paginate(ShortPaginator, per_page, 1, found=found)
    except EmptyPage:
        table.paginate(ShortPaginator, per_page, table.paginator.num_pages, found=found)


def keep_to(table: Table, sortable: Container[str]) -> None:
    """只有 ``sortable`` 里的列还能排。"""
    for column in table.columns.iterall():
        if column.name not in sortable:
            column.column.orderable = False


def organisations_of(records: QuerySet[Any]) -> QuerySet[Organisation]:
    """``records`` 涉及的机构，按树的次序，供筛选。一次查询。

    逐个机构看有没有一条就够，不必看遍全部记录；写成 ``EXISTS``，PostgreSQL 会改成看遍全部再比。
    """
    own = records.order_by().filter(organisation=OuterRef("pk")).values("pk")[:1]
    found: QuerySet[Organisation] = Organisation.objects.alias(one=Subquery(own))
    return found.filter(one__isnull=False).order_by("path")


def matching(fields: Iterable[str], word: str) -> Q:
    """``word`` 在哪一个字段里出现都算，不分大小写。

    没有大小写的词（汉字、数字）照原样比：PostgreSQL 把每一条的文字都转成大写，要慢十倍。
    """
    how = "contains" if word.upper() == word.lower() else "icontains"
    return Q(*((f"{field}__{how}", word) for field in fields), _connector=Q.OR)


def _is_of_records(records: QuerySet[Any]) -> bool:
    return issubclass(records._iterable_class, ModelIterable)


def in_full_order(records: QuerySet[Any]) -> QuerySet[Any]:
    """次序不分先后的再按编号排：翻页不重不漏。不是一条条记录的（汇总）照旧。"""
    if not _is_of_records(records):
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
