"""一个真的在运转的机关：网站进程、作业进程，和几个在工作台上办事的人。

每办一件事都记账：得到应答的一件也不许丢；连接断了没有应答的，用同一张表单（同一个幂等键）再交一次，
做成没做成都只算一次。
"""

import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.db.models import F

from tests.processes import process_environment
from tests.town import TEXT, Town
from tests.web import Browser, NoAnswer, Web, document_number, family, kill_group
from yangguang.foundation.audit.sealing import AUDIT, all_chains, verify
from yangguang.foundation.failpoints import AT_REST, Trace
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import CHANGES, path_of
from yangguang.hub.search.indexer import has_work as search_has_work
from yangguang.outlets.website.models import BakedPage, Cursor
from yangguang.outlets.website.projector import has_work
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import publication_of

PATIENCE = 120.0
WHO = {
    "submit": "drafter", "pass": "reviewer", "approve": "approver", "publish": "drafter",
    "revise": "drafter", "correct": "approver", "withdraw": "approver", "republish": "approver",
}  # fmt: skip
THEN = {
    "submit": "in_review", "pass": "in_approval", "approve": "approved", "publish": "published",
    "revise": "revising", "correct": "published", "withdraw": "withdrawn",
    "republish": "published",
}  # fmt: skip
NEXT = {
    "draft": ["submit"], "in_review": ["pass"], "in_approval": ["approve"],
    "approved": ["publish"], "published": ["revise", "withdraw"], "revising": ["correct"],
    "withdrawn": ["republish"],
}  # fmt: skip
ENDINGS = (AT_REST, "search.after_commit")
"""手上的事刚做完，下一件还没有开始。"""
PUBLISHING = {"publish", "correct", "withdraw", "republish"}
"""公众看得见后果的几件。"""


@dataclass
class Work:
    """``yangguang work`` 的一组进程。"""

    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """起进程。"""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yangguang", "work", "--processes", "1"],
                env={**process_environment(), **self.environment},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def pids(self) -> list[int]:
        """它的全部进程。"""
        assert self.process is not None
        return family(self.process.pid)

    def kill(self) -> None:
        """kill -9，一个不留。"""
        assert self.process is not None
        kill_group(self.process.pid)
        self.process.wait()
        self.process = None


@dataclass
class Task:
    """要交的一张表单。"""

    document: int
    event: str
    path: str
    form: dict[str, object]
    who: str

    @property
    def key(self) -> str:
        """幂等键。"""
        (key,) = self.form["key"]  # type: ignore[misc]
        return str(key)


