"""工作台的测量：七百个单位、一百万条记录，列表、记录、保存各要多久；许多人一齐用出不出错。

    python bench/workbench.py [条数] [--keep 目录] [--database 地址] [--officials 人数] [--only 界面…]
    python bench/workbench.py [条数] --only-press [--seconds 秒数]

数据由 ``offices`` 造：公文、稿件、信息、审计、消息各 ``条数`` 条（一万的倍数），投稿一半，分解任务百分之八。``--keep``
的目录里已有就接着用；``--database`` 换成 PostgreSQL（库要先建好，空的）。

第一部分在进程里量，不算网络：信息员、审核人、县里的监督员、州里的监督员（全部看得见）、审计管理员，
打开每一种列表的首页、深页、按每一个能排的列排、每一种筛选、各样的词，打开记录、保存。印出查询次数
和毫秒数。第二部分起演示用的那个服务器，``--officials`` 个人一齐上班：看今天要办的，翻列表，打开，改了保存；
每人每做一件歇一歇（平均三秒），再不歇着来一轮。SQLite 上 10 个人，PostgreSQL 上 100 个人；``--only-press`` 只做
这一部分。一次也没有出错才算通过，出了错的以 1 退出。
"""

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("", "src", "bench", "scripts")]

from corpus import Writer  # noqa: E402
from postgres import free_port  # noqa: E402
from servers import fetch  # noqa: E402

LISTS = (
    "documents", "articles", "contributions", "shares", "plans", "sharing", "messages", "audit",
)  # fmt: skip
GOALS = {"列表": 200, "打开": 150, "保存": 200}
"""各样的目标：95% 不超过多少毫秒。"""
PAGES = ("2", "30", "333")
OPENED = 30
SAVED = 30
PAUSE = 3.0
SECONDS = 20


def main() -> None:
    """装好，量，压。"""
    parser = argparse.ArgumentParser(description="工作台的测量")
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--officials", type=int)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="一齐用，每一轮多久")
    parser.add_argument("--only", nargs="*", default=LISTS)
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--no-press", action="store_true", help="只量进程里的")
    parts.add_argument("--only-press", action="store_true", help="只量一齐用的")
    parser.add_argument("--slow", type=float, default=GOALS["列表"], help="慢过多少毫秒的逐个印")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yangguang-workbench-") as scratch:
        folder = (options.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
            "YANGGUANG_VAR": str(folder),
            "YANGGUANG_DATABASE": options.database or f"sqlite:///{folder / 'yangguang.sqlite3'}",
            "PYTHONPATH": str(ROOT / "src"),
        }
        os.environ |= environment
        import django

        django.setup()
        furnished(options.count)
        if not options.only_press:
            measure(options.only, options.slow)
        if not options.no_press:
            is_embedded = not options.database
            if press(options.officials or (10 if is_embedded else 100), options.seconds):
                sys.exit(1)


def furnished(count: int) -> None:
    """还没有装的装上；装过的只补新的迁移。"""
    from django.core.management import call_command
    from django.db import connection
    from offices import fill

    began = time.perf_counter()
    if "documents_officialdocument" not in connection.introspection.table_names():
        fill(count, ROOT)
        print(f"装入 {count:,} 条：{time.perf_counter() - began:.0f} 秒", flush=True)
    call_command("migrate", verbosity=0, interactive=False)


# ---- 进程里 ----


@dataclass
class Desk:
    """一个人登录好的浏览器。"""

    label: str
    username: str
    client: Any = None
    actor: Any = None

    def __post_init__(self) -> None:
        from tests.workbench import sign_in

        from yangguang.foundation.accounts.models import RoleAssignment
        from yangguang.foundation.accounts.selectors import actor_of

        post = RoleAssignment.objects.select_related("user", "organisation", "on_behalf_of").get(
            user__username=self.username
        )
        self.actor = actor_of(post)
        self.client = sign_in(self.actor).client


