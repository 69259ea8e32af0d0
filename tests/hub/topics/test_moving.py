"""站点关停，专题随内容迁到接收的站点：收着的一条不少，地址重了的另起，原地址写明去处，编排跟着走。"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.foundation.library.conftest import drawn
from tests.hub.sites.test_sites import authority, close, run_jobs  # noqa: F401  合用的夹具
from tests.outlets.website.conftest import Desk, desk, kinds_registered  # noqa: F401
from tests.outlets.website.test_many_sites import afresh, county  # noqa: F401
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.topics import moving
from yangguang.hub.topics.models import Topic, TopicChoice
from yangguang.hub.topics.selectors import gathered
from yangguang.hub.topics.services import choose, open_topic
from yangguang.hub.topics.supply import supplies
from yangguang.outlets.blocks.models import BlockPage, Picture
from yangguang.outlets.blocks.pictures import take_in
from yangguang.outlets.blocks.services import begin, save_block

pytestmark = pytest.mark.django_db


def opened(desk: Desk, name: str = "义务教育", code: str = "jiaoyu", **gathering: Any) -> Topic:  # noqa: F811
    return open_topic(
        desk.site, name=name, summary="招生、收费。", code=code, actor=desk.actor, key=desk.key(),
        **gathering,
    )  # fmt: skip


def titles(topic: Topic) -> set[str]:
    return {each.title for each in gathered(Topic.objects.get(pk=topic.pk))}


def test_a_topic_moves_with_what_it_gathered_and_its_old_address_says_where(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,  # noqa: F811
    tmp_path: Path,
) -> None:
    topic = opened(county, columns=[county.columns["files"]], words=["教育"])
    there = county.publish("金县教育一号")
    left_out = county.publish("金县教育二号")
    choose(topic, left_out, "exclude", actor=county.actor)
    by_hand = county.publish("招生范围", columns=("above",))
    choose(topic, by_hand, "add", actor=county.actor)
    own = desk.publish("州里的教育文件")
    desk.follow()
    old = county.page("topics/jiaoyu/index.html")
    assert path_of(there) in old and path_of(by_hand) in old and path_of(left_out) not in old

    site = close(desk, county, authority)
    with pytest.raises(Refused, match="还有 1 个专题没有迁走"):
        perform(site, "close", actor=authority, key="early", message="已注销")
    run_jobs()
    desk.follow()
    topic.refresh_from_db()
    assert (topic.site, topic.organisation, topic.code) == (desk.site, desk.organisation, "jiaoyu")
    new = desk.page("topics/jiaoyu/index.html")
    assert path_of(there) in new and path_of(by_hand) in new
    assert path_of(left_out) not in new and path_of(own) not in new
    assert "/topics/jiaoyu/" in desk.page(path_of(there))
    moved = county.page("topics/jiaoyu/index.html")
    assert "此专题已迁移" in moved and 'href="/topics/jiaoyu/"' in moved
    assert path_of(there) not in moved and "义务教育" not in county.page("topics/index.html")
    assert "/topics/jiaoyu/" not in county.page("sitemaps/pages.xml")
    assert not [name for name in county.files() if name == "topics/jiaoyu/feed.xml"]
    county.site.refresh_from_db()
    afresh(desk, county, out=tmp_path / "clean")

    # 以后照条件收的，只有原来这个单位的
    later = desk.publish("金县教育三号", by=county.organisation)
    desk.publish("州里又一份教育文件")
    desk.follow()
    assert titles(topic) == {there.title, by_hand.title, later.title}
    perform(Site.objects.get(pk=site.pk), "close", actor=authority, key="close", message="已注销")
    desk.follow()
    county.site.refresh_from_db()
    afresh(desk, county, out=tmp_path / "closed")


def test_an_address_or_a_name_already_taken_there_is_changed_and_told(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,  # noqa: F811
) -> None:
    theirs, topic = opened(desk), opened(county)
    desk.follow()
    close(desk, county, authority)
    run_jobs()
    desk.follow()
    topic.refresh_from_db()
    theirs.refresh_from_db()
    assert (theirs.code, theirs.name) == ("jiaoyu", "义务教育")
    assert topic.code == f"jiaoyu-{county.site.code}"
    assert topic.name == f"义务教育（{county.site.short_name}）"
    told = history(topic).filter(event="relocate").get().message
    assert "地址代码 jiaoyu 这里已经用了" in told and "名称“义务教育”这里已经有了" in told
    assert f'href="/topics/{topic.code}/"' in county.page("topics/jiaoyu/index.html")


def test_a_move_cut_short_goes_on_and_nothing_is_done_twice(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topics = [opened(county, f"专题{n}", f"topic-{n}", words=["教育"]) for n in (1, 2)]
    county.publish("金县教育一号")
    close(desk, county, authority)
    whole = moving._move

    def cut(topic: Topic, *rest: Any) -> None:
        if topic.pk == topics[1].pk:
            raise RuntimeError("断了")
        whole(topic, *rest)

    monkeypatch.setattr(moving, "_move", cut)
    with pytest.raises(RuntimeError):
        run_jobs()
    assert Topic.objects.filter(site=county.site).count() == 1
    monkeypatch.setattr(moving, "_move", whole)
    run_jobs()
    assert {each.site for each in Topic.objects.all()} == {desk.site}
    for topic in topics:
        assert titles(topic) == {"金县教育一号"}
        assert history(topic).filter(event="relocate").count() == 1
    assert TopicChoice.objects.count() == 2


def test_the_arrangement_of_a_topic_goes_along_and_the_home_stays(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,  # noqa: F811
) -> None:
    topic = opened(county, words=["教育"])
    county.publish("金县教育一号", columns=("above",))
    picture = take_in(county.site, drawn(), "校园.jpg", actor=county.actor)
    home = begin(county.site, None, actor=county.actor, key="home")
    page = begin(county.site, topic, actor=county.actor, key="page")
    save_block(
        page, "list",
        {"heading": "近来的", "column": "above", "topic": "jiaoyu", "order": "new"},
        actor=county.actor, key="list",
    )  # fmt: skip
    save_block(
        page, "cards",
        {"items": [{"title": "校园", "href": "/columns/above/", "picture": str(picture.pk)}]},
        actor=county.actor, key="cards",
    )  # fmt: skip
    desk.follow()
    perform(page, "publish", actor=county.actor, key="publish", message="编好了")
    opened(desk)
    desk.follow()
    close(desk, county, authority)
    run_jobs()
    desk.follow()
    page = BlockPage.objects.get(pk=page.pk)
    assert (page.site, page.organisation, page.state) == (desk.site, desk.organisation, "published")
    assert page.versions.count() == 2 and page.draft == page.versions.latest("number").blocks
    values = {each.kind: each.values for each in page.blocks}
    notices = Column.objects.get(pk=desk.columns["notices"].pk)
    assert values["list"]["column"] == notices.code
    assert values["list"]["topic"] == f"jiaoyu-{county.site.code}"
    (card,) = values["cards"]["items"]
    assert card["href"] == f"/columns/{notices.code}/"
    copied = Picture.objects.get(pk=int(card["picture"]))
    assert (copied.site, copied.file) == (desk.site, picture.file)
    there = desk.page(f"topics/jiaoyu-{county.site.code}/index.html")
    assert "近来的" in there and "<picture>" in there
    assert BlockPage.objects.get(pk=home.pk).site == county.site
    assert "页面编排跟着迁来" in history(Topic.objects.get(pk=topic.pk)).latest("pk").message


def test_a_topic_of_the_plan_moves_with_its_parts_and_every_old_part_says_where(
    desk: Desk,  # noqa: F811
    county: Desk,  # noqa: F811
    authority: Actor,  # noqa: F811
    tmp_path: Path,
) -> None:
    opened(desk)
    topic = opened(
        county, name="就业", words=["就业"], owner=county.organisation,
        basis="临州办发〔2020〕81号", tasks=[9],
    )  # fmt: skip
    desk.publish("州里的就业进展")
    document = county.publish("就业工作进展", on=datetime(2025, 3, 1, tzinfo=UTC))
    reading = county.publish("图解进展", interprets=[{"index_number": document.index_number}])
    result = county.publish("就业工作成效", stage="result")
    by_hand = county.publish("稳岗文件")
    choose(topic, by_hand, "add", part="policy", actor=county.actor)
    left_out = county.publish("就业讹传")
    choose(topic, left_out, "exclude", actor=county.actor)
    desk.follow()
    parts = {
        "policy": (by_hand,),
        "interpretation": (),
        "execution": (document, reading),
        "results": (result,),
        "response": (),
    }
    every = {document, reading, result, by_hand}

    def shown(at: Desk, path: str, wanted: Iterable[Publication]) -> None:  # noqa: F811
        found = {each for each in (*every, left_out) if path_of(each) in at.page(path)}
        assert found == set(wanted), path

    for part, wanted in parts.items():
        shown(county, f"topics/jiaoyu/{part}/index.html", wanted)
    close(desk, county, authority)
    run_jobs()
    desk.follow()
    topic.refresh_from_db()
    code = topic.code
    assert code == f"jiaoyu-{county.site.code}" and topic.site == desk.site
    assert (topic.owner, topic.tasks) == (county.organisation, [9])
    shown(desk, f"topics/{code}/index.html", every)
    for part, wanted in parts.items():
        shown(desk, f"topics/{code}/{part}/index.html", wanted)
        old = county.page(f"topics/jiaoyu/{part}/index.html")
        assert "此专题已迁移" in old and f'href="/topics/{code}/"' in old
    shown(desk, f"topics/{code}/execution/2025/index.html", [document])
    assert "此专题已迁移" in county.page("topics/jiaoyu/execution/2025/index.html")
    assert "州里的就业进展" not in desk.page(f"topics/{code}/execution/index.html")
    (supplied,) = supplies([topic], timezone.localdate())
    counts = {each.part: each.count for each in supplied.supply.parts}
    assert counts == {part: len(wanted) for part, wanted in parts.items()}
    county.site.refresh_from_db()
    afresh(desk, county, out=tmp_path / "clean")

    # 迁来以后，解读还跟着文件进出，编辑照样定归哪一部分
    document.refresh_from_db()
    result.refresh_from_db()
    choose(topic, document, "exclude", actor=desk.actor)
    choose(topic, result, "add", part="response", actor=desk.actor)
    desk.follow()
    shown(desk, f"topics/{code}/execution/index.html", [])
    shown(desk, f"topics/{code}/response/index.html", [result])
    assert "此专题已迁移" in county.page("topics/jiaoyu/results/index.html")
    afresh(desk, county, out=tmp_path / "later")