@dataclass
class Office:
    """机关。``states`` 是账：每份公文得到应答之后该在什么状态。"""

    town: Town
    web: Web
    work: Work
    trace: Path
    chance: random.Random
    people: dict[str, Browser] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    count: int = 0
    retried: int = 0
    pace: float = 1.0
    """近来交一张表单要等多久，秒。"""

    def open(self) -> None:
        """起好两个进程，三个人都登录。"""
        self.web.start()
        self.work.start()
        for role in ("drafter", "reviewer", "approver"):
            browser = Browser(self.web.port).sign_in(getattr(self.town, role))
            self.people[role] = browser

    def close(self) -> None:
        """关门。"""
        for process in (self.web, self.work):
            if process.process is not None:
                process.kill()

    def prepare(self, wanted: set[str] | None = None) -> Task:
        """想好下一件事，打开表单，填好，还没有交。``wanted`` 只要这几种。"""
        while True:
            document = self._document()
            event = self.chance.choice(NEXT[self.states[document]])
            task = self.order(document, event)
            if wanted is None or event in wanted:
                return task
            self.submit(task)

    def _document(self) -> int:
        """接着办一份，或者新收一份。"""
        if len(self.states) < 4 or self.chance.random() < 0.05:
            self.count += 1
            answer = self.people["drafter"].fill(
                "/workbench/documents/new/", {"text": TEXT.format(number=self.count)}
            )
            assert answer.status == 302, answer.text
            pk = document_number(answer.location)
            self._fill_in(pk, {"stage": "execution", "columns": [str(self.town.column.pk)]})
            attached = ("attachments", f"附件{pk}.txt", f"第{pk}号附件。\n".encode() * 50)
            path = f"/workbench/documents/{pk}/attachments/"
            answer = self.people["drafter"].fill(path, {}, [attached])
            assert answer.status == 302, answer.text
            self.states[pk] = "draft"
            return pk
        return self.chance.choice(sorted(self.states))

    def _fill_in(self, pk: int, values: dict[str, object]) -> None:
        path = f"/workbench/documents/{pk}/edit/"
        form = self.people["drafter"].form(path)
        answer = self.people["drafter"].post(path, form | values, [])
        assert answer.status == 302, answer.text

    def order(self, document: int, event: str) -> Task:
        """打开某一份公文某一件事的表单，填好。"""
        if event == "correct":
            self.count += 1
            self._fill_in(document, {"body": f"第{self.count}次更正后的正文。"})
        path = f"/workbench/documents/{document}/do/{event}/"
        who = WHO[event]
        form = self.people[who].form(path) | {"message": "按程序办理。"}
        return Task(document, event, path, form, who)

    def submit(self, task: Task) -> None:
        """交上，得到应答就记账；没有应答抛出 ``NoAnswer``。"""
        began = time.monotonic()
        answer = self.people[task.who].post(task.path, task.form, [])
        assert answer.status == 302, (task.event, answer.status, answer.text[-3000:])
        self.pace = (self.pace + time.monotonic() - began) / 2
        self.states[task.document] = THEN[task.event]
        self.keys.add(task.key)

    def again(self, task: Task) -> None:
        """没有应答的，同一张表单再交一次。"""
        self.retried += 1
        self.submit(task)

    # ---- 断电 ----

    def strike_web(self, task: Task) -> tuple[str, bool]:
        """交表单的当口杀掉网站进程。返回断在哪里、断的时候有没有事办到一半。"""
        self._forget_trace(self.web.pids())
        lost: list[bool] = []

        def post() -> None:
            try:
                self.submit(task)
            except NoAnswer:
                lost.append(True)

        clerk = threading.Thread(target=post)
        clerk.start()
        pids = self.web.pids()
        if awaited := self.chance.choice(("", "lifecycle.", "publications.", "publications.")):
            while clerk.is_alive() and not self._last(pids).startswith(awaited):
                time.sleep(0.001)
            time.sleep(self.chance.uniform(0, 0.004))
        else:
            time.sleep(self.chance.uniform(0, self.pace))
        self.web.kill()
        clerk.join()
        where = self._last(pids)
        self.web.start()
        if lost:
            self.again(task)
        return where or "请求在途，未到边界", bool(lost and where)

    def strike_work(self, task: Task) -> tuple[str, bool]:
        """办成一件公众看得见的事，趁作业进程封存它、落实它的时候杀掉。"""
        pids = self.work.pids()
        self._forget_trace(pids)
        self.submit(task)
        awaited = self.chance.choice(("sealing.", "heads.", "projector.", "baker.", "baker."))
        deadline = time.monotonic() + 20
        while not self._last(pids).startswith(awaited) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, 0.05))
        self.work.kill()
        where = self._last(pids)
        self.work.start()
        return where or "未到边界", bool(where) and not where.endswith(ENDINGS)

    def _forget_trace(self, pids: list[int]) -> None:
        for pid in pids:
            path = self.trace / str(pid)
            if path.exists():
                os.truncate(path, 0)

    def _last(self, pids: list[int]) -> str:
        names = [name for pid in pids if (name := Trace.last(self.trace, pid).strip("\0 "))]
        return next((name for name in names if not name.endswith(AT_REST)), "".join(names[:1]))

    # ---- 核对 ----

    def settle(self) -> None:
        """等作业进程把全部改动封好、落实。"""
        deadline = time.monotonic() + PATIENCE
        while waiting := self._unfinished():
            told = f"还在等{'、'.join(waiting)}。{self.work.log.read_text()[-3000:]}"
            assert time.monotonic() < deadline, told
            time.sleep(0.1)

    def _unfinished(self) -> list[str]:
        stale = BakedPage.objects.filter(wanted__gt=F("baked"))
        waiting = {
            "封印": any(chain.unsealed().exists() for chain in all_chains()),
            "网站跟进": not Cursor.objects.exists() or has_work(),
            "检索跟进": search_has_work(),
            "重烘": stale.exists(),
        }
        return [name for name, is_waiting in waiting.items() if is_waiting]

    def check(self) -> None:
        """一件不丢，没有半截：账、库、树、封印、公众看到的，全都一致。"""
        self.settle()
        found = dict(OfficialDocument.objects.values_list("pk", "state"))
        assert {pk: found.get(pk) for pk in self.states} == self.states
        kept = TransitionRecord.objects.filter(idempotency_key__in=self.keys)
        assert kept.count() == len(self.keys)
        # rebuild --check：条目与版本、条目与来源，连同静态树（verify_site）和检索的索引
        assert check().broken == ()
        assert verify(AUDIT).broken == ()
        assert verify(CHANGES).broken == ()
        for document in OfficialDocument.objects.filter(pk__in=self.states):
            self._as_the_public_sees(document)

    def _as_the_public_sees(self, document: OfficialDocument) -> None:
        if document.state not in ("published", "revising", "withdrawn"):
            return
        publication = publication_of(document)
        address = f"http://127.0.0.1:{self.web.port}{path_of(publication)}"
        with urllib.request.urlopen(address, timeout=20) as answer:
            page = answer.read().decode()
        assert ("此信息已撤回" in page) == (document.state == "withdrawn")
        if document.state != "withdrawn":
            version = publication.current_version
            assert version is not None and str(version.payload["body"][-1]["text"]) in page


def vendor() -> str:
    """用的是哪种数据库。"""
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
