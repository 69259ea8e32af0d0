"""稿件的界面：查询次数不随多少变，填写项、待办、列表。"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.actors import organisation
from tests.foundation.library.conftest import put_in
from tests.sources.articles.conftest import BODY, walk, written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.writing import html_of
from yangguang.foundation.workbench.models import RecordVersion
from yangguang.hub.columns.models import Column, Site
from yangguang.sources.articles.forms import picture_html
from yangguang.sources.articles.models import Article
from yangguang.sources.articles.selectors import columns_offered, columns_within
from yangguang.sources.articles.services import attach

pytestmark = pytest.mark.django_db
LIST = "/workbench/articles/"
HOUSEHOLD = 5


def test_the_queries_do_not_grow_with_the_articles(
    town: Town, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    desk = sign_in(town.drafter)
    articles = [written(town, title=f"第{number}篇") for number in range(8)]
    for path, more in ((LIST, 6), (f"{LIST}{articles[0].pk}/", 16), (f"{LIST}new/", 11)):
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


@pytest.mark.parametrize("name", ["body", "body-html"])
def test_an_older_version_comes_back_with_its_headings_and_pictures(town: Town, name: str) -> None:
    desk, item = sign_in(town.drafter), put_in(town)
    article = written(town)
    html = (
        '<h2>一</h2><p class="center"><em>正文</em></p>'
        f'<figure><img data-file="{item.pk}" alt="墙" src="/x"></figure>'
    )
    edit = f"{LIST}{article.pk}/edit/"
    desk.fill(edit, **{"body-html": html})
    article.refresh_from_db()
    once = article.body
    desk.fill(edit, **{"body-html": "<p>全删了</p>"})
    form = desk.form(f"{edit}?version=2")
    if name == "body-html":
        page = desk.get(f"{edit}?version=2").content.decode()
        form["body-html"] = html_of(once, picture_html)
        assert "全删了" not in page.split("表里填的是第 2 版")[1]
    assert desk.client.post(f"{edit}?version=2", form).status_code == 302
    article.refresh_from_db()
    assert article.body == once
    versions = RecordVersion.objects.order_by("number")
    assert [each.changed for each in versions] == [[], ["正文"], ["正文"], ["正文"]]


def test_a_move_and_an_attachment_leave_versions_too(town: Town) -> None:
    other = Column.objects.get(pk=town.column.pk).add_sibling(
        instance=Column(site=town.site, code="dongtai", name="动态", column_type="动态")
    )
    desk = sign_in(town.drafter)
    article = written(town)
    item = put_in(town)
    attach(article, item, actor=town.drafter)
    walk(town, article, "submit", "pass", "release")
    desk.fill(f"{LIST}{article.pk}/do/move/", columns=[str(other.pk)], message="归错了")
    found = list(RecordVersion.objects.order_by("number"))
    assert [each.changed for each in found] == [[], ["附件"], ["发布到哪些栏目"]]
    assert item.version.file.name in desk.get(f"{LIST}{article.pk}/print/").content.decode()


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
    page = sign_in(town.drafter).get("/workbench/").content.decode()
    assert "没有等您办的事。" in page and page.index("最近有变动的") < page.index("定时的")


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


def test_the_columns_to_narrow_by_are_those_of_the_sites_its_articles_go_to(town: Town) -> None:
    county = organisation("county", town.organisation, short_name="某县")
    other = organisation("other", short_name="别的州")
    sites = {}
    for owner in (county, other):
        sites[owner.code] = Site.objects.create(
            code=owner.code, name=owner.name, short_name=owner.short_name, organisation=owner,
            domain=f"{owner.code}.example.gov.cn", identification_code=f"62990000{owner.pk:02d}",
        )  # fmt: skip
        Column.objects.add_root(
            instance=Column(site=sites[owner.code], code="gonggao", name="公告", column_type="公告")
        )

    def offered(path: str) -> list[str]:
        found = list(columns_within(path))
        organisation_ = Organisation.objects.get(path=path)
        assert found == [c for _, columns in columns_offered(organisation_) for c in columns]
        return [f"{each.name}（{each.site.short_name}）" for each in found]

    unit = organisation("unit", county, short_name="某县某局")
    assert offered(town.organisation.path) == ["政策文件（测试州）", "公告（某县）"]
    assert offered(unit.path) == ["公告（某县）"]
    page = sign_in(town.drafter).get(LIST).content.decode()
    assert "公告（某县）" in page and "公告（别的州）" not in page


def test_a_page_from_word_of_five_megabytes_is_read_and_a_larger_one_refused(town: Town) -> None:
    desk, article = sign_in(town.drafter), written(town)
    style = "<p style='mso-" + "x" * 4_900 + "'>一段</p>"
    desk.fill(f"{LIST}{article.pk}/edit/", **{"body-html": style * 1_000})
    article.refresh_from_db()
    assert len(article.body) == 1_000
    refused = desk.fill(f"{LIST}{article.pk}/edit/", **{"body-html": style * 1_800})
    assert refused.status_code == 422 and "上限" in refused.content.decode()
    assert Article.objects.get().body[0] == {**BODY[0], "text": "一段"}
