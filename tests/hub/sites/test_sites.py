"""站点的下线和关停落到网站上：公告谁都看得见，内容照日志迁走，一条也不丢，地址上写明去处。"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.actors import actor
from tests.hub.search.conftest import follow as index
from tests.outlets.website.conftest import (  # noqa: F401  合用的夹具
    Desk,
    desk,
    kinds_registered,
)
from tests.outlets.website.test_many_sites import afresh, county, shared  # noqa: F401
from tests.outlets.website.test_serving import ask
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.jobs.registry import find
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.publications.models import Change, Publication
from yangguang.hub.publications.relocating import relocate
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.serving import SiteServer

APPROVED = {"approval": "州政办函〔2020〕15号", "filing": "当日提交"}


@pytest.fixture
def authority(desk: Desk) -> Actor:  # noqa: F811
    """州的主管单位的监督员，管到各县。"""
    return actor("supervisor", desk.organisation, subtree=True)


def close(desk: Desk, county: Desk, authority: Actor, *, by_notice: bool = True) -> Site:  # noqa: F811
    """金县的站点关停到公告期满、迁完。"""
    site = Site.objects.get(pk=county.site.pk)
    perform(
        site, "ask_closing", actor=county.actor, key="ask", message="网站集约化",
        inputs={"successor": desk.site},
    )  # fmt: skip
    perform(site, "announce", actor=authority, key="announce", inputs=APPROVED)
    Site.objects.filter(pk=site.pk).update(notice_until=date(2020, 1, 1))
    site.refresh_from_db()
    perform(
        site, "migrate", actor=authority, key="migrate",
        inputs={"fallback": Column.objects.get(pk=desk.columns["notices"].pk)},
    )  # fmt: skip
    return site


def run_jobs() -> None:
    for row in Job.objects.filter(state="waiting", name="sites.migrate"):
        find(row.name).function(**row.payload)


def test_every_address_of_a_site_that_is_offline_shows_the_notice_and_returns_as_it_was(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,
    tmp_path: Path,
) -> None:
    publication = county.publish("县里的")
    desk.follow()
    before, server = county.files(), SiteServer(desk.root)
    site = Site.objects.get(pk=county.site.pk)
    until = date.today() + timedelta(days=10)
    perform(
        site, "ask_offline", actor=county.actor, key="ask", message="系统整改",
        inputs={"until": until},
    )  # fmt: skip
    desk.follow()
    assert county.files() == before
    perform(site, "approve_offline", actor=authority, key="approve", inputs=APPROVED)
    desk.follow()
    for path in ("/jin/", f"/jin{path_of(publication)}", "/jin/columns/files/", "/jin/none"):
        status, _, body = ask(server, path)
        assert status == "503" and "网站临时下线公告" in body.decode(), path
    assert ask(server, "/")[0] == "200" and "金县人民政府网站临时下线公告" in desk.page(
        "index.html"
    )
    style = next(name for name in county.files() if name.endswith(".css"))
    assert ask(server, f"/jin/{style}")[0] == "200"
    county.site.refresh_from_db()
    afresh(desk, county, out=tmp_path / "clean")
    perform(site, "restore", actor=county.actor, key="restore")
    desk.follow()
    assert ask(server, "/jin/")[0] == "200" and county.files() == before
    with pytest.raises(Refused, match="不能再多"):
        perform(
            site, "ask_offline", actor=county.actor, key="again", message="再整改",
            inputs={"until": until},
        )  # fmt: skip


def test_the_closing_notice_is_on_every_page_of_the_site_and_on_the_home_above(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,
) -> None:
    publication = county.publish("县里的")
    site = Site.objects.get(pk=county.site.pk)
    perform(
        site, "ask_closing", actor=county.actor, key="ask", message="网站集约化",
        inputs={"successor": desk.site},
    )  # fmt: skip
    perform(site, "announce", actor=authority, key="announce", inputs=APPROVED)
    assert site.notice_until and site.since
    assert site.notice_until - site.since == timedelta(days=30)
    desk.follow()
    for page in ("index.html", path_of(publication), "columns/files/index.html", "404.html"):
        assert "金县人民政府网站关停公告" in county.page(page), page
    assert "金县人民政府网站关停公告" in desk.page("index.html")
    assert "关停公告" not in desk.page("columns/files/index.html")
    with pytest.raises(Refused, match="期满以后才能迁移"):
        perform(
            site, "migrate", actor=authority, key="early",
            inputs={"fallback": desk.columns["notices"]},
        )  # fmt: skip
    perform(site, "stop_closing", actor=authority, key="stop", message="不并了")
    desk.follow()
    assert "关停公告" not in county.page("index.html") + desk.page("index.html")


def test_everything_moves_to_the_successor_and_the_old_addresses_say_where(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,
    tmp_path: Path,
) -> None:
    same = county.publish("同名栏目的", files=(county.store(b"a,1\n", "表.csv"),))
    odd = county.publish("没有同名栏目的", columns=("above",))
    gone = county.publish("撤回的")
    county.withdraw(gone)
    below = shared(desk, county)
    desk.follow()
    site = close(desk, county, authority)
    with pytest.raises(Refused, match="还有 4 条信息没有迁走"):
        perform(site, "close", actor=authority, key="early", message="已注销")
    run_jobs()
    desk.follow()
    index()
    for publication, column in ((same, "files"), (odd, "notices")):
        path = path_of(publication)
        assert publication.title in desk.page(path) and path in desk.page(
            f"columns/{column}/index.html"
        )
        assert publication.title not in county.page(path)
        assert f'href="{path}"' in county.page(path) and "原件" in county.page(path)
        publication.refresh_from_db()
        assert publication.site == desk.site
    assert not [name for name in county.files() if name.endswith(".csv")]
    assert [name for name in desk.files() if name.endswith(".csv")]
    assert "已撤回" in desk.page(path_of(gone))
    assert "不再转发" in county.page(path_of(below))
    county.site.refresh_from_db()
    afresh(desk, county, out=tmp_path / "clean")
    perform(site, "close", actor=authority, key="close", message="域名不另设，标识码已注销")
    desk.follow()
    assert "已于" in county.page("index.html") and 'href="/jin/"' not in desk.page("index.html")
    assert site_for(county.organisation) == desk.site
    county.site.refresh_from_db()
    afresh(desk, county, out=tmp_path / "again")
    assert Change.objects.filter(action="relocate").count() == 3
    run_jobs()
    assert Change.objects.filter(action="relocate").count() == 3
    later = desk.publish("关停以后发的", by=county.organisation)
    desk.follow()
    assert path_of(later) in desk.page("columns/files/index.html")
    afresh(desk, county, out=tmp_path / "later")


def test_a_relocated_item_may_be_corrected_and_withdrawn_and_both_sites_follow(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,
    tmp_path: Path,
) -> None:
    publication = county.publish("要迁的")
    desk.follow()
    relocate(publication, [desk.columns["files"]], actor=authority, reason="关停")
    assert relocate(publication, [desk.columns["plans"]], actor=authority, reason="关停") is None
    desk.follow()
    desk.correct(publication, "改过的正文。")
    desk.follow()
    assert "改过的正文" in desk.page(path_of(publication))
    desk.withdraw(Publication.objects.get(pk=publication.pk))
    desk.follow()
    assert "已撤回" in desk.page(path_of(publication))
    assert "要迁的" not in "".join(
        data.decode() for name, data in county.files().items() if name.endswith(".html")
    )
    afresh(desk, county, out=tmp_path / "clean")


def test_the_unit_asks_and_the_authority_over_both_sites_approves(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,
) -> None:
    site = Site.objects.get(pk=county.site.pk)
    asked = {"successor": desk.site}
    with pytest.raises(OutOfScope):
        perform(site, "ask_closing", actor=desk.actor, key="no", message="并", inputs=asked)
    perform(site, "ask_closing", actor=county.actor, key="ask", message="并", inputs=asked)
    own = actor("supervisor", county.organisation)
    with pytest.raises(Refused, match="共同的主管单位"):
        perform(site, "announce", actor=own, key="own", inputs=APPROVED)
    perform(site, "decline_closing", actor=authority, key="no", message="暂不并")
    assert site.state == "running" and site.notice is None
