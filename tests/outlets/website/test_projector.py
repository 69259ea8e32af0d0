"""跟进变更日志：公众看到的就是库里的现状；增量烘成的树与从头烘的一字不差。"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.outlets.website.conftest import FIGURES, TODAY, Desk, FigureKind, tree_files
from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.publications import kinds
from yangguang.hub.publications.models import Publication, PublicationFile
from yangguang.hub.publications.rules import attachment_path, digest, shelf
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.manifest import NAME
from yangguang.outlets.website.models import BakedPage, Cursor
from yangguang.outlets.website.projector import has_work
from yangguang.outlets.website.rules import (
    ListKey,
    list_path,
    sha256,
    sitemap_part,
    sitemap_path,
)
from yangguang.outlets.website.serving import DYNAMIC
from yangguang.outlets.website.sheets import PageRef, make_all
from yangguang.outlets.website.verification import verify_site

Moment = Callable[..., datetime]


def clean(desk: Desk, out: Path, as_of: date = TODAY) -> dict[str, bytes]:
    bake_everything(Press(desk.site, as_of), out)
    return tree_files(out / desk.site.code)


def test_a_new_site_is_whole_before_anything_is_published(desk: Desk, tmp_path: Path) -> None:
    desk.follow()
    assert desk.files() == clean(desk, tmp_path / "clean")
    for path in (
        "index.html",
        "404.html",
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
        "map/index.html",
    ):
        assert path in desk.files()
    assert "还没有公开的信息" in desk.page("index.html")


def test_publishing_reaches_the_page_its_columns_their_years_the_home_the_unit_and_the_feeds(
    desk: Desk, moment: Moment, tmp_path: Path
) -> None:
    desk.follow()
    publication = desk.publish(on=moment(2020, 9, 28))
    desk.follow()
    path = path_of(publication)
    for page in (
        "index.html", "columns/open/index.html", "columns/files/index.html",
        "columns/files/2020/index.html", "columns/open/2020/index.html",
        "organisations/donghe/index.html", "feed.xml", "columns/files/feed.xml",
        "columns/open/feed.xml", sitemap_path(sitemap_part(publication.pk)).lstrip("/"),
    ):  # fmt: skip
        assert path in desk.page(page), page
    assert path not in desk.page("columns/plans/index.html")
    assert desk.files() == clean(desk, tmp_path / "clean")


def test_the_page_shows_fields_text_outline_history_and_what_verifies_it(
    desk: Desk, moment: Moment
) -> None:
    publication = desk.publish(on=moment(2020, 9, 28))
    desk.correct(publication, "改过的正文。")
    desk.follow()
    html = desk.page(path_of(publication))
    for words in (
        "索引号",
        "公开方式",
        "发布机构",
        "组配分类",
        "文件编号",
        "发文日期",
        "成文日期",
        "有效性",
    ):
        assert f"<dt>{words}</dt>" in html
    assert "改过的正文。" in html and "正文。</p>" in html
    assert "二、&lt;附则&gt;" in html and "甲&amp;乙" in html and "<b>测试" not in html
    assert 'href="#s2"' in html and 'id="s2"' in html
    assert "文字有误" in html and "登记簿" in html
    labels = dict(re.findall(r'<meta name="(\w+)" content="([^"]*)"', html))
    assert labels["PubDate"] == "2020-09-28 09:00"
    assert {
        "SiteName",
        "SiteDomain",
        "SiteIDCode",
        "ColumnName",
        "ColumnType",
        "ArticleTitle",
        "ContentSource",
    } <= labels.keys()
    publication.refresh_from_db()
    shown = publication.current_version.digest
    (payload,) = re.findall(r'href="(/verify/[^"]+)"', html)
    assert shown in html and sha256(desk.files()[payload.lstrip("/")]) == shown
    assert digest(publication.current_version.payload) == shown
    assert canonical_json(publication.current_version.payload) == desk.files()[payload.lstrip("/")]


def test_withdrawal_leaves_a_dignified_page_and_nothing_of_the_content(
    desk: Desk, tmp_path: Path
) -> None:
    file = desk.store(b"name,number\nsecret-marker,1\n", "名单.csv")
    publication = desk.publish("独一无二的题名", files=(file,))
    desk.follow()
    assert any(path.startswith("files/") for path in desk.files())
    desk.withdraw(publication)
    desk.follow()
    html = desk.page(path_of(publication))
    assert "此信息已撤回" in html and "内容有误，核实后重新发布" in html and "noindex" in html
    for path, content in desk.files().items():
        assert not path.startswith("files/")
        if path.endswith((".html", ".xml", ".json")):
            assert "独一无二的题名" not in content.decode(), path
    assert set(PublicationFile.objects.values_list("role", flat=True)) == {"tombstone"}
    assert desk.files() == clean(desk, tmp_path / "clean")
    desk.republish(publication)
    desk.follow()
    assert "独一无二的题名" in desk.page(path_of(publication))
    assert desk.files() == clean(desk, tmp_path / "clean2")


def test_withdrawal_is_carried_out_before_anything_else_even_when_the_log_is_not_sealed(
    desk: Desk,
) -> None:
    from yangguang.outlets.website.projector import catch_up

    publication = desk.publish("独一无二的题名")
    desk.follow()
    desk.withdraw(publication)
    catch_up(TODAY)
    assert "此信息已撤回" in desk.page(path_of(publication))
    assert not [name for name, content in desk.files().items() if "独一无二".encode() in content]


def test_an_attachment_removed_by_a_correction_leaves_the_tree(desk: Desk, tmp_path: Path) -> None:
    from tests.outlets.website.conftest import NoteKind

    one = desk.store(b"a,b\n1,2\n", "一.csv")
    two = desk.store(b"c,d\n3,4\n", "二.csv")
    publication = desk.publish(files=(one,))
    desk.follow()
    NoteKind.files[publication.source_id] = [two]
    desk.correct(publication, "换了附件。")
    desk.follow()
    kept = [path for path in desk.files() if path.startswith("files/")]
    assert [path for path in kept if not path.endswith(NAME)] == [
        attachment_path(publication.pk, two.sha256, "a.csv").lstrip("/")
    ]
    assert desk.files() == clean(desk, tmp_path / "clean")


def test_a_changed_figure_re_bakes_only_the_pages_that_show_it(desk: Desk, tmp_path: Path) -> None:
    publication = desk.publish(kind="figure")
    desk.publish("别的")
    desk.follow()
    before = dict(BakedPage.objects.values_list("path", "baked"))
    FIGURES["figure:1"] = 7
    desk.refresh("figure:1")
    desk.follow()
    after = dict(BakedPage.objects.values_list("path", "baked"))
    assert {path for path in after if after[path] != before[path]} == {path_of(publication)}
    assert f"{TODAY} 完成 7 项" in desk.page(path_of(publication))
    assert desk.files() == clean(desk, tmp_path / "clean")


def test_a_new_day_re_bakes_only_the_pages_that_show_a_date(desk: Desk) -> None:
    dated = desk.publish(kind="figure")
    desk.publish("别的")
    desk.follow()
    before = desk.files()
    desk.follow(TODAY + timedelta(days=1))
    after = desk.files()
    changed = {path for path in after if after[path] != before.get(path)}
    name = path_of(dated).lstrip("/")
    manifests = {NAME, "figure/" + NAME, f"figure/{shelf(dated.pk)}/" + NAME}
    assert changed == {name, name + ".gz", name + ".br", *manifests}
    assert "2026-06-02" in desk.page(name)


def test_a_changed_column_reaches_every_page(desk: Desk, tmp_path: Path) -> None:
    publication = desk.publish()
    desk.follow()
    column = desk.columns["notices"]
    column.name = "公告栏"
    column.save()
    desk.follow()
    assert "公告栏" in desk.page(path_of(publication))
    assert desk.files() == clean(desk, tmp_path / "clean")


def test_a_column_that_is_gone_takes_its_pages_along(desk: Desk, tmp_path: Path) -> None:
    desk.follow()
    desk.columns["notices"].delete()
    desk.follow()
    assert not any(path.startswith("columns/notices/") for path in desk.files())
    assert desk.files() == clean(desk, tmp_path / "clean")


def test_publishing_into_a_long_list_touches_few_pages(
    desk: Desk, moment: Moment, tmp_path: Path
) -> None:
    for number in range(65):
        desk.publish(f"第{number}号通知", on=moment(2020 + number % 3, 1 + number % 12))
    desk.follow()
    assert desk.files() == clean(desk, tmp_path / "clean")
    before = dict(BakedPage.objects.values_list("path", "baked"))
    desk.publish("再来一件", on=moment(2021))
    desk.follow()
    after = dict(BakedPage.objects.values_list("path", "baked"))
    assert len({path for path in after if after[path] != before.get(path)}) <= 24
    assert desk.files() == clean(desk, tmp_path / "clean2")


def test_the_cursor_stands_at_the_last_sealed_change_and_following_again_does_nothing(
    desk: Desk,
) -> None:
    desk.publish()
    desk.follow()
    assert Cursor.objects.get().sequence == 1
    before = dict(BakedPage.objects.values_list("path", "baked"))
    desk.follow()
    assert dict(BakedPage.objects.values_list("path", "baked")) == before


def test_an_older_bake_never_replaces_a_newer_page(desk: Desk) -> None:
    from yangguang.outlets.website.baker import Baker, tree_of

    publication = desk.publish()
    desk.follow()
    page = BakedPage.objects.get(path=path_of(publication))
    desk.correct(publication, "更正后的正文。")
    desk.follow()
    newer = desk.page(page.path)
    assert Baker(Press(desk.site, TODAY), tree_of(desk.site), 1).bake([page]) == 0
    assert desk.page(page.path) == newer


def test_every_file_is_recorded_with_its_hash_and_every_link_leads_somewhere(desk: Desk) -> None:
    file = desk.store(b"a,b\n1,2\n", "表.csv")
    desk.publish(files=(file,))
    desk.publish("另一件", columns=("notices", "plans"))
    desk.follow()
    files = desk.files()
    for page in BakedPage.objects.exclude(sha256=""):
        name = page.path.lstrip("/") + ("index.html" if page.path.endswith("/") else "")
        assert sha256(files[name]) == page.sha256
    for recorded in PublicationFile.objects.all():
        assert sha256(files[recorded.path.lstrip("/")]) == recorded.sha256
    for name, content in files.items():
        if name.endswith(".html"):
            for href in re.findall(r'(?:href|src)="(/[^"#]*)', content.decode()):
                if href.startswith(DYNAMIC):
                    continue
                target = href.lstrip("/") + ("index.html" if href.endswith("/") else "")
                assert target in files or href.startswith(DYNAMIC), (name, href)


@pytest.mark.parametrize(
    "path", ["index.html", "columns/files/index.html", "organisations/index.html"]
)
def test_each_class_of_page_has_its_labels(desk: Desk, path: str) -> None:
    desk.follow()
    names = set(re.findall(r'<meta name="(\w+)"', desk.page(path)))
    assert {"SiteName", "SiteDomain", "SiteIDCode"} <= names
    wants_column = path != "index.html"
    assert (
        {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"} <= names
    ) is wants_column


def test_a_republished_record_counts_once_everywhere(desk: Desk) -> None:
    publication = desk.publish("一件事")
    desk.follow()
    desk.withdraw(publication)
    desk.republish(publication, columns=("plans",))
    desk.follow()
    assert Publication.objects.count() == 1
    assert path_of(publication) in desk.page("columns/plans/index.html")
    assert path_of(publication) not in desk.page("columns/files/index.html")
    assert desk.page("columns/open/index.html").count(path_of(publication)) == 1


@pytest.mark.django_db(transaction=True)
def test_cut_before_the_manifests_are_written_there_is_still_work_to_do(desk: Desk) -> None:
    desk.publish("甲")
    desk.follow()
    desk.publish("乙")
    with pytest.raises(Stopped), armed("manifests.before_write"):
        desk.follow()
    assert has_work()
    desk.follow()
    assert not has_work() and verify_site().broken == ()


class UnitKind(FigureKind):
    """在机构页上占一块的一种信息。"""

    code = "unit"
    unit_block = "website/ways_on.html"

    def unit_key(self, payload: Any, organisation: str) -> str:
        return "figure:1"


def test_however_many_units_a_batch_has_the_newest_item_of_a_kind_is_read_once(desk: Desk) -> None:
    kinds.register(UnitKind())
    desk.publish(kind="unit")
    desk.follow()
    keys = [ListKey("organisation", code) for code in ("donghe", "county-0", "county-1")]
    heads = [PageRef(list_path(key), "list", f"{key} 0") for key in keys]
    press, asked = Press(desk.site, TODAY), []
    make_all(press, heads)
    for refs in (heads[:1], heads):
        with CaptureQueriesContext(connection) as queries:
            sheets = make_all(press, refs)
        assert all(sheet and b'class="filters"' in sheet.content for sheet in sheets)
        asked.append(len(queries))
    assert asked[0] == asked[1]
