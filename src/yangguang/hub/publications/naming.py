"""用人的话指一条信息：索引号、公开页面的地址、文号或标题。"""

import re

from django.db.models import Q, QuerySet

from .models import Publication
from .selectors import path_of

_INDEX_NUMBER = re.compile(r"[0-9A-Z]{18}/\d{4}-\d{5}")
_ADDRESS = re.compile(r"/(?P<kind>[a-z_]+)/\d{1,2}(?:/\d\d)*/(?P<pk>\d{1,12})\.html")
_SHORTEST = 4
"""标题至少写这么多个字才去找。"""
SHOWN = 5


class NotFound(Exception):  # noqa: N818  找不到是答复，不是程序出错
    """找不到，或不能用；``reason`` 是一句话，说明怎样写。"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def named_publication(line: str, among: QuerySet[Publication], whose: str = "平台") -> Publication:
    """``line`` 说的是 ``among`` 里的哪一条；找不到、不止一条、不能用的抛出 ``NotFound``。"""
    line = line.strip()
    if number := _INDEX_NUMBER.search(line.upper()):
        exact = Publication.objects.filter(index_number=number.group())
    elif address := _ADDRESS.search(line):
        exact = Publication.objects.filter(pk=int(address["pk"]), kind=address["kind"])
        exact = exact.filter(pk__in=[p.pk for p in exact if _is_at(p, line)])
    else:
        return _by_words(line, among, whose)
    publication = exact.select_related("organisation").first()
    if publication is None:
        raise NotFound(f"“{line}”在平台上没有，请核对索引号或地址。")
    if publication.state != Publication.State.PUBLISHED:
        # 撤回了的标题公众看不到，这里也不说
        raise NotFound(f"“{line}”已经撤回，公众看不到，请换一条。")
    if not among.filter(pk=publication.pk).exists():
        raise NotFound(
            f"“{publication.title}”是{publication.organisation}发布的，请用{whose}发布的。"
        )
    return publication


def _by_words(line: str, among: QuerySet[Publication], whose: str) -> Publication:
    rows = list(among.filter(Q(document_number=line) | Q(title=line))[: SHOWN + 1])
    if not rows and len(line) >= _SHORTEST:
        rows = list(among.filter(title__icontains=line)[: SHOWN + 1])
    if not rows:
        raise NotFound(f"{whose}没有发布过标题或文号是“{line}”的信息，请写索引号或公开页面的地址。")
    if len(rows) > 1:
        listed = "；".join(f"{p.index_number} {p.title}" for p in rows[:SHOWN])
        more = "等" if len(rows) > SHOWN else ""
        raise NotFound(f"“{line}”不止一条，请写明是哪个索引号：{listed}{more}。")
    return rows[0]


def public_path(publication: Publication | None) -> str:
    """公开页面在站点里的地址；公众现在看不到的为空。"""
    if publication is None or publication.state != Publication.State.PUBLISHED:
        return ""
    return path_of(publication)


def _is_at(publication: Publication, line: str) -> bool:
    return path_of(publication) in line
