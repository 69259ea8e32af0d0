"""一篇稿件在工作台上走一遍。

信息员写好、送审；审核人退回一次；改好再送，审核通过，签发人签发并发布；换栏目，置顶；修订、更正；撤回。
本机构改成“起草、签发”之后，送审没有了，直接送签。
"""

import pytest
from django.utils import timezone

from tests.sources.articles.conftest import written
from tests.sources.articles.test_services import second_column
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.hub.publications.models import Publication
from yangguang.sources.articles.models import Article

pytestmark = pytest.mark.django_db
NEW = "/workbench/articles/new/"


@pytest.fixture
def desks(town: Town) -> dict[str, Desk]:
    return {role: sign_in(getattr(town, role)) for role in ("drafter", "reviewer", "approver")}


def test_an_article_travels_from_the_draft_to_the_public_and_back(
    town: Town, desks: dict[str, Desk]
) -> None:
    drafter, reviewer, approver = desks["drafter"], desks["reviewer"], desks["approver"]

    drafter.fill(
        NEW, title="州政府召开常务会议", article_type="news", body="# 一、会议\n正文一段。"
    )
    article = Article.objects.get()
    assert [block["type"] for block in article.body] == ["heading", "paragraph"]
    home = f"/workbench/articles/{article.pk}/"
    page = drafter.get(home).content.decode()
    assert "缺少五公开类别。" in page and "起草、审核、签发" in page
    assert "送签" not in page and "初审通过" not in page

    drafter.fill(f"{home}edit/", stage="decision", columns=[str(town.column.pk)])
    drafter.fill(f"{home}do/submit/")
    assert "州政府召开常务会议" in reviewer.get("/workbench/").content.decode()
    reviewer.fill(f"{home}do/return/", message="标题要写清是哪一次。")
    assert "标题要写清是哪一次。" in drafter.get("/workbench/").content.decode()

    drafter.fill(f"{home}edit/", title="州政府召开第八次常务会议")
    drafter.fill(f"{home}do/submit/")
    reviewer.fill(f"{home}do/pass/")
    approver.fill(f"{home}do/release/")
    publication = Publication.objects.get()
    assert publication.title == "州政府召开第八次常务会议" and publication.state == "published"
    assert "看公开页面" in drafter.get(home).content.decode()

    other = second_column(town)
    drafter.fill(f"{home}do/move/", columns=[str(other.pk)])
    assert list(publication.columns.all()) == [other]
    drafter.fill(f"{home}do/pin/", until=timezone.localdate().isoformat())
    assert "置顶" in drafter.get(home).content.decode()

    drafter.fill(f"{home}do/revise/", message="补充一段")
    drafter.fill(f"{home}edit/", summary="常务会议的摘要")
    approver.fill(f"{home}do/correct/", message="补充摘要")
    publication.refresh_from_db()
    assert publication.current_version is not None and publication.current_version.number == 2
    approver.fill(f"{home}do/withdraw/", message="内容有误")
    publication.refresh_from_db()
    assert publication.state == "withdrawn"


def test_the_signer_shortens_the_steps_of_his_organisation(
    town: Town, desks: dict[str, Desk]
) -> None:
    desks["approver"].fill("/workbench/articles/route/", route="one")
    home = f"/workbench/articles/{written(town).pk}/"
    page = desks["drafter"].get(home).content.decode()
    assert "送签" in page and "送审" not in page
    assert desks["drafter"].get(f"{home}do/submit/").status_code == 404


def test_several_are_moved_at_once(town: Town, desks: dict[str, Desk]) -> None:
    articles = [written(town, title=f"第{number}篇") for number in range(3)]
    for article in articles[:2]:
        home = f"/workbench/articles/{article.pk}/"
        desks["drafter"].fill(f"{home}do/submit/")
        desks["reviewer"].fill(f"{home}do/pass/")
        desks["approver"].fill(f"{home}do/release/")
    other = second_column(town)
    picked = "&".join(f"pk={article.pk}" for article in articles)
    address = f"/workbench/articles/bulk/?event=move&{picked}"
    page = desks["drafter"].get(address).content.decode()
    assert "换到哪些栏目" in page and "只有“已发布”时可以" in page
    chosen = [str(article.pk) for article in articles[:2]]
    desks["drafter"].fill(address, columns=[str(other.pk)], pk=chosen)
    assert {tuple(p.columns.all()) for p in Publication.objects.all()} == {(other,)}


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    town: Town, desks: dict[str, Desk]
) -> None:
    refused = desks["drafter"].fill(
        NEW, title="转载一篇", article_type="news", body="正文。", source_href="www.gov.cn",
        publish_at="昨天",
    )  # fmt: skip
    page = refused.content.decode()
    assert refused.status_code == 422 and "转载一篇" in page and "www.gov.cn" in page
    assert "请写完整的网址" in page and "请写成年月日时分" in page
    assert not Article.objects.exists()