@dataclass
class Taken:
    """一样东西量到的：毫秒数，查询次数。"""

    times: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    def add(self, milliseconds: float, queries: int) -> None:
        """又一次。"""
        self.times.append(milliseconds)
        self.queries.append(queries)

    def __str__(self) -> str:
        found = sorted(self.times)
        middle, last = found[len(found) // 2], found[len(found) * 95 // 100]
        low, high = min(self.queries), max(self.queries)
        queries = f"{low}" if low == high else f"{low}–{high}"
        return f"{len(found)} | {queries} | {middle:.0f} | {last:.0f} | {found[-1]:.0f}"


def timed(act: Callable[..., Any], *arguments: Any, status: int = 200) -> tuple[float, int]:
    """做一次：毫秒数，查询次数。应答不对就停下。"""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        answer = act(*arguments)
        took = (time.perf_counter() - began) * 1000
    assert answer.status_code == status, (arguments, answer.status_code)
    return took, len(queries)


def measure(slugs: list[str], slow: float) -> None:
    """各人各样量一遍，印成一张表。"""
    desks = [
        Desk("信息员（州教育局）", "education.drafter"),
        Desk("审核人（州教育局）", "education.reviewer"),
        Desk("监督员（永靖县）", "yongjing.supervisor"),
        Desk("监督员（州，看得见全部）", "office.supervisor"),
        Desk("审计管理员", "audit.admin"),
    ]
    print("| 谁 | 做什么 | 次数 | 查询 | p50 毫秒 | p95 | 最慢 |\n|---|---|---|---|---|---|---|")
    whole: dict[str, Taken] = defaultdict(Taken)

    def note(desk: Desk, what: str, goal: str, taken: Taken) -> None:
        if taken.times:
            print(f"| {desk.label} | {what} | {taken} |", flush=True)
            whole[goal].times += taken.times
            whole[goal].queries += taken.queries

    for desk in desks:
        note(desk, "今天要办", "列表", opened(desk, ["/workbench/"] * 10))
        for slug in slugs:
            home = f"/workbench/{slug}/"
            if desk.client.get(f"{home}?all=1").status_code == 404:
                continue
            listed = opened(desk, [f"{home}?{query}" for query in queries_of(desk, slug)], slow)
            note(desk, f"{slug} 列表", "列表", listed)
            records = [f"{home}{pk}/" for pk in pks_of(desk, slug)]
            note(desk, f"{slug} 打开", "打开", opened(desk, records))
            exports = [f"{home}export.csv?all=1&{query}" for query in ("", "q=通知")]
            if desk.client.head(exports[0]).status_code == 200:
                note(desk, f"{slug} 导出，到第一段", "导出", begun(desk, exports))
    busy = Desk("信息员（草稿最多的单位）", busiest())
    for slug in sorted({"documents", "articles"} & set(slugs)):
        note(busy, f"{slug} 保存", "保存", saving(busy, slug))
    for goal, taken in whole.items():
        wanted = f"（目标 {GOALS[goal]}）" if goal in GOALS else ""
        print(f"| 合计 | {goal}{wanted} | {taken} |")


def opened(desk: Desk, paths: list[str], slow: float = float("inf")) -> Taken:
    """一页页打开；慢过 ``slow`` 毫秒的印出来。第一页先打开一次不计：模板头一回用要编译。"""
    taken = Taken()
    for path in paths[:1]:
        desk.client.get(path)
    for path in paths:
        took, queries = timed(desk.client.get, path)
        taken.add(took, queries)
        if took > slow:
            print(f"    {took:6.0f} 毫秒 {desk.label} {unquote(path)}", flush=True)
    return taken


def begun(desk: Desk, paths: list[str]) -> Taken:
    """导出，取到第一段为止。"""

    def first(path: str) -> Any:
        answer: Any = desk.client.get(path)
        next(iter(answer.streaming_content))
        answer.close()
        return answer

    taken = Taken()
    for path in paths:
        taken.add(*timed(first, path))
    return taken


def queries_of(desk: Desk, slug: str) -> Iterator[str]:
    """一种列表的各样看法：首页、深页、每一列的排序、每一种筛选的几个值、各样的词，和合着用的。"""
    from lxml import html

    desk.client.post(f"/workbench/{slug}/columns/", {"column": every_column(desk, slug)})
    page = html.fromstring(desk.client.get(f"/workbench/{slug}/?all=1&state=").content)
    yield "all=1"
    for number in PAGES:
        yield f"all=1&page={number}"
    sorts = {
        m[1] for href in page.xpath("//th/a/@href") if (m := re.search(r"sort=-?([^&]+)", href))
    }
    for sort in sorted(sorts):
        for way in ("", "-"):
            yield f"all=1&sort={way}{sort}"
            yield f"all=1&sort={way}{sort}&page=333"
    for select in page.xpath("//form[contains(@class, 'narrowing')]//select"):
        values = [v for v in select.xpath("./option/@value") if v]
        for value in values[:8]:
            yield urlencode({select.get("name"): value})
        for sort in sorted(sorts)[:3]:
            if values:
                yield urlencode({select.get("name"): values[0], "sort": f"-{sort}"})
    for word in words_of():
        yield urlencode({"q": word, "all": 1})
        yield urlencode({"q": word, "all": 1, "page": 3})
    desk.client.post(f"/workbench/{slug}/columns/", {"usual": "1"})


def every_column(desk: Desk, slug: str) -> list[str]:
    """能选的全部列。"""
    from lxml import html

    answer = desk.client.get(f"/workbench/{slug}/columns/")
    return list(html.fromstring(answer.content).xpath("//input[@name='column']/@value"))


def words_of() -> list[str]:
    """查找的词：常见的两个字、一个县、题名里的一段、文号、没有的，和两个词一起。"""
    subjects = Writer(sentences=20_000).subjects
    some = [subjects[3], subjects[40][:4]]
    return ["通知", "永靖县", *some, "〔2020〕123", "没有这样的词", "通知 教育"]


def pks_of(desk: Desk, slug: str) -> list[int]:
    """随意几条新近的、看得见的；消息没有记录页。"""
    from yangguang.foundation.workbench.registry import viewset_at

    viewset: Any = viewset_at(slug)
    if slug == "messages":
        return []
    newest = list(viewset.queryset(desk.actor).values_list("pk", flat=True)[:2_000])
    return random.Random(1).sample(newest, min(OPENED, len(newest)))


def busiest() -> str:
    """公文的草稿最多的单位，它的信息员。"""
    from django.db.models import Count

    from yangguang.foundation.accounts.models import RoleAssignment
    from yangguang.sources.documents.models import OfficialDocument

    drafts = OfficialDocument.objects.filter(state="draft").values("organisation")
    unit = drafts.annotate(many=Count("pk")).order_by("-many")[0]["organisation"]
    post = RoleAssignment.objects.filter(organisation=unit, role="drafter").select_related("user")
    return str(post[0].user.username)


def saving(desk: Desk, slug: str) -> Taken:
    """打开草稿改一个字，保存。"""
    from yangguang.foundation.workbench.registry import viewset_at

    viewset: Any = viewset_at(slug)
    drafts = viewset.queryset(desk.actor).filter(state="draft").values_list("pk", flat=True)
    taken = Taken()
    for pk in drafts[:SAVED]:
        path = f"/workbench/{slug}/{pk}/edit/"
        form = filled(desk.client.get(path).content)
        form["title"] = [form["title"][0][:100] + "改"]
        taken.add(*timed(desk.client.post, path, form, status=302))
    return taken


def filled(content: bytes) -> dict[str, list[str]]:
    """页面上那张表单现在的值。"""
    from lxml import html

    (form,) = [f for f in html.fromstring(content).forms if f.action is None and f.method == "POST"]
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


# ---- 一齐用 ----


@dataclass
class Official:
    """一个上班的人：一条长连接，会话已经登录。"""

    port: int
    cookie: str
    chance: random.Random
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def work(self, until: float, pause: float) -> None:
        """一件一件地做，到时为止。"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        time.sleep(self.chance.uniform(0, pause))
        while time.monotonic() < until:
            slug = self.chance.choice(("documents", "articles"))
            self.get(connection, "今天要办", "/workbench/")
            page = self.get(connection, "列表", f"/workbench/{slug}/")
            self.rest(pause)
            self.get(connection, "列表", f"/workbench/{slug}/?state=published&page=2")
            drafts = self.get(connection, "列表", f"/workbench/{slug}/?state=draft")
            self.rest(pause)
            for found in (page, drafts):
                if pks := re.findall(rf'href="/workbench/{slug}/(\d+)/"', found):
                    self.get(connection, "打开", f"/workbench/{slug}/{self.chance.choice(pks)}/")
                    self.rest(pause)
            if pks := re.findall(rf'href="/workbench/{slug}/(\d+)/"', drafts):
                path = f"/workbench/{slug}/{self.chance.choice(pks)}/edit/"
                if form := self.get(connection, "打开修改", path):
                    self.rest(pause)
                    self.save(connection, path, form)
                    self.rest(pause)
        connection.close()

    def rest(self, pause: float) -> None:
        """歇一歇。"""
        if pause:
            time.sleep(self.chance.expovariate(1 / pause))

    def get(self, connection: http.client.HTTPConnection, what: str, path: str) -> str:
        """打开一页。"""
        return self.ask(connection, what, "GET", path, 200)

    def save(self, connection: http.client.HTTPConnection, path: str, page: str) -> None:
        """改一个字，保存。"""
        form = filled(page.encode())
        form["title"] = [form["title"][0][:100] + "改"]
        self.ask(connection, "保存", "POST", path, 302, urlencode(form, doseq=True))

    def ask(
        self, connection: http.client.HTTPConnection, what: str, method: str, path: str,
        status: int, body: str | None = None,
    ) -> str:  # fmt: skip
        """问一次，记下用时；应答不对的记一笔错。"""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(f"{what} {path}：{error!r}")
            connection.close()
            return ""
        self.times[what].append((time.perf_counter() - began) * 1000)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                kept = [c for c in self.cookie.split("; ") if not c.startswith("csrftoken=")]
                self.cookie = "; ".join([*kept, value.split(";")[0]])
        if answer.status != status:
            self.errors.append(f"{what} {path}：{answer.status}")
        return text


def press(count: int, seconds: float) -> int:
    """``count`` 个单位的信息员一齐上班 ``seconds`` 秒：先歇着做，再不歇着做。返回一共出了几次错。"""
    from django.conf import settings
    from tests.workbench import sign_in

    from yangguang.foundation.accounts.models import RoleAssignment
    from yangguang.foundation.accounts.selectors import actor_of

    drafters = RoleAssignment.objects.filter(role="drafter").select_related(
        "user", "organisation", "on_behalf_of"
    )
    posts = random.Random(3).sample(list(drafters), count)
    cookies = [
        f"{settings.SESSION_COOKIE_NAME}={sign_in(actor_of(post)).client.session.session_key}"
        for post in posts
    ]
    errors = 0
    with served() as port:
        for pause in (PAUSE, 0.0):
            officials = [
                Official(port, cookie, random.Random(nth)) for nth, cookie in enumerate(cookies)
            ]
            until = time.monotonic() + seconds
            threads = [threading.Thread(target=o.work, args=(until, pause)) for o in officials]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            errors += told(officials, count, pause, seconds)
    return errors


def told(officials: list[Official], count: int, pause: float, seconds: float) -> int:
    """印一轮的结果，返回出了几次错。"""
    errors = [error for o in officials for error in o.errors]
    how = f"每做一件歇 {pause:.0f} 秒" if pause else "一件接一件"
    total = sum(len(each) for o in officials for each in o.times.values())
    print(f"{count} 人一齐用，{how}：{total} 次，每秒 {total / seconds:.0f}，出错 {len(errors)}")
    for error in errors[:5]:
        print(f"    {error}")
    print("| 做什么 | 次数 | p50 毫秒 | p95 | 最慢 |\n|---|---|---|---|---|")
    for what in ("今天要办", "列表", "打开", "打开修改", "保存"):
        if found := sorted(t for o in officials for t in o.times[what]):
            middle, last = found[len(found) // 2], found[len(found) * 95 // 100]
            print(f"| {what} | {len(found)} | {middle:.0f} | {last:.0f} | {found[-1]:.0f} |")
    return len(errors)


@contextmanager
def served() -> Iterator[int]:
    """起演示用的服务器，等它应答；离开时结束。"""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "yangguang", "serve_site", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while fetch(port, "/workbench/sign-in/", 20) != 200:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
