"""没有统计数字的库也按挑得出的条件查，不按状态把全库扫一遍：十万条时差三倍多。"""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from yangguang.hub.publications.linking import linked_with
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import published
from yangguang.outlets.website.models import ListEntry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="看的是 SQLite 的查询计划"),
]

SPAN = Q(public_list=1, ordinal__gte=0, ordinal__lt=20) | Q(public_list=2, ordinal__gte=40)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (published().filter(pk__in=range(60)), "publications_publication USING INTEGER PRIMARY"),
        (
            ListEntry.objects.filter(SPAN, publication__state="published").select_related(
                "publication__organisation"
            ),
            "SEARCH website_listentry USING INDEX",
        ),
        (
            Publication.objects.filter(state="published", pinned_until__gte=date(2020, 9, 25)),
            "publication_pinned",
        ),
        (published().filter(kind="plan", site=1)[:1], "publication_newest_of_kind"),
        (linked_with(Publication(pk=1)), "publications_publication USING INTEGER PRIMARY"),
    ],
    ids=["按编号", "列表的几页", "置顶的", "一种信息最新的", "与它互链的"],
)
def test_the_condition_that_chooses_few_is_the_one_looked_up(
    asked: QuerySet[Publication], index: str
) -> None:
    assert index in asked.explain()
