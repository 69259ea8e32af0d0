"""一千次随意的 SIGKILL，杀在封存、烘焙、撤回、写清单、建索引的当中，其间一万笔改动不停地来。

末了：静态树与从头烘的逐字节相同，索引与从头建的一条不差，一千句固定的查询答得一样。
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import transaction
from django.db.models import F

from tests.drilling import count, tell
from tests.drills.comparing import answers, different, digests, indexed, questions
from tests.drills.lives import Clerk, Reaper
from tests.drills.office import vendor
from tests.drills.prefecture import Prefecture, make_prefecture
from yangguang.foundation.audit.sealing import AUDIT, all_chains, seal_all, verify
from yangguang.hub.columns.models import Site
from yangguang.hub.projectors.models import Projector
from yangguang.hub.projectors.selectors import open_withdrawals
from yangguang.hub.publications.models import Change, ChangeSeal, Publication
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import CHANGES
from yangguang.hub.search import indexer
from yangguang.outlets.website.apart import bake_apart
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import BakedPage, Cursor, Manifest, PublicList
from yangguang.outlets.website.numbering import counted, put_right
from yangguang.outlets.website.projector import catch_up, has_work, release
from yangguang.outlets.website.verification import verify_site

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

CHANGES_PER_KILL = 10
AHEAD = 30
"""办事的人可以走在前面多少笔：手上总有没有落实的。"""
REARRANGED = 8
"""其间动几次栏目的树：全站重烘，索引重建。"""
EVERY = 100
"""每杀这么多次，停下办事的人，等都跟上了，核对一遍。"""
LONGEST = 300.0
"""等着跟上，这么久一点也没有往前走就算停住了，秒。"""
QUESTIONS = 1_000
SEGMENTS = 8
"""索引的小段到这么多就并成一段（Tantivy 的规矩）。"""
CLOSE = 0.05
"""按相关度排的，分数相差在此之内的可以换先后。"""
RENEWALS = ["projector.before_renewal", "projector.after_renewal", "baker.after_plain_rename"]
"""只在栏目的树变了的时候经过的边界。"""


@pytest.fixture
def place(tmp_path: Path, settings: LazySettings, own_index: None, db: None) -> Path:
    """树、封印、附件、索引都从头来，放在一处。"""
    for name in ("SITE_ROOT", "SEAL_ROOT", "FILES_ROOT", "SEARCH_ROOT"):
        setattr(settings, name, tmp_path / name.lower())
    return tmp_path


@pytest.fixture
def prefecture(place: Path) -> Prefecture:
    """有几份公文已经上网：模板、词典都已载入，分身不必再载一遍。"""
    found = make_prefecture(place, seed=4)
    for _ in range(12):
        found.act()
    seal_all()
    catch_up()
    return found


@pytest.fixture
def reaper(place: Path) -> Iterator[Reaper]:
    """杀人的，末了一个不留。"""
    found = Reaper(place / "lives", random.Random(9))
    found.folder.mkdir()
    yield found
    found.stop()


@dataclass
class Marathon:
    """一边改动，一边杀。"""

    prefecture: Prefecture
    reaper: Reaper
    say: Callable[[str], None]
    clerk: Clerk = field(init=False)

    def __post_init__(self) -> None:
        self.clerk = Clerk(
            self._act, self.prefecture.rearrange_columns, self.prefecture.folder / "clerk.log"
        )

    def _act(self, done: int) -> int:
        before = Change.objects.count()
        self.prefecture.act()
        return done + Change.objects.count() - before

    def run(self, kills: int) -> None:
        """杀够为止，末了都跟上。"""
        struck, checked, rearranged = self.reaper.struck, 0, 0
        self.reaper.start()
        while struck.count < kills:
            self.clerk.allow(struck.count * CHANGES_PER_KILL + AHEAD)
            self.clerk.wait_for(struck.count * CHANGES_PER_KILL)
            if struck.count * REARRANGED // kills > rearranged:
                boundary = RENEWALS[rearranged % len(RENEWALS)]
                self.reaper.strike_at("网站", boundary, self.clerk.ask)
                rearranged += 1
            else:
                self.reaper.strike()
            if struck.count // EVERY > checked:
                checked += 1
                self.settle()
        self.clerk.allow(kills * CHANGES_PER_KILL)
        self.settle()
        self._until_whole()
        self.clerk.child.kill()
        self.reaper.stop()

    def _until_whole(self) -> None:
        """再一件一件地办，直到索引的小段并成一段：换下的旧版本都清了，分数才与从头建的可比。"""
        for _ in range(SEGMENTS * 2):
            if is_whole():
                return
            self.clerk.allow(self.clerk.done + 1)
            self.clerk.wait_for(self.clerk.allowed)
            self._level()

    def settle(self) -> None:
        """办事的停下，各个出口跟到末尾，核对树与账。"""
        self.clerk.wait_for(self.clerk.allowed)
        self._level()
        assert verify_site().broken == ()
        self.say(
            f"第 {self.reaper.struck.count} 次 kill -9 之后，{self.clerk.done} 笔改动都落实了，"
            "树与账相符"
        )

    def _level(self) -> None:
        limit, seen = time.monotonic() + LONGEST, ""
        while waiting := unfinished():
            self.reaper.watch()
            if (now := standing()) != seen:
                limit, seen = time.monotonic() + LONGEST, now
            assert time.monotonic() < limit, f"还在等{'、'.join(waiting)}：{seen}"
            time.sleep(0.1)


def is_whole() -> bool:
    """索引只有一段，没有换下的旧版本。只看它的目录，不打开它。"""
    (path,) = Path(settings.SEARCH_ROOT).glob("v*/meta.json")
    segments = json.loads(path.read_bytes())["segments"]
    return len(segments) == 1 and not segments[0]["deletes"]


def unfinished() -> list[str]:
    """还没有跟上的。不开索引：这里的进程还要分身。"""
    last = ChangeSeal.objects.order_by("sequence").values_list("sequence", flat=True).last()
    waiting = {
        "封印": any(chain.unsealed().exists() for chain in all_chains()),
        "网站": has_work(),
        "栏目": Cursor.objects.get().release != release(),
        "重烘": BakedPage.objects.filter(wanted__gt=F("baked")).exists(),
        "检索": not Projector.objects.filter(family="search", sequence=last).exists(),
        "撤回": open_withdrawals().exists(),
    }
    return [name for name, is_waiting in waiting.items() if is_waiting]


def standing() -> str:
    """各样出口做到了哪里。"""
    marked = BakedPage.objects.filter(wanted__gt=F("baked")).count()
    dirty = Manifest.objects.filter(dirty=True).count()
    indexed = Projector.objects.filter(family="search").values_list("sequence", flat=True)
    return (
        f"变更日志 {ChangeSeal.objects.count()} 条，网站做到 {Cursor.objects.get().sequence}，"
        f"待烘 {marked} 页，待写清单 {dirty} 份，没有答复的撤回 {open_withdrawals().count()} 条，"
        f"索引做到 {min(indexed, default=0)}"
    )


def test_killed_a_thousand_times_the_tree_and_the_index_are_those_of_a_clean_rebuild(
    prefecture: Prefecture, reaper: Reaper, settings: LazySettings, capsys: Any
) -> None:
    kills = count("PROJECTORS", 1_000)

    def say(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    marathon = Marathon(prefecture, reaper, say)
    marathon.run(kills)
    struck = reaper.struck

    assert check().broken == ()
    assert verify(AUDIT).broken == () and verify(CHANGES).broken == ()
    files = same_as_baked_afresh(prefecture.folder / "clean")
    entries, swaps = same_as_indexed_afresh(prefecture.folder / "search-afresh", settings)
    say(f"{files} 个文件、{entries} 条索引、{QUESTIONS} 句查询都与从头来的一样")
    tell(
        "projectors", database=vendor(), kills=struck.count, midway=struck.midway,
        at_boundaries=struck.at_boundaries, struck=struck.where, changes=Change.objects.count(),
        publications=Publication.objects.count(), files=files, entries=entries, asked=QUESTIONS,
        swapped=len(swaps), furthest=max(swaps, default=0.0),
    )  # fmt: skip
    assert struck.midway * 2 >= struck.count, f"{struck.count} 次里只有 {struck.midway} 次断在半路"


def same_as_baked_afresh(out: Path) -> int:
    """整个静态树（页面、副本、附件、订阅、站点地图、清单连同签名）与从头烘的逐字节相同；返回文件数。"""
    cursor = Cursor.objects.get()
    assert cursor.day is not None
    grown = digests(Path(settings.SITE_ROOT))
    # 列表的序号不凭账上的，照变更日志从头数；专题的除外，日志里没有它当时的条件
    presses = {site.pk: Press(site, cursor.day) for site in Site.objects.all()}
    PublicList.objects.exclude(key__startswith="topic:").delete()
    with transaction.atomic():
        put_right(counted(presses))
    bake_apart(out, cursor.day, anew=True)
    assert different(grown, digests(out)) == []
    return len(grown)


def same_as_indexed_afresh(root: Path, settings: LazySettings) -> tuple[int, list[float]]:
    """索引与从头建的一条不差，固定的查询答得一样；返回条数，和次序略有出入的各句差多少。

    按日期的一模一样。按相关度的，只许分数相差不到 ``CLOSE`` 的换先后：Tantivy 并段时平均篇幅是照压缩
    过的篇幅估的，分数因此略有出入。
    """
    grown = indexed()
    asked = questions(QUESTIONS, seed=4)
    answered = answers(asked)
    settings.SEARCH_ROOT = root
    indexer.rebuild()
    assert indexed() == grown
    afresh = answers(asked)
    swaps = []
    for question, one, other in zip(asked, answered, afresh, strict=True):
        stray = one.swapped(other)
        assert stray is not None and stray <= (0 if question.by_date else CLOSE), (
            question, stray, one, other,
        )  # fmt: skip
        swaps += [stray] if stray else []
    return grown.total(), swaps
