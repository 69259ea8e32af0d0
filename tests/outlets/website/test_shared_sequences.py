"""随意发布、转发、停止、更正、撤回、重新发布，并在任一边界断电：接着做下去，两个站点的树总与从头烘的一样。"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.outlets.website.conftest import Desk
from tests.outlets.website.test_many_sites import REASON, afresh, county
from tests.outlets.website.test_sequences import agree
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.publications.models import Publication, Share
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.publications.sharing import share, unshare

__all__ = ["county"]


def act(desk: Desk, county: Desk, chance: random.Random) -> None:  # noqa: F811
    """随意做一件事。"""
    live = list(Publication.objects.filter(state="published"))
    gone = list(Publication.objects.filter(state="withdrawn"))
    shared = list(Share.objects.filter(ended_at=None).select_related("publication"))
    choices = ["publish"] + ["share", "share", "correct", "withdraw"] * bool(live)
    choices += ["unshare"] * bool(shared) + ["republish"] * bool(gone)
    chosen = chance.choice(choices)
    if chosen == "publish":
        number = chance.randint(0, 99_999_999)
        desk.publish(f"通知{number}", files=(desk.store(f"a,{number}\n".encode(), "表.csv"),))
    elif chosen == "share":
        columns = [county.columns[code] for code in chance.choice((("above",), ("files", "above")))]
        share(chance.choice(live), columns, actor=county.actor)
    elif chosen == "unshare":
        unshare(chance.choice(shared).publication, county.site, actor=county.actor, reason=REASON)
    elif chosen == "correct":
        desk.correct(chance.choice(live), f"更正{chance.randint(0, 9_999_999)}")
    elif chosen == "withdraw":
        desk.withdraw(chance.choice(live))
    else:
        desk.republish(chance.choice(gone))


def cut(step: Callable[[], None], hit: int) -> int:
    """做一步，在第 ``hit`` 个边界断电；断了没有。"""
    with armed(hit=hit):
        try:
            step()
        except Stopped:
            return 1
    return 0


def county_shows_what_is_shared(county: Desk) -> None:  # noqa: F811
    """照公众看到的文件核对：在转发的、停止了的、撤回了的，各是什么样。"""
    for each in Share.objects.select_related("publication"):
        publication = each.publication
        html = county.page(path_of(publication))
        if each.ended_at:
            assert "本站不再转发此信息" in html and publication.title not in html
        elif publication.state == "withdrawn":
            assert "此信息已撤回" in html and publication.title not in html
        else:
            assert publication.index_number in html and "来源 <a" in html
    every = {path_of(share.publication).lstrip("/") for share in Share.objects.all()}
    shown = {name for name in county.files() if name.startswith("note/") and name.endswith(".html")}
    assert shown == every


@pytest.mark.django_db(transaction=True)
def test_cut_anywhere_both_sites_agree_with_what_is_shared(
    desk: Desk,
    county: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    struck = 0
    for seed in range(8):
        chance = random.Random(seed)
        for _ in range(3):
            struck += cut(lambda: act(desk, county, chance), chance.randint(1, 20))  # noqa: B023
        struck += cut(desk.follow, chance.randint(1, 60))
        desk.follow()
        agree(desk)
        county_shows_what_is_shared(county)
    afresh(desk, county, out=tmp_path / "clean")
    assert struck >= 5, "几乎没有断，演练无意义"
