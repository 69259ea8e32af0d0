"""稿件的界面：查询次数不随多少变，填写项、待办、列表。"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.foundation.library.conftest import put_in
from tests.sources.articles.conftest import BODY, walk, written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.sources.articles.models import Article

pytestmark = pytest.mark.django_db
LIST = "/workbench/articles/"
HOUSEHOLD = 5


def test_the_queries_do_not_grow_with_the_articles(
    town: Town, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    desk = sign_in(town.drafter)
    articles = [written(town, title=f"第{number}篇") for number in range(8)]
    for path, more in ((LIST, 6), (f"{LIST}{articles[0].pk}/", 24), (f"{LIST}new/", 8)):
        desk.get(path)
        with django_assert_max_num_queries(HOUSEHOLD + more):
            assert desk.get(path).status_code == 200


def test_the_editor_takes_what_it_is_given_and_gives_it_back(town: Town) -> None:
    desk, item = sign_in(town.drafter), put_in(town)
    article = written(town)
    html = f'<h2>一</h2><p>正文</p><figure><img data-file="{item.pk}" alt="墙" src="/x"></figure>'
    desk.fill(f"{LIST}{article.pk}/edit/", **{"body-html": html})
    article.refresh_from_db()
    assert [block["type"] for block in article.body] == ["heading", "paragraph", "picture"]
    page = desk.get(f"{LIST}{article.pk}/edit/").content.decode()
    assert f'data-file="{item.pk}"' in page.replace("&quot;", '"')
    assert (
        f"/workbench/library/{item.pk}/thumbnail/"
        in desk.get(f"{LIST}{article.pk}/").content.decode()
    )


def test_an_urgent_reprint_comes_first_and_says_until_when(town: Town) -> None:
    written(town, title="平常的一篇")
    at = timezone.now() - timedelta(hours=20)
    written(
        town, title="国务院常务会议", source_name="中国政府网", source_level="central",
        source_href="https://www.gov.cn/a.htm", source_published_at=at,
    )  # fmt: skip
    page = sign_in(town.drafter).get("/workbench/").content.decode()
    assert page.index("国务院常务会议") < page.index("平常的一篇")
    due = timezone.localtime(at + timedelta(hours=24))
    assert f"最晚 {due:%Y-%m-%d %H:%M} 转载" in page


def test_what_waits_for_its_time_is_nobodys_to_do(town: Town) -> None:
    article = written(town, title="定时的", publish_at=timezone.now() + timedelta(days=1))
    walk(town, article, "submit", "pass", "approve")
    assert "定时的" not in sign_in(town.drafter).get("/workbench/").content.decode()


def test_the_list_is_narrowed_by_state_type_and_column(town: Town) -> None:
    written(town, title="一条动态")
    written(town, title="一条公告", article_type="notice", columns=())
    desk = sign_in(town.drafter)
    for query, seen, unseen in (
        ("article_type=notice", "一条公告", "一条动态"),
        (f"column={town.column.pk}", "一条动态", "一条公告"),
        ("state=draft&q=公告", "一条公告", "一条动态"),
    ):
        page = desk.get(f"{LIST}?{query}").content.decode()
        assert seen in page and unseen not in page


def test_a_page_from_word_of_five_megabytes_is_read_and_a_larger_one_refused(town: Town) -> None:
    desk, article = sign_in(town.drafter), written(town)
    style = "<p style='mso-" + "x" * 4_900 + "'>一段</p>"
    desk.fill(f"{LIST}{article.pk}/edit/", **{"body-html": style * 1_000})
    article.refresh_from_db()
    assert len(article.body) == 1_000
    refused = desk.fill(f"{LIST}{article.pk}/edit/", **{"body-html": style * 1_800})
    assert refused.status_code == 422 and "上限" in refused.content.decode()
    assert Article.objects.get().body[0] == {**BODY[0], "text": "一段"}
