"""随意发布、更正、撤回、重新发布、更新数据，并在任一边界断电：接着做下去，总与从头烘的一样。

平时跑少量；``make drill`` 跑一万个序列。随机数的种子固定，失败时可以原样重来。
"""

import os
import random
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.outlets.website.conftest import FIGURES, TODAY, Desk, tree_files
from yangguang.foundation.audit.sealing import verify
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.publications.models import Publication, PublicationFile
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import CHANGES, path_of
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.verification import verify_site

STEPS = 6


def act(desk: Desk, chance: random.Random) -> str:
    """随意做一件事，返回做了什么。"""
    known = list(Publication.objects.order_by("pk"))
    live = [p for p in known if p.state == "published"]
    gone = [p for p in known if p.state == "withdrawn"]
    choices = ["publish", "publish"]
    choices += ["correct", "withdraw", "refresh"] if live else []
    choices += ["republish"] if gone else []
    chosen = chance.choice(choices)
    if chosen == "publish":
        files = (
            (desk.store(f"a,{chance.randint(0, 9999)}\n".encode(), "表.csv"),)
            if chance.random() < 0.3
            else ()
        )
        columns = tuple(chance.sample(["files", "plans", "notices"], chance.randint(1, 2)))
        kind = chance.choice(["note", "note", "figure"])
        desk.publish(f"通知{desk.key()}", columns=columns, files=files, kind=kind)
    elif chosen == "correct":
        desk.correct(chance.choice(live), f"更正{chance.randint(0, 9_999_999)}")
    elif chosen == "withdraw":
        desk.withdraw(chance.choice(live))
    elif chosen == "republish":
        desk.republish(chance.choice(gone), (chance.choice(["files", "plans"]),))
    else:
        FIGURES["figure:1"] = chance.randint(0, 99)
        desk.refresh("figure:1")
    return chosen


def cut(desk: Desk, chance: random.Random, boundaries: dict[str, int]) -> None:
    """做事或跟进，在随机的一个边界断电；断的是做事，那件事就没有发生。"""
    with armed(hit=chance.randint(1, 60)) as plan:
        try:
            act(desk, chance)
            desk.follow()
        except Stopped:
            boundaries[plan.reached[-1]] = boundaries.get(plan.reached[-1], 0) + 1


def agree(desk: Desk, out: Path) -> None:
    """版本、页面、封印此刻是否一致。"""
    assert verify(CHANGES).broken == ()
    assert check().broken == ()
    assert verify_site().broken == ()
    bake_everything(Press(desk.site, TODAY), out)
    assert desk.files() == tree_files(out / desk.site.code)
    for publication in Publication.objects.all():
        html = desk.page(path_of(publication))
        assert ("此信息已撤回" in html) == (publication.state == "withdrawn")
    withdrawn = PublicationFile.objects.filter(publication__state="withdrawn")
    assert not withdrawn.exclude(role="tombstone").exists()


def run(desk: Desk, seed: int, out: Path) -> dict[str, int]:
    """一个序列：若干次断电，最后接着做完再核对。"""
    chance = random.Random(seed)
    boundaries: dict[str, int] = {}
    for _ in range(STEPS):
        cut(desk, chance, boundaries)
    desk.follow()
    agree(desk, out)
    return boundaries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_cut_anywhere_and_carried_on_the_tree_is_the_one_baked_afresh(
    desk: Desk, seed: int, tmp_path: Path
) -> None:
    boundaries = run(desk, seed, tmp_path / "clean")
    assert boundaries, "一次也没有断，演练无意义"


def _stir(desk: Desk, gone: Publication, kept: Publication, word: str) -> None:
    """一次更正，加一次撤回或重新发布。"""
    desk.correct(kept, word)
    gone.refresh_from_db()
    if gone.state == "published":
        desk.withdraw(gone)
    else:
        desk.republish(gone)
    gone.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_following_is_cut_at_every_one_of_its_boundaries(desk: Desk, tmp_path: Path) -> None:
    """不靠运气：跟进更正、撤回、重新发布所经过的每一种边界逐个断一遍：一轮断在第一次到达，一轮断在最后一次。"""
    gone = desk.publish("要撤回的", files=(desk.store(b"a,1\n", "表.csv"),))
    kept = desk.publish("要更正的")
    desk.follow()
    for turn in range(2):
        _stir(desk, gone, kept, f"数边界{turn}。")
        with armed(hit=0) as plan:
            desk.follow()
        for name, times in Counter(plan.reached).items():
            hit = (1, times)[turn]
            _stir(desk, gone, kept, "另一轮。")
            desk.follow()
            word = f"断在{name}第{hit}次。"
            _stir(desk, gone, kept, word)
            with pytest.raises(Stopped), armed(name, hit):
                desk.follow()
            desk.follow()
            assert verify_site().broken == ()
            assert word in desk.page(path_of(kept))
            assert ("此信息已撤回" in desk.page(path_of(gone))) == (gone.state == "withdrawn")
    agree(desk, tmp_path / "clean")


CHUNK = 20
"""多少个序列共用一个不断生长的站点。"""


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "chunk", range(int(os.environ.get("YANGGUANG_SEQUENCES", "10000")) // CHUNK)
)
def test_many_sequences(desk: Desk, tmp_path: Path, chunk: int, capsys: Any) -> None:
    """一万个序列，二十个一组；每个序列之后版本、页面、封印都要一致。"""
    boundaries: dict[str, int] = {}
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        chance = random.Random(seed)
        for _ in range(3):
            cut(desk, chance, boundaries)
        desk.follow()
        agree(desk, tmp_path / "clean")
        shutil.rmtree(tmp_path / "clean")
    with capsys.disabled():
        sys.stdout.write(
            f"第 {chunk} 组：{CHUNK} 个序列，断 {sum(boundaries.values())} 次：{boundaries}\n"
        )
