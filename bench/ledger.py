"""发文台账的测量：十万份公文的上网核对，连同列表、合计、通报，和一万行清单的导入。

    python bench/ledger.py 准备 目录 [份数]   造数据和网站（不量）
    python bench/ledger.py 量 目录             真的走 HTTP 核对一遍，量列表和合计

每份公文是别处印发的一件，全文存在台账里，网页由本机的一个静态服务给出，一百件里有一件改了一个字、
一件打不开。核对由作业来做：取网页、解析、逐段对照、记账，都算在内。
"""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ["DJANGO_SETTINGS_MODULE"] = "yangguang.settings.demo"
MODE, FOLDER = sys.argv[1], Path(sys.argv[2]).resolve()
UNITS, PORT, SHELF = 100, 8099, 1_000


class Static(SimpleHTTPRequestHandler):
    """静态网页：头和正文攒在一起送出，连接接着用，与 nginx 一样。"""

    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024

    def log_message(self, format: str, *arguments: object) -> None:
        """不写记录。"""


if MODE == "服务":
    with ThreadingHTTPServer(
        ("127.0.0.1", PORT), partial(Static, directory=str(FOLDER / "pages"))
    ) as serving:
        serving.serve_forever()
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
os.environ["YANGGUANG_VAR"] = str(FOLDER)
PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
    "<nav>首页 政府信息公开 通知公告</nav><h1>{title}</h1><div class='view'>{text}</div>"
    "<p>打印 关闭</p></body></html>"
)

import django  # noqa: E402

django.setup()

from bench.corpus import Writer  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.actors import actor, organisation  # noqa: E402
from tests.workbench import sign_in  # noqa: E402

from yangguang.foundation.accounts.models import RoleAssignment  # noqa: E402
from yangguang.foundation.accounts.selectors import actor_of  # noqa: E402
from yangguang.foundation.calendar.selectors import Calendars  # noqa: E402
from yangguang.foundation.organisations.models import Organisation  # noqa: E402
from yangguang.sources.ledger.checking import check_some, start_check  # noqa: E402
from yangguang.sources.ledger.circulars import draft_circular  # noqa: E402
from yangguang.sources.ledger.due import FORMED_DUE, PUBLISH_DUE  # noqa: E402
from yangguang.sources.ledger.lists import read_entries  # noqa: E402
from yangguang.sources.ledger.models import LedgerEntry  # noqa: E402
from yangguang.sources.ledger.services import take_list  # noqa: E402


def prepare() -> None:
    """造机构、台账和网页。"""
    call_command("migrate", verbosity=0)
    top = organisation("bench", short_name="测试州")
    units = [organisation(f"unit-{n}", top, short_name=f"第{n}局") for n in range(UNITS)]
    supervisor = actor("supervisor", top, subtree=True)
    actor("drafter", top, subtree=True)
    writer, pages = Writer(81, sentences=20_000), FOLDER / "pages"
    calendars, now = Calendars(), timezone.now()
    entries = []
    for number in range(COUNT):
        unit, written = units[number % UNITS], writer.text(number)
        title, issued = (
            f"{written.title[:80]}（{number}）",
            date(2019, 1, 2) + timedelta(number % 700),
        )
        document_number = f"局{number % UNITS}发〔{issued.year}〕{number // UNITS + 1}号"
        lines = [document_number, *written.body.splitlines()]
        text = "".join(f"<p>{line}</p>" for line in lines)
        if number % 100 == 7:
            text = text.replace(lines[1][:6], "被人改过", 1)
        path = pages / str(number // SHELF) / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 100 != 13:
            path.write_text(PAGE.format(title=title, text=text), encoding="utf-8")
        entry = LedgerEntry(
            organisation=unit, document_number=document_number, title=title, issued_on=issued,
            written_on=issued, disclosure="proactive", online_on=issued + timedelta(20 + number % 20),
            address=f"http://127.0.0.1:{PORT}/{number // SHELF}/{number}.html",
            text="\n".join(lines), source="import", state="listed", created_at=now,
            created_by_id=supervisor.user_id,
        )  # fmt: skip
        PUBLISH_DUE.write(entry, calendars.of(unit))
        FORMED_DUE.write(entry, calendars.of(unit))
        entries.append(entry)
        if len(entries) == 5_000:
            LedgerEntry.objects.bulk_create(entries, batch_size=500)
            entries.clear()
    LedgerEntry.objects.bulk_create(entries, batch_size=500)
    print(f"造好 {COUNT:,} 件")


def timed(label: str, work: object, *given: object) -> object:
    """做一件事，印出用时。"""
    wall, busy = time.perf_counter(), time.process_time()
    found = work(*given)  # type: ignore[operator]
    print(
        f"{label}：{time.perf_counter() - wall:.2f} 秒（本进程处理器 {time.process_time() - busy:.2f}）"
    )
    return found


def measure() -> None:
    """核对一遍，看列表、合计，起草通报，导入一份清单。"""
    held = {
        each.role: actor_of(each)
        for each in RoleAssignment.objects.select_related("organisation", "user")
    }
    server = subprocess.Popen([sys.executable, __file__, "服务", str(FOLDER)])
    settings.FETCH_ALSO = (f"127.0.0.1:{PORT}",)
    time.sleep(1)
    try:
        check = start_check(actor=held["supervisor"], key=f"bench-{time.time():.0f}")

        def run() -> None:
            while check_some(check.pk):
                check.refresh_from_db()
                print(f"  {check.done:,} / {check.total:,}", flush=True)

        timed(f"核对 {check.total:,} 件", run)
        check.refresh_from_db()
        print(f"  查出 {check.found:,} 个问题")
    finally:
        server.terminate()
        server.wait()
    desk = sign_in(held["supervisor"])
    for path in (
        "ledger/",
        "ledger/?standing=late",
        "ledger-inventory/",
        f"ledger-checks/{check.pk}/",
    ):
        timed(f"打开 {path}", desk.get, f"/workbench/{path}")
    assert isinstance(desk.client, Client)
    timed("起草通报", lambda: draft_circular(check, actor=held["drafter"], key=f"c-{check.pk}"))
    rows = [
        {"document_number": f"导〔2020〕{n}号", "title": f"导入的第 {n} 件", "issued_on": "二〇二〇年九月二十五日",
         "disclosure": "主动公开"}
        for n in range(1, 10_001)
    ]  # fmt: skip
    day = date(2026, 11, 25)

    def take() -> None:
        take_list(
            read_entries(rows, day), name="一万行", source="import", actor=held["drafter"],
            key=f"list-{check.pk}",
        )  # fmt: skip

    timed("导入一万行", take)
    timed("同一份再导入一次", lambda: take_list(
        read_entries(rows, day), name="一万行", source="import", actor=held["drafter"],
        key=f"again-{check.pk}",
    ))  # fmt: skip
    LedgerEntry.objects.filter(document_number__startswith="导〔").delete()
    assert Organisation.objects.count() == UNITS + 1


if MODE == "准备":
    prepare()
else:
    measure()
