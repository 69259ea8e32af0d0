"""撤回优先于一切：前面排着再多发布，也先撤下、先确认；断在哪里，接着做到底。"""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.drilling import boundaries
from tests.outlets.website.conftest import TODAY, Desk
from tests.outlets.website.test_sequences import agree, same_as_baked_afresh
from tests.outlets.website.test_serving import ask
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.projectors.models import Withdrawal
from yangguang.hub.projectors.selectors import awaiting
from yangguang.hub.publications.models import Publication, PublicationFile
from yangguang.hub.publications.selectors import changes_after, path_of
from yangguang.hub.search import indexer
from yangguang.hub.search.selectors import engine
from yangguang.outlets.website.models import BakedPage
from yangguang.outlets.website.projector import PagesFailed, catch_up, has_work
from yangguang.outlets.website.rules import sitemap_part, sitemap_path, verify_path
from yangguang.outlets.website.serving import SiteServer
from yangguang.outlets.website.sweeping import reached

TITLE = "独一无二的题名"
BACKLOG = 500


@pytest.fixture
def gone(desk: Desk) -> Publication:
    """已经上网、带附件、随后撤回的一条；``BACKLOG`` 条发布排在它前面。"""
    return desk.publish(TITLE, files=(desk.store(f"{TITLE}\n".encode(), "名单.txt"),))


def _addresses(publication: Publication) -> list[str]:
    attached = PublicationFile.objects.filter(publication=publication, role="attachment")
    return [verify_path(publication.pk), *attached.values_list("path", flat=True)]


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_behind_five_hundred_publishes_is_gone_from_every_address_first(
    desk: Desk, gone: Publication, client: Client
) -> None:
    desk.follow()
    indexer.catch_up()
    removed = _addresses(gone)
    assert len(removed) == 2
    server = SiteServer(desk.root)
    with transaction.atomic():
        for number in range(BACKLOG):
            desk.publish(f"排在前面的{number}号")
    desk.withdraw(gone)
    seal_all()
    standing = reached(), engine().progress().sequence
    # 一确认就断：这时排在前面的还一条都没有落实
    for follow in (lambda: catch_up(TODAY), indexer.catch_up):
        with pytest.raises(Stopped), armed("acknowledging.after_commit"):
            follow()
    assert (reached(), engine().progress().sequence) == standing
    assert changes_after(reached(), BACKLOG + 9).count() == BACKLOG + 1
    assert not awaiting("website").exists() and Withdrawal.objects.get().done_at is not None

    for accepted in ("", "gzip", "br"):
        for path in removed:
            assert ask(server, path, accept_encoding=accepted)[0] == "404", path
    status, _, page = ask(server, path_of(gone))
    assert status == "200" and "此信息已撤回".encode() in page
    assert path_of(gone).encode() not in ask(server, sitemap_path(sitemap_part(gone.pk)))[2]
    for path in ("/", "/feed.xml", "/rss.xml", "/columns/files/", "/columns/files/feed.xml"):
        status, _, page = ask(server, path)
        assert status == "200" and TITLE.encode() not in page, path
    told = TITLE.encode()
    assert not [name for name, content in desk.files().items() if told in content]
    assert gone.pk not in {entry.publication for entry in engine().entries()}
    assert client.get(f"/api/v1/publications/{gone.pk}").status_code == 410
    assert TITLE not in client.get("/api/v1/publications").content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_a_cut_left_half_written_of_a_withdrawn_item_is_gone_from_the_disk_too(
    desk: Desk,
) -> None:
    desk.follow()
    gone = desk.publish("撤回的", files=(desk.store(f"{TITLE}\n".encode(), "名单.txt"),))
    with pytest.raises(Stopped), armed("baker.after_write"):
        desk.follow()
    half_written = [path for path in desk.root.rglob(".*.part") if path.is_file()]
    assert any(TITLE.encode() in path.read_bytes() for path in half_written)
    desk.withdraw(gone)
    desk.follow()
    assert not list(desk.root.rglob("*.part"))


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_made_while_the_backlog_is_baked_does_not_wait_for_its_end(
    desk: Desk, gone: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.follow()
    with transaction.atomic():
        for number in range(120):
            desk.publish(f"排着的{number}号")
    seal_all()
    from yangguang.outlets.website import sweeping

    original, calls = sweeping._bake, Counter[str]()

    def bake(*given: Any) -> int:
        calls["批"] += 1
        if calls["批"] == 1:
            desk.withdraw(gone)
        elif Withdrawal.objects.get().done_at and "撤回" not in calls:
            calls["撤回"] = calls["批"]
        return original(*given)

    monkeypatch.setattr(sweeping, "_bake", bake)
    catch_up(TODAY)
    assert calls["撤回"] and calls["撤回"] < calls["批"]


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_already_carried_out_is_not_done_again_when_its_turn_comes(
    desk: Desk, gone: Publication
) -> None:
    desk.follow()
    desk.withdraw(gone)
    catch_up(TODAY)
    before = dict(BakedPage.objects.values_list("path", "baked"))
    seal_all()
    assert has_work()
    catch_up(TODAY)
    assert dict(BakedPage.objects.values_list("path", "baked")) == before
    assert not has_work()


@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_published_again_before_anybody_followed_it_is_shown(
    desk: Desk, gone: Publication, tmp_path: Path
) -> None:
    desk.follow()
    desk.withdraw(gone)
    desk.republish(gone)
    desk.follow()
    assert TITLE in desk.page(path_of(gone)) and not awaiting("website").exists()
    agree(desk)
    same_as_baked_afresh(desk, tmp_path / "clean")


@pytest.mark.django_db(transaction=True)
def test_a_page_that_still_shows_it_keeps_the_withdrawal_unacknowledged(
    desk: Desk, gone: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.follow()
    desk.withdraw(gone)
    from yangguang.outlets.website import sheets

    original = sheets._makers["home"]

    def torn(*given: Any) -> Any:
        raise ValueError("首页印不出")

    monkeypatch.setitem(sheets._makers, "home", torn)
    for _ in range(2):
        with pytest.raises(PagesFailed, match="首页印不出"):
            desk.follow()
        assert [each.change.publication for each in awaiting("website")] == [gone]
        assert "此信息已撤回" in desk.page(path_of(gone)), "别的照撤"
        assert has_work()
    monkeypatch.setitem(sheets._makers, "home", original)
    desk.follow()
    assert not awaiting("website").exists() and TITLE not in desk.page("index.html")


@pytest.mark.django_db(transaction=True)
def test_carrying_out_a_withdrawal_is_cut_at_every_one_of_its_boundaries(
    desk: Desk, gone: Publication, tmp_path: Path
) -> None:
    other = desk.publish("别的")
    desk.follow()
    met: set[str] = set()
    with armed(hit=0) as plan:
        desk.withdraw(gone)
        catch_up(TODAY)
    chance = random.Random(4)
    for name, times in sorted(Counter(plan.reached).items()):
        if name.startswith("publications."):
            continue
        met.add(name)
        desk.republish(gone)
        desk.follow()
        desk.withdraw(gone)
        with pytest.raises(Stopped), armed(name, chance.randint(1, times)):
            catch_up(TODAY)
        catch_up(TODAY)
        assert not awaiting("website").exists(), name
        assert not [path for path, content in desk.files().items() if TITLE.encode() in content]
    desk.correct(other, "更正过。")
    desk.follow()
    agree(desk)
    same_as_baked_afresh(desk, tmp_path / "clean")
    assert met >= boundaries("withdrawing", "acknowledging")
