"""``bake``：把改动落实到静态树；``--all`` 从库里从头烘一遍。"""

import signal
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from yangguang.foundation.audit.sealing import seal
from yangguang.foundation.commands import Answer, BadInput, ContractCommand
from yangguang.hub.publications.selectors import CHANGES
from yangguang.outlets.website.apart import bake_apart
from yangguang.outlets.website.projector import catch_up

POLL_SECONDS = 0.5


class Command(ContractCommand):
    """烘焙。"""

    help = "把已封存的变更落实到静态树；--all 从头烘一遍到 --out；--follow 一直跟进"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--all``、``--out``、``--as-of``、``--follow``。"""
        parser.add_argument("--all", action="store_true", help="从库里从头烘焙全部页面")
        parser.add_argument("--out", metavar="DIR", help="烘到哪个目录（与 --all 同用）")
        parser.add_argument("--as-of", metavar="D", help="页面的截至日期，默认今天")
        parser.add_argument(
            "--workers", type=int, default=1, help="几个进程一起烘（与 --out 同用）"
        )
        parser.add_argument("--follow", action="store_true", help="一直跟进，直到被结束")

    def answer(self, **options: Any) -> Answer:
        """做完说做了多少。"""
        as_of = _day(options["as_of"])
        if options["all"]:
            return self._everything(as_of, options["out"], options["follow"], options["workers"])
        if options["out"] or options["as_of"]:
            raise BadInput("--out 和 --as-of 只能与 --all 同用：平时的页面总是截至今天。")
        if options["follow"]:
            return self._follow()
        seal(CHANGES)
        done = catch_up()
        data = {"changes": done.changes, "pages": done.pages}
        return Answer(data, f"落实 {done.changes} 笔变更，烘焙 {done.pages} 页。")

    def _everything(
        self, as_of: date | None, out: str | None, follow: bool, workers: int
    ) -> Answer:
        if workers < 1 or (workers > 1 and out is None):
            raise BadInput("--workers 至少是 1，大于 1 时要用 --out 指明烘到哪个目录。")
        if out is None and as_of is not None:
            raise BadInput("--as-of 的页面要烘到单独的目录，请用 --out 指明。")
        if follow and (out is None or as_of is None):
            raise BadInput("--all 与 --follow 同用时，要有 --out 和 --as-of。")
        if out is None:
            seal(CHANGES)
            done = catch_up(anew=True)
            return Answer({"pages": done.pages}, f"从头烘焙 {done.pages} 页。")
        root = Path(out).resolve()
        if root == Path(settings.SITE_ROOT).resolve():
            raise BadInput("--out 不能是正在提供服务的目录；要重烘它，不写 --out。")
        day = as_of or timezone.localdate()
        pages = 0
        for _ in _until_told() if follow else [None]:
            pages += bake_apart(root, day, anew=not follow, workers=workers)
        return Answer({"pages": pages, "out": str(root)}, f"烘焙 {pages} 页到 {root}。")

    def _follow(self) -> Answer:
        changes = pages = 0
        for _ in _until_told():
            seal(CHANGES)
            done = catch_up()
            changes, pages = changes + done.changes, pages + done.pages
        return Answer({"changes": changes, "pages": pages}, f"跟进结束：烘焙 {pages} 页。")


def _until_told() -> Iterator[None]:
    """隔一会儿来一遍，直到被结束。"""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        yield
        stop.wait(POLL_SECONDS)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--as-of：{text} 不是日期，应写成 2020-10-20。") from error
