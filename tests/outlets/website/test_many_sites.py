"""一个资源库供几个站点：原件只有一份，转发到哪里就在哪里看得到，撤回处处撤回。"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group

from tests.actors import actor
from tests.hub.search.conftest import follow as index
from tests.outlets.website.conftest import FIGURES, TODAY, Desk, tree_files
from tests.outlets.website.test_serving import ask
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.rules import demonstration_uscc
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import site_at
from yangguang.hub.publications.models import Change, Placement, Publication, PublicationFile, Share
from yangguang.hub.publications.rebuilding import check, rebuild
from yangguang.hub.publications.selectors import path_of, shown_on
from yangguang.hub.publications.services import publish
from yangguang.hub.publications.sharing import share, unshare
from yangguang.hub.search.engine import Filters
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import find
from yangguang.outlets.website.apart import bake_apart
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import BakedPage
from yangguang.outlets.website.rules import sitemap_part, sitemap_path, verify_path
from yangguang.outlets.website.serving import SiteServer
from yangguang.outlets.website.verification import verify_site

REASON = "与本县无关"


@pytest.fixture
def county(desk: Desk) -> Desk:
    """金县的站点：同一域名下，前缀 ``/jin``；它的签发人在办公。"""
    organisation = Organisation.objects.get(code="county-0")
    organisation.uscc = demonstration_uscc(organisation.code)
    organisation.uscc_is_demonstration = True
    organisation.save()
    site = Site.objects.create(
        code="jin", name="金县人民政府", short_name="金县", organisation=organisation,
        domain=desk.site.domain, path_prefix="jin", other_hosts=["jin.localhost"],
        identification_code="6299010000", accent="#0b6e4f", is_demonstration=True,
    )  # fmt: skip
    words = {"column_type": "政策文件", "description": "文件", "keywords": "文件"}
    top = Column.objects.add_root(instance=Column(site=site, code="open", name="公开", **words))
    columns = {
        code: Column.objects.add_child(
            Column.objects.get(pk=top.pk), instance=Column(site=site, code=code, name=name, **words)
        )
        for code, name in (("files", "本县文件"), ("above", "上级文件"))
    }
    return replace(
        desk, site=site, columns={"open": top, **columns}, organisation=organisation,
        actor=actor("approver", organisation), count=1000,
    )  # fmt: skip


def shared(desk: Desk, county: Desk, title: str = "发给各县的通知", **given: Any) -> Publication:
    publication = desk.publish(title, **given)
    share(publication, [county.columns["above"]], actor=county.actor)
    return publication


def afresh(*desks: Desk, out: Path) -> None:
    """各站点的树都与从头烘的逐字节相同，与账相符。"""
    for each in desks:
        bake_everything(Press(each.site, TODAY), out)
        assert each.files() == tree_files(out / each.site.code)
    assert verify_site().broken == () and check().broken == ()


def holding(desk: Desk, words: str) -> list[str]:
    return [name for name, content in desk.files().items() if words.encode() in content]


def test_what_is_shared_is_in_the_lists_feeds_and_home_of_both_sites(
    desk: Desk, county: Desk, tmp_path: Path
) -> None:
    publication = shared(desk, county, files=(desk.store(b"a,1\n", "表.csv"),))
    desk.follow()
    path = path_of(publication)
    for page in (
        "index.html", "feed.xml", "columns/above/index.html", "columns/open/index.html",
        "columns/above/feed.xml", f"columns/above/{publication.published_at.year}/index.html",
    ):  # fmt: skip
        assert f"/jin{path}" in county.page(page), page
    assert path not in county.page("columns/files/index.html")
    assert path in desk.page("columns/files/index.html")
    assert f"/jin{path}" not in "".join(
        content.decode() for name, content in desk.files().items() if name.endswith(".html")
    )
    afresh(desk, county, out=tmp_path / "clean")


def test_the_page_of_a_shared_item_names_its_source_and_its_one_address(
    desk: Desk, county: Desk
) -> None:
    publication = shared(desk, county, files=(desk.store(b"a,1\n", "表.csv"),))
    desk.follow()
    path = path_of(publication)
    original = f"https://{desk.site.domain}{path}"
    html = county.page(path)
    assert re.search(rf'<link rel="canonical"\s+href="{original}">', html)
    assert f'来源 <a href="{path}">{desk.site.name}</a>' in html
    assert '<meta name="ContentSource" content="东河州人民政府">' in html
    assert '<meta name="SiteName" content="金县人民政府">' in html
    assert '<meta name="ColumnName" content="上级文件">' in html
    assert 'href="/organisations/donghe/"' in html, "发布机构的一页在州的站点"
    assert 'href="/jin/columns/above/"' in html
    assert re.search(rf'<link rel="canonical"\s+href="{original}">', desk.page(path))
    assert "来源 <a" not in desk.page(path)
    # 附件和核验用的载荷，两处都有，一样
    for name in (verify_path(publication.pk), PublicationFile.objects.get(
        site=county.site, role="attachment").path):  # fmt: skip
        assert county.files()[name.lstrip("/")] == desk.files()[name.lstrip("/")]
        assert f'href="/jin{name}"' in html
    assert f"<id>{original}</id>" in county.page("feed.xml")


def test_the_site_map_lists_only_originals(desk: Desk, county: Desk) -> None:
    publication = shared(desk, county)
    own = county.publish("本县的通知")
    desk.follow()
    part = sitemap_path(sitemap_part(own.pk)).lstrip("/")
    assert path_of(publication) in desk.page(part)
    assert path_of(own) not in desk.page(part)
    listed = re.findall("<loc>(.*?)</loc>", county.page(part))
    assert listed == [f"https://{desk.site.domain}/jin{path_of(own)}"]


def test_a_correction_reaches_every_site(desk: Desk, county: Desk, tmp_path: Path) -> None:
    publication = shared(desk, county)
    desk.follow()
    desk.correct(publication, "更正后的正文。")
    desk.follow()
    for each in (desk, county):
        assert "更正后的正文。" in each.page(path_of(publication))
    afresh(desk, county, out=tmp_path / "clean")


def test_withdrawal_takes_it_from_every_site_page_twins_attachment_lists_feeds_and_index(
    desk: Desk, county: Desk, tmp_path: Path, settings: Any
) -> None:
    settings.SEARCH_ROOT = tmp_path / "index"
    publication = shared(
        desk, county, "独一无二的题名", files=(desk.store(b"secret,1\n", "表.csv"),)
    )
    desk.follow()
    index()
    server = SiteServer(desk.root)
    path = path_of(publication)
    attachment = PublicationFile.objects.get(site=county.site, role="attachment").path
    behind = [verify_path(publication.pk), attachment]
    for prefix in ("", "/jin"):
        assert "独一无二的题名" in ask(server, prefix + path)[2].decode()
        assert [ask(server, prefix + each)[0] for each in behind] == ["200", "200"]
    desk.withdraw(publication)
    desk.follow()
    index()
    for prefix, each in (("", desk), ("/jin", county)):
        status, _, page = ask(server, prefix + path)
        assert status == "200" and "此信息已撤回" in page.decode()
        for accepted in ("", "gzip", "br"):
            assert ask(server, prefix + path, accept_encoding=accepted)[0] == "200"
            for name in behind:
                assert ask(server, prefix + name, accept_encoding=accepted)[0] == "404"
        for page in (
            "/", "/feed.xml", "/columns/open/", "/columns/open/feed.xml",
            sitemap_path(sitemap_part(publication.pk)),
        ):  # fmt: skip
            assert path not in ask(server, prefix + page)[2].decode(), page
        assert holding(each, "独一无二的题名") == [] and holding(each, "secret,1") == []
    assert find(parse("独一无二"), Filters()).total == 0
    assert set(PublicationFile.objects.values_list("role", flat=True)) == {"tombstone"}
    afresh(desk, county, out=tmp_path / "clean")


def test_a_withdrawal_empties_every_tree_before_anything_else(desk: Desk, county: Desk) -> None:
    from yangguang.outlets.website.projector import catch_up

    publication = shared(desk, county)
    desk.follow()
    desk.withdraw(publication)
    catch_up(TODAY)
    for each in (desk, county):
        assert "此信息已撤回" in each.page(path_of(publication))
        assert holding(each, publication.title) == []


def test_what_comes_back_is_shared_again_where_it_was(desk: Desk, county: Desk) -> None:
    publication = shared(desk, county, "又回来的")
    desk.withdraw(publication)
    desk.follow()
    desk.republish(publication, columns=("plans",))
    desk.follow()
    assert path_of(publication) in county.page("columns/above/index.html")
    assert path_of(publication) in desk.page("columns/plans/index.html")
    assert check().broken == ()


def test_a_site_that_stops_sharing_says_where_the_original_is(
    desk: Desk, county: Desk, tmp_path: Path
) -> None:
    publication = shared(desk, county, "题名甲", files=(desk.store(b"a,1\n", "表.csv"),))
    desk.follow()
    unshare(publication, county.site, actor=county.actor, reason=REASON)
    desk.follow()
    page = county.page(path_of(publication))
    assert "本站不再转发此信息" in page and f'href="{path_of(publication)}"' in page
    assert "noindex" in page and holding(county, "题名甲") == []
    assert not any(name.startswith(("files/", "verify/")) for name in county.files())
    assert "题名甲" in desk.page(path_of(publication))
    afresh(desk, county, out=tmp_path / "clean")
    share(publication, [county.columns["files"]], actor=county.actor)
    desk.follow()
    assert "题名甲" in county.page("columns/files/index.html")
    afresh(desk, county, out=tmp_path / "clean2")


def test_publishing_into_the_columns_of_a_lower_site_shares_at_once(
    desk: Desk, county: Desk
) -> None:
    version = publish(
        Group.objects.create(name="直接发到县里"), "note", organisation=desk.organisation,
        columns=[desk.columns["files"], county.columns["above"]], actor=desk.actor, key="both",
    )  # fmt: skip
    desk.follow()
    assert path_of(version.publication) in county.page("columns/above/index.html")
    assert [c.action for c in Change.objects.order_by("pk")] == ["publish", "share"]
    (primary,) = Placement.objects.filter(publication=version.publication, is_primary=True)
    assert primary.column == desk.columns["files"]
    assert check().broken == ()


def test_a_lower_site_cannot_put_its_own_into_the_upper_ones_columns(
    desk: Desk, county: Desk
) -> None:
    record = Group.objects.create(name="想发到州里")
    for columns, told in (
        ([county.columns["files"], desk.columns["files"]], "请由那里的人转发"),
        ([desk.columns["files"]], "组配分类须是“金县人民政府”的栏目"),
    ):
        with pytest.raises(Refused, match=told):
            publish(
                record, "note", organisation=county.organisation, columns=columns,
                actor=county.actor, key="up",
            )  # fmt: skip
    assert Publication.objects.count() == 0


def test_what_a_county_published_is_shared_by_the_prefecture(
    desk: Desk, county: Desk, tmp_path: Path
) -> None:
    own = county.publish("本县的通知")
    desk.follow()
    assert own.site == county.site
    assert "这个机构公开的信息在" in desk.page("organisations/county-0/index.html")
    assert 'href="/jin/organisations/county-0/"' in desk.page("organisations/county-0/index.html")
    share(own, [desk.columns["files"]], actor=desk.actor)
    desk.follow()
    assert path_of(own) in desk.page("organisations/county-0/index.html")
    assert f'来源 <a href="/jin{path_of(own)}">金县人民政府</a>' in desk.page(path_of(own))
    afresh(desk, county, out=tmp_path / "clean")


def test_only_those_of_the_receiving_site_decide_what_it_shares(desk: Desk, county: Desk) -> None:
    publication = desk.publish()
    above = [county.columns["above"]]
    office = Organisation.objects.get(code="county-1")
    strangers = [desk.actor, actor("drafter", county.organisation), actor("approver", office)]
    for stranger in strangers:
        with pytest.raises(OutOfScope):
            share(publication, above, actor=stranger)
    before = Change.objects.count(), AuditEvent.objects.count()
    share(publication, above, actor=actor("supervisor", county.organisation, subtree=True))
    for stranger in strangers:
        with pytest.raises(OutOfScope):
            unshare(publication, county.site, actor=stranger, reason=REASON)
    assert (Change.objects.count(), AuditEvent.objects.count()) == (before[0] + 1, before[1] + 1)
    above_it = actor("supervisor", desk.organisation, username="above", subtree=True)
    unshare(publication, county.site, actor=above_it, reason=REASON)
    assert not Share.objects.filter(ended_at=None).exists()


def test_a_double_click_shares_once_and_stops_once(desk: Desk, county: Desk) -> None:
    publication = desk.publish()
    above = [county.columns["above"]]
    for _ in range(2):
        share(publication, above, actor=county.actor)
    for _ in range(2):
        unshare(publication, county.site, actor=county.actor, reason=REASON)
    told = ["publish", "share", "unshare"]
    assert [c.action for c in Change.objects.order_by("pk")] == told
    audited = AuditEvent.objects.filter(action__startswith="publications.").order_by("pk")
    assert [event.action.partition(".")[2] for event in audited] == told
    assert audited[1].public == {"site": "jin", "columns": ["above"]}


def test_everything_that_stands_against_sharing_is_told(desk: Desk, county: Desk) -> None:
    publication = desk.publish()
    desk.withdraw(publication)
    own = replace(desk.actor, organisation_id=county.organisation.pk)
    for columns, told in (
        ([], "请选定放在哪个栏目。"),
        ([county.columns["above"]], "已经撤回，不能转发"),
    ):
        with pytest.raises(Refused, match=told):
            share(publication, columns, actor=own)
    mine = county.publish("本县的")
    with pytest.raises(Refused, match="原件就在这个站点"):
        share(mine, [county.columns["above"]], actor=county.actor)
    live = shared(desk, county, "在转发的")
    with pytest.raises(Refused, match="须写明原因"):
        unshare(live, county.site, actor=county.actor, reason=" ")
    with pytest.raises(Share.DoesNotExist):
        unshare(mine, desk.site, actor=desk.actor, reason=REASON)


def test_placements_that_disagree_with_the_log_are_found_and_shares_do_not_unsettle_a_rebuild(
    desk: Desk, county: Desk
) -> None:
    publication = shared(desk, county)
    ended = shared(desk, county, "停了的")
    unshare(ended, county.site, actor=county.actor, reason=REASON)
    desk.follow()
    assert check().broken == () and rebuild().broken == () and check().broken == ()
    Share.objects.filter(publication=ended).update(ended_at=None)
    Placement.objects.filter(publication=publication, column__site=county.site).delete()
    assert sum("转发到“金县人民政府”" in fault for fault in check().broken) == 2
    Share.objects.all().delete()
    Placement.objects.create(publication=publication, column=county.columns["files"])
    assert any("没有转发到的站点" in fault for fault in check().broken)


def test_the_newest_of_a_site_are_its_own_and_the_shared_ones_by_date(
    desk: Desk, county: Desk, moment: Callable[..., datetime], django_assert_num_queries: Any
) -> None:
    older = shared(desk, county, "较早", on=moment(2020))
    own = county.publish("本县", on=moment(2021))
    newer = shared(desk, county, "较新", on=moment(2022))
    desk.publish("与县无关", on=moment(2023))
    with django_assert_num_queries(3):
        assert list(shown_on(county.site, 10)) == [newer, own, older]
    assert list(shown_on(county.site, 2)) == [newer, own]


def test_an_item_of_two_sites_is_found_on_both_and_once_on_all(
    desk: Desk, county: Desk, tmp_path: Path, settings: Any
) -> None:
    settings.SEARCH_ROOT = tmp_path / "index"
    publication = shared(desk, county, "共用的通知")
    county.publish("本县的通知")
    index()

    def found(**filters: Any) -> list[str]:
        return sorted(hit.entry.title for hit in find(parse("通知"), Filters(**filters)).hits)

    assert found(site="donghe") == ["共用的通知"]
    assert found(site="jin") == found() == ["共用的通知", "本县的通知"]
    assert found(site="jin", column="files") == ["本县的通知"]
    assert found(site="jin", column="above") == found(site="donghe", column="files")
    facets = find(parse("共用"), Filters(site="jin")).facets
    assert dict(facets["column"]) == {"open": 1, "above": 1}
    assert dict(facets["site"]) == {"donghe": 1, "jin": 1}
    unshare(publication, county.site, actor=county.actor, reason=REASON)
    index()
    assert found(site="jin") == ["本县的通知"] and found(site="donghe") == ["共用的通知"]


def test_a_tree_of_another_day_has_every_site_and_follows_sharing(
    desk: Desk, county: Desk, tmp_path: Path
) -> None:
    apart, day = tmp_path / "apart", TODAY - timedelta(days=300)
    publication = desk.publish("先发布")
    desk.follow()
    bake_apart(apart, day)
    page = apart / "jin" / path_of(publication).lstrip("/")
    assert not page.exists()
    share(publication, [county.columns["above"]], actor=county.actor)
    desk.follow()
    assert bake_apart(apart, day) > 0 and "先发布" in page.read_text()
    desk.withdraw(publication)
    desk.follow()
    bake_apart(apart, day)
    assert "此信息已撤回" in page.read_text()


def test_sharing_touches_few_pages(desk: Desk, county: Desk) -> None:
    publication = desk.publish()
    county.publish("本县的")
    desk.follow()
    before = dict(BakedPage.objects.values_list("pk", "baked"))
    share(publication, [county.columns["above"]], actor=county.actor)
    desk.follow()
    after = BakedPage.objects.exclude(pk__in=[k for k, v in before.items() if v])
    changed = [p for p in BakedPage.objects.all() if p.baked != before.get(p.pk)]
    assert after.exists() and len(changed) <= 32


def test_a_number_changed_above_re_bakes_the_pages_below_that_show_it(
    desk: Desk, county: Desk, tmp_path: Path
) -> None:
    publication = shared(desk, county, kind="figure")
    desk.follow()
    FIGURES["figure:1"] = 7
    desk.refresh("figure:1")
    desk.follow()
    for each in (desk, county):
        assert "完成 7 项" in each.page(path_of(publication))
    afresh(desk, county, out=tmp_path / "clean")


def test_each_site_has_its_colour_its_columns_its_units_and_its_own_not_found(
    desk: Desk, county: Desk
) -> None:
    desk.follow()
    sheets = {}
    for each in (desk, county):
        (href,) = re.findall(r'rel="stylesheet" href="([^"]+)"', each.page("index.html"))
        sheets[each.site.code] = href
        assert href.startswith(f"{each.site.base}/assets/")
        assert each.site.name in each.page("404.html")
        css = each.files()[href.removeprefix(each.site.base).lstrip("/")].decode()
        assert ("#0b6e4f" in css) is (each is county)
    assert len(set(sheets.values())) == 2
    assert "organisations/county-1/index.html" in desk.files()
    assert "organisations/county-1/index.html" not in county.files()
    assert "columns/plans/index.html" not in county.files()
    assert '<a class="superior" href="/index.html">东河州</a>' in county.page("index.html")
    assert '<a href="/jin/">金县</a>' in desk.page("index.html")


def test_a_site_opens_by_its_prefix_and_by_its_host_names(desk: Desk, county: Desk) -> None:
    other = Organisation.objects.get(code="county-1")
    Site.objects.create(
        code="yin", name="银县人民政府", short_name="银县", organisation=other,
        domain="www.yin.example", identification_code="6299020000",
    )  # fmt: skip
    desk.follow()
    server = SiteServer(desk.root)

    def at(host: str, path: str) -> tuple[str, str]:
        status, headers, body = ask(server, path, host=host)
        shown = re.search(r'name="SiteName" content="([^"]+)"', body.decode())
        return status, shown[1] if shown else headers.get("Location", "")

    for host in ("127.0.0.1:8000", desk.site.domain, "jin.localhost:8000"):
        assert at(host, "/jin/") == ("200", "金县人民政府")
        assert at(host, "/jin") == ("301", "/jin/")
        assert at(host, "/jin/nowhere") == ("404", "金县人民政府")
        assert at(host, "/index.html") == ("200", "东河州人民政府")
        assert at(host, "/jin/search/")[1] == "/search/?site=jin"
    assert at("127.0.0.1:8000", "/")[1] == at(desk.site.domain, "/")[1] == "东河州人民政府"
    assert at("jin.localhost:8000", "/") == ("301", "/jin/")
    assert at("www.yin.example", "/") == ("200", "银县人民政府")
    assert at("www.yin.example", "/jin/")[0] == "404"
    html = ask(server, "/", host="www.yin.example")[2].decode()
    assert f'href="https://{desk.site.domain}/"' in html
    _, headers, _ = ask(server, "/jin/search/", query="q=1")
    assert headers["Location"] == "/search/?q=1&site=jin"


@pytest.mark.parametrize(
    ("host", "code", "name"),
    [
        ("www.donghe.example", "", "donghe"), ("127.0.0.1", "", "donghe"),
        ("jin.localhost", "", "jin"), ("www.donghe.example", "jin", "jin"),
        ("jin.localhost", "donghe", "donghe"), ("jin.localhost", "nowhere", "jin"),
    ],
)  # fmt: skip
def test_a_request_belongs_to_the_site_it_names_or_else_to_that_of_its_host(
    desk: Desk, county: Desk, host: str, code: str, name: str
) -> None:
    found = site_at([desk.site, county.site], host, code)
    assert found and found.code == name
