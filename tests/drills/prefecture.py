"""一个州和它的一个县：两个站点、几个栏目、几个人。各样改动都走真实的服务，做什么随种子而定。"""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tests.actors import actor, organisation
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Kind, Level, Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.services import load_site
from yangguang.hub.publications.gate import text_faults
from yangguang.hub.publications.models import Change, Publication, Share
from yangguang.hub.publications.sharing import share, unshare
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import choose, edit_topic, open_topic
from yangguang.outlets.blocks.models import BlockPage
from yangguang.outlets.blocks.services import begin, save_block
from yangguang.sources.documents.codes import type_code
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import (
    attach_uploads,
    detach,
    edit,
    publication_of,
    set_steps,
    take_in,
)

CORPORA = Path(__file__).resolve().parents[1] / "corpora" / "documents"
FOREIGN = ("GB/T 9704", "PM2.5", "5G", "App", "COVID-19", "ISO9001", "VOCs", "12345")
"""掺进正文的外文和数字。"""
FORMS = ("通知", "意见", "决定", "公告")
STAGES = ("decision", "execution", "management", "service", "result")
OFTEN = {
    "publish": 34, "correct": 22, "withdraw": 17, "republish": 14, "share": 5, "unshare": 2,
    "choose": 4, "gather": 1, "arrange": 1,
}  # fmt: skip
"""各样改动的多少。"""
RECENT = 40
"""一半时候只在最近动过的这么多份里挑：同一份接连改动，最容易撞上断点。"""
EARLIEST = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)
TEXT = """测州发〔2020〕{number}号

关于印发{number}号方案的通知

各县市人民政府：
{body}

测试州人民政府办公室
2020年9月25日
（此件公开发布）
"""


@cache
def sentences() -> tuple[str, ...]:
    """真实公文里能公开的句子。"""
    text = "\n".join(path.read_text("utf-8") for path in sorted(CORPORA.glob("*/source.txt")))
    found = dict.fromkeys(part.strip() for part in re.split(r"(?<=[。；])|\n", text))
    return tuple(each for each in found if 8 <= len(each) <= 80 and not text_faults(each, ""))


