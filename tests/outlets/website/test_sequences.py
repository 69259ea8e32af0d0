"""随意发布、更正、撤回、重新发布、更新数据，并在任一边界断电：接着做下去，版本、页面、审计总一致。

平时跑少量；``make drill`` 跑一万个序列。随机数的种子固定，失败时可以原样重来。
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from django.db import connection, models

from tests.drilling import boundaries, count, tell
from tests.outlets.website.conftest import FIGURES, TODAY, Desk, tree_files
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.audit.sealing import AUDIT, verify
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.projectors.selectors import awaiting
from yangguang.hub.publications.models import (
    Change,
    Publication,
    PublicationFile,
    PublicationVersion,
)
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import CHANGES, path_of
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.selectors import gathered
from yangguang.hub.topics.services import choose, open_topic
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import ListEntry, PublicList
from yangguang.outlets.website.rules import sha256, verify_path
from yangguang.outlets.website.verification import verify_site

ROOMS = (
    "publications", "files", "sealing", "heads", "projector", "withdrawing", "acknowledging",
    "baker", "manifests",
)  # fmt: skip
"""一条信息从发布到上网经过的边界。"""
CHUNK = 20
"""多少个序列共用一个不断生长的站点。"""
HREF = re.compile(r'href="([^"#?]+)"')


def act(desk: Desk, chance: random.Random) -> None:
    """随意做一件事。"""
    known = list(Publication.objects.order_by("pk"))
    live = [p for p in known if p.state == "published"]
    gone = [p for p in known if p.state == "withdrawn"]
    choices = ["publish", "publish"]
    choices += ["correct", "withdraw", "refresh", "choose"] if live else []
    choices += ["republish"] if gone else []
    chosen = chance.choice(choices)
    if chosen == "publish":
        files = (
            (desk.store(f"a,{chance.randint(0, 99_999_999)}\n".encode(), "表.csv"),)
            if chance.random() < 0.3
            else ()
        )
        columns = chance.choice([("notices",), ("notices",), ("files",), ("plans", "notices")])
        kind = chance.choice(["note", "note", "figure"])
        desk.publish(f"通知{desk.key()}", columns=columns, files=files, kind=kind)
    elif chosen == "correct":
        desk.correct(chance.choice(live), f"更正{chance.randint(0, 9_999_999)}")
    elif chosen == "withdraw":
        desk.withdraw(chance.choice(live))
    elif chosen == "republish":
        desk.republish(chance.choice(gone), (chance.choice(["files", "plans"]),))
    elif chosen == "choose":
        choice = chance.choice(["add", "exclude", "undo"])
        choose(_topic(desk), chance.choice(live), choice, actor=desk.actor)
    else:
        FIGURES["figure:1"] = chance.randint(0, 99)
        desk.refresh("figure:1")


def _topic(desk: Desk) -> Topic:
    """收“文件”栏目和另外指定的信息的专题。第一次用到时开设。"""
    return Topic.objects.first() or open_topic(
        desk.site, name="一个专题", summary="收文件。", code="yige", actor=desk.actor,
        key=desk.key(), columns=[desk.columns["files"]],
    )  # fmt: skip


def agree(desk: Desk) -> None:
    """版本、页面、审计此刻是否一致。"""
    assert verify(CHANGES).broken == ()
    assert verify(AUDIT).broken == ()
    # 含条目与版本、条目与来源、静态树与账
    assert check().broken == ()
    assert not awaiting("website").exists()
    _audit_tells_every_version_and_change()
    _pages_are_what_was_published(desk)
    counted = PublicList.objects.annotate(entered=models.Count("entries"))
    assert not counted.exclude(live=models.F("entered")).exists()
    for topic in Topic.objects.all():
        listed = ListEntry.objects.filter(public_list__key=f"topic:{topic.code}")
        assert set(listed.values_list("publication", flat=True)) == {p.pk for p in gathered(topic)}


def _audit_tells_every_version_and_change() -> None:
    versions = PublicationVersion.objects.values_list("publication", "number", "digest")
    told = AuditEvent.objects.filter(action__in=("publications.publish", "publications.correct"))
    assert Counter((p, n, d) for p, n, d in versions) == Counter(
        (int(event.target_id), event.public["version"], event.public["digest"]) for event in told
    )
    changes = Change.objects.exclude(action="refresh").values_list("publication", "action")
    events = AuditEvent.objects.filter(action__startswith="publications.")
    assert Counter(changes) == Counter(
        (int(event.target_id), event.action.partition(".")[2]) for event in events
    )


def _pages_are_what_was_published(desk: Desk) -> None:
    """照公众看到的文件核对，不凭烘焙的账。"""
    live: set[str] = set()
    every: set[str] = set()
    for publication in Publication.objects.select_related("current_version"):
        path = path_of(publication)
        every.add(path)
        html = desk.page(path)
        told = desk.root / desk.site.code / verify_path(publication.pk).lstrip("/")
        version = publication.current_version
        assert version is not None
        if publication.state == "published":
            live.add(path)
            assert sha256(told.read_bytes()) == version.digest
            assert version.payload["body"][1]["text"] in html or publication.kind == "figure"
        else:
            assert "此信息已撤回" in html and publication.title not in html
            assert not told.exists()
    listed: set[str] = set()
    for page in (desk.root / desk.site.code).rglob("*.html"):
        own = "/" + str(page.relative_to(desk.root / desk.site.code))
        if own not in every:
            listed |= set(HREF.findall(page.read_text())) & every
    assert listed == live
    withdrawn = PublicationFile.objects.filter(publication__state="withdrawn")
    assert not withdrawn.exclude(role="tombstone").exists()


def same_as_baked_afresh(desk: Desk, out: Path, day: date = TODAY) -> None:
    """整棵树与从库里从头烘一遍的逐字节相同。"""
    bake_everything(Press(desk.site, day), out)
    assert desk.files() == tree_files(out / desk.site.code)


@dataclass
class Sequences:
    """同一个站点上一个接一个的序列。"""

    desk: Desk
    day: date = TODAY
    usual: int = 24
    """一趟跟进经过多少个边界，照上一趟的全长估。头一趟先估得短：只在那一趟经过的边界都在开头。"""
    struck: Counter[str] = field(default_factory=Counter)

    def run(self, seed: int) -> None:
        """一个序列：做几件事，件件可能断电；跟进时断一次，偶尔接着再断；最后接着做完，核对。"""
        chance = random.Random(seed)
        if chance.random() < 0.1:
            self.day += timedelta(days=1)
        for _ in range(chance.choice((1, 1, 2, 3))):
            # 做一件事经过十来个边界，过半的时候不断
            self.cut(lambda: act(self.desk, chance), chance.randint(1, 20))
        # 全长把断了的和接着做完的都算上；只看没断的那几趟，会越估越短，断点都挤到开头
        whole = 0
        while True:
            reached, is_cut = self.cut(self.follow, chance.randint(1, self.usual))
            whole += reached
            if not is_cut or chance.random() > 0.3:
                break
        whole += self.cut(self.follow, 0)[0]
        # 全站重烘的那一趟长得多，照它估，平常的就断不着了
        self.usual = max(24, min(whole, 120))
        agree(self.desk)

    def follow(self) -> None:
        """封印、跟进。"""
        self.desk.follow(self.day)

    def cut(self, step: Callable[[], None], hit: int) -> tuple[int, bool]:
        """做一步，在第 ``hit`` 个边界断电，0 是不断；返回经过了几个边界，断了没有。"""
        with armed(hit=hit) as plan:
            try:
                step()
            except Stopped:
                self.struck[plan.reached[-1]] += 1
                return len(plan.reached), True
        return len(plan.reached), False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(2))
def test_cut_anywhere_and_carried_on_versions_pages_and_audit_agree(
    desk: Desk, part: int, tmp_path: Path
) -> None:
    sequences = Sequences(desk)
    for seed in range(part * 8, part * 8 + 8):
        sequences.run(seed)
    same_as_baked_afresh(desk, tmp_path / "clean", sequences.day)
    assert sum(sequences.struck.values()) >= 8, "几乎没有断，演练无意义"


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("chunk", range(-(-count("SEQUENCES", 10_000) // CHUNK)))
def test_many_sequences(desk: Desk, tmp_path: Path, chunk: int) -> None:
    """一万个序列，二十个一组。每个序列之后都核对；每组之后整棵树再与从头烘的逐字节对照。"""
    sequences = Sequences(desk)
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        sequences.run(seed)
    same_as_baked_afresh(desk, tmp_path / "clean", sequences.day)
    tell("sequences", count=CHUNK, struck=sequences.struck, database=connection.vendor)


@dataclass
class Scene:
    """逐个边界断一遍时用的材料：一条要撤回的，一条要更正的。"""

    desk: Desk
    gone: Publication
    kept: Publication
    count: int = 0

    def word(self) -> str:
        """没有用过的一句正文。"""
        self.count += 1
        return f"第{self.count}次更正。"

    def publish(self) -> None:
        """发布一条带附件的。"""
        self.desk.publish(
            f"新的{self.word()}", files=(self.desk.store(self.word().encode(), "表.txt"),)
        )

    def correct(self) -> None:
        """更正。"""
        self.desk.correct(self.kept, self.word())

    def withdraw(self) -> None:
        """撤回。"""
        self.desk.withdraw(self.gone)

    def republish(self) -> None:
        """把撤回的重新发布。"""
        self.desk.republish(self.gone)

    def turn(self) -> None:
        """在架的撤回，撤回的重新发布。"""
        self.withdraw() if self.is_live() else self.republish()

    def is_live(self) -> bool:
        """要撤回的那一条在不在架。"""
        self.gone.refresh_from_db()
        return self.gone.state == "published"


@pytest.fixture
def scene(desk: Desk) -> Scene:
    gone = desk.publish("要撤回的", files=(desk.store(b"a,1\n", "表.csv"),))
    kept = desk.publish("要更正的")
    desk.follow()
    return Scene(desk, gone, kept)


def _books() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (PublicationVersion, Change, AuditEvent))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["publish", "correct", "withdraw", "republish"])
def test_an_action_is_cut_at_every_one_of_its_boundaries(
    scene: Scene, verb: str, tmp_path: Path
) -> None:
    """断在提交之前，就像没有做过；断在提交之后，就是做完了。没有第三种。"""

    def ready() -> None:
        if (verb, scene.is_live()) in {("withdraw", False), ("republish", True)}:
            scene.turn()

    step = getattr(scene, verb)
    ready()
    with armed(hit=0) as plan:
        step()
    reached = list(plan.reached)
    assert {"publications.before_commit", "publications.after_commit"} <= set(reached)
    for hit, name in enumerate(reached, 1):
        ready()
        # 存附件自成一个事务，先于发布提交，记一笔审计；它之后断电，附件在库里、没有挂出去
        stored = int("files.before_commit" in reached[: hit - 1])
        before = _books()
        with armed(hit=hit), pytest.raises(Stopped):
            step()
        done = int(name == "publications.after_commit")
        grown = tuple(a - b for a, b in zip(_books(), before, strict=True))
        # 新内容随发布签下三关，也记一笔审计；原样再发的，签过了
        signed = done if verb in {"publish", "correct"} else 0
        assert grown == (done if verb != "withdraw" else 0, done, done + stored + signed), name
    scene.desk.follow()
    agree(scene.desk)
    same_as_baked_afresh(scene.desk, tmp_path / "clean")


@pytest.mark.django_db(transaction=True)
def test_following_is_cut_at_every_one_of_its_boundaries(scene: Scene, tmp_path: Path) -> None:
    """不靠运气：跟进更正、撤回、重新发布所经过的每一种边界逐个断一遍。

    更正和撤回的断在第一次到达，更正和重新发布的断在最后一次，两样轮着来。
    """
    desk = scene.desk
    walked = []
    for _ in ("撤回", "重新发布"):
        scene.correct()
        scene.turn()
        with armed(hit=0) as plan:
            desk.follow()
        walked.append(Counter(plan.reached))
    first = [(name, 1) for name in walked[0]]
    for cut in chain.from_iterable(zip_longest(first, walked[1].items())):
        word = scene.word()
        desk.correct(scene.kept, word)
        scene.turn()
        if cut is not None:
            with pytest.raises(Stopped), armed(*cut):
                desk.follow()
        desk.follow()
        assert verify_site().broken == ()
        assert word in desk.page(path_of(scene.kept))
        withdrawn = not scene.is_live()
        assert ("此信息已撤回" in desk.page(path_of(scene.gone))) == withdrawn
    agree(desk)
    same_as_baked_afresh(desk, tmp_path / "clean")
    # 全站重烘、换样式的边界只在模板变了或头一次烘时经过，由序列去断
    seldom = {"projector.before_renewal", "projector.after_renewal", "baker.after_plain_rename"}
    assert (
        set(walked[0] + walked[1])
        >= boundaries("projector", "withdrawing", "acknowledging", "baker", "sealing", "heads")
        - seldom
    )