@dataclass
class Prefecture:
    """州和县。``states`` 是各份公文此刻的状态，最近动过的在后；``owners`` 是谁的。"""

    folder: Path
    sites: dict[str, Site]
    columns: dict[str, list[Column]]
    people: dict[tuple[str, str], Actor]
    topics: list[Topic]
    home: BlockPage
    chance: random.Random
    states: dict[int, str] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)
    count: int = 0

    def act(self) -> None:
        """随意做一件公众看得见后果的事：变更日志里至少多一行。"""
        before = Change.objects.count()
        while Change.objects.count() == before:
            (chosen,) = self.chance.choices(list(OFTEN), list(OFTEN.values()))
            step: Callable[[], None] = getattr(self, f"_{chosen}")
            step()

    # ---- 公文 ----

    def _publish(self) -> None:
        owner = self.chance.choice(("office", "office", "bureau", "county"))
        document = self._drafted(owner)
        for event in ("submit", "pass", "approve", "publish"):
            self._perform(document, event)

    def _correct(self) -> None:
        document = self._some("published")
        if document is None:
            return
        self._perform(document, "revise")
        drafter, roll = self._who(document, "drafter"), self.chance.random
        changes: dict[str, object] = {
            "body": [{"type": "paragraph", "style": "plain", "text": self._body()}]
        }
        # 题名一改，按字词收它的专题也要变；栏目一改，下回重新发布时换过去
        changes |= {"title": self._title()} if roll() < 0.3 else {}
        columns = self._columns(self.owners[document.pk]) if roll() < 0.4 else None
        edit(document, changes, actor=drafter, columns=columns)
        if roll() < 0.3:
            for attached in document.document_attachments.all():
                detach(document, attached.pk, actor=drafter)
            attach_uploads(document, self._uploads(), actor=drafter)
        self._perform(document, "correct")

    def _withdraw(self) -> None:
        if document := self._some("published"):
            self._perform(document, "withdraw")

    def _republish(self) -> None:
        if document := self._some("withdrawn"):
            self._perform(document, "republish")

    def _some(self, state: str) -> OfficialDocument | None:
        known = list(self.states)[-RECENT:] if self.chance.random() < 0.5 else list(self.states)
        found = [pk for pk in known if self.states[pk] == state]
        return OfficialDocument.objects.get(pk=self.chance.choice(found)) if found else None

    def _drafted(self, owner: str) -> OfficialDocument:
        given: dict[str, object] = {
            "title": self._title(), "stage": self.chance.choice(STAGES), "uncertain": [],
            "document_type": type_code(self.chance.choice(FORMS)), "validity": "effective",
        }  # fmt: skip
        if self.chance.random() < 0.3:
            days = timedelta(days=self.chance.randint(0, 2500))
            given |= {"back_filled_at": EARLIEST + days, "back_filled_from": "登记簿"}
        drafter = self.people[owner, "drafter"]
        document = take_in(
            TEXT.format(number=self.count, body=self._body()),
            organisation=Organisation.objects.get(pk=drafter.organisation_id),
            actor=drafter,
            key=self._key(),
            uploads=self._uploads() if self.chance.random() < 0.25 else (),
            overrides=given,
        )
        document.columns.set(self._columns(owner))
        self.owners[document.pk] = owner
        return document

    def _perform(self, document: OfficialDocument, event: str) -> None:
        roles = {"submit": "drafter", "publish": "drafter", "revise": "drafter", "pass": "reviewer"}
        who = self._who(document, roles.get(event, "approver"))
        perform(document, event, actor=who, key=self._key(), message="按程序办理。")
        self.states.pop(document.pk, None)
        self.states[document.pk] = document.state

    def _who(self, document: OfficialDocument, role: str) -> Actor:
        return self.people[self.owners[document.pk], role]

    # ---- 转发、专题、首页、栏目 ----

    def _share(self) -> None:
        found = self._some("published")
        if found and self.owners[found.pk] != "county":
            columns = self.chance.sample(self.columns["county"], self.chance.randint(1, 2))
            share(publication_of(found), columns, actor=self.people["county", "approver"])

    def _unshare(self) -> None:
        shared = list(Share.objects.filter(ended_at=None).values_list("publication", flat=True))
        if shared:
            publication = Publication.objects.get(pk=self.chance.choice(shared))
            county = self.sites["county"]
            editor = self.people["county", "approver"]
            unshare(publication, county, actor=editor, reason="与本县无关")

    def _choose(self) -> None:
        found = self._some("published")
        if found and self.owners[found.pk] != "county":
            choice = self.chance.choice(("add", "exclude", "undo"))
            topic = self.chance.choice(self.topics)
            choose(topic, publication_of(found), choice, actor=self.people["office", "approver"])

    def _gather(self) -> None:
        """改一个专题收信息的条件。"""
        topic = self.chance.choice(self.topics)
        given = {
            "words": self.chance.sample(FORMS, 2),
            "columns": self.chance.sample(self.columns["office"], self.chance.randint(0, 2)),
        }
        edit_topic(topic, given, actor=self.people["office", "approver"])

    def _arrange(self) -> None:
        """改首页的一块，发布。"""
        editor = self.people["office", "approver"]
        self.home.refresh_from_db()
        values = {
            "heading": "近来公开", "column": self.chance.choice(("files", "notices", "")),
            "count": str(self.chance.randint(3, 12)), "order": self.chance.choice(("new", "old")),
        }  # fmt: skip
        save_block(self.home, "list", values, actor=editor, key=self._key(), id="drill")
        if self.home.state != "published":
            perform(self.home, "publish", actor=editor, key=self._key())

    def rearrange_columns(self) -> None:
        """改一个栏目的名称，添一个栏目：全站要重烘，索引要重建。"""
        self.count += 1
        write_site(self.folder, "office", notices=f"通知公告{self.count}", extra=self.count)
        load_site(self.folder / "office.json")
        self.columns["office"] = leaves(self.sites["office"])

    # ---- 材料 ----

    def _key(self) -> str:
        self.count += 1
        return f"drill-{self.count}"

    def _title(self) -> str:
        return self._fit(self._any_title)

    def _body(self) -> str:
        return self._fit(self._any_body)

    def _fit(self, make: Callable[[], str]) -> str:
        """再来，直到能公开：一长串数字截下的一段，或者接起来的两段，会像手机号。"""
        text = make()
        while text_faults(text, ""):
            text = make()
        return text

    def _any_title(self) -> str:
        phrase = self.chance.choice(sentences())
        start = self.chance.randint(0, len(phrase) // 2)
        return f"关于{phrase[start : start + self.chance.randint(4, 14)].strip()}的{self.chance.choice(FORMS)}"

    def _any_body(self) -> str:
        words = self.chance.sample(sentences(), self.chance.randint(2, 12))
        if self.chance.random() < 0.5:
            words.insert(
                1, f"共{self.chance.randint(1, 9999)}项，照{self.chance.choice(FOREIGN)}办。"
            )
        return "".join(words)

    def _uploads(self) -> list[tuple[str, bytes]]:
        self.count += 1
        return [(f"附件{self.count}.txt", f"第{self.count}号附件：{self._body()}\n".encode())]

    def _columns(self, owner: str) -> list[Column]:
        own = self.columns["county" if owner == "county" else "office"]
        chosen = self.chance.sample(own, self.chance.randint(1, 2))
        # 州里发的，有时连带放到县里
        if owner != "county" and self.chance.random() < 0.1:
            chosen.append(self.chance.choice(self.columns["county"]))
        return chosen


def leaves(site: Site) -> list[Column]:
    """站点可以放信息的栏目。"""
    return [column for column in Column.objects.filter(site=site) if column.is_leaf()]


def write_site(folder: Path, owner: str, notices: str = "通知公告", extra: int = 0) -> None:
    """站点的数据文件。``notices`` 是一个栏目的名称，``extra`` 不为 0 就多一个栏目。"""
    words = {"column_type": "政策文件", "description": "公开的文件", "keywords": "文件"}
    named = {"files": "文件", "plans": "规划"} | ({f"extra-{extra}": "新增"} if extra else {})
    below = [{"code": code, "name": name, **words} for code, name in named.items()]
    columns = [
        {"code": "open", "name": "政府信息公开", **words, "children": below},
        {"code": "notices", "name": notices, **words},
    ]
    site = {
        "code": owner, "name": f"测试{owner}人民政府", "short_name": f"测试{owner}",
        "organisation": owner, "domain": "www.drill.example",
        "path_prefix": "county" if owner == "county" else "",
        "identification_code": "6299010000" if owner == "county" else "6299000000",
        "contact": "演示", "is_demonstration": True,
    }  # fmt: skip
    text = json.dumps({"site": site, "columns": columns}, ensure_ascii=False)
    (folder / f"{owner}.json").write_text(text, encoding="utf-8")


def make_prefecture(folder: Path, seed: int) -> Prefecture:
    """两级政府、一个部门，各有三个人，公文走部门审核、签发；两个专题；首页已经开始编排。"""
    office = organisation("office", name="测试州人民政府", short_name="测试州")
    bureau = organisation(
        "bureau", office, name="测试州水务局", short_name="州水务局", kind=Kind.ADMINISTRATIVE
    )
    county = organisation(
        "county", office, name="测试县人民政府", short_name="测试县", level=Level.COUNTY
    )
    sites, columns = {}, {}
    for owner in ("office", "county"):
        write_site(folder, owner)
        sites[owner] = load_site(folder / f"{owner}.json")
        columns[owner] = leaves(sites[owner])
    people = {
        (unit.code, role): actor(role, unit)
        for unit in (office, bureau, county)
        for role in ("drafter", "reviewer", "approver")
    }
    editor = people["office", "approver"]
    set_steps(office, ["review"], actor=editor)
    given = ({"columns": columns["office"][:1]}, {"words": ["方案", "意见"]})
    topics = [
        open_topic(
            sites["office"], name=f"专题{number}", summary="收文件。", code=f"topic-{number}",
            actor=editor, key=f"topic-{number}", **gathering,
        )
        for number, gathering in enumerate(given)
    ]  # fmt: skip
    home = begin(sites["office"], None, actor=editor, key="home")
    return Prefecture(folder, sites, columns, people, topics, home, random.Random(seed))
