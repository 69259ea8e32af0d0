"""烘焙有多快：演示内容的全站重烘，和发布、撤回一条到页面落实。

    make bench ARGS=bake

数据是演示装入的（七十多份样例、一份方案、六十多个机构），装在临时目录里，用完即删。
每种测量几轮取中位数，同时记墙上时间和本进程占用的处理器时间：机器上还有别的事时，
墙上时间会翻几倍，处理器时间和比例不会。
"""

import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

ROUNDS = 3
CHANGES = 40


def main() -> None:
    """装入，逐项测，打印。"""
    with tempfile.TemporaryDirectory(prefix="yangguang-bake-") as scratch:
        os.environ["DJANGO_SETTINGS_MODULE"] = "yangguang.settings.demo"
        os.environ["YANGGUANG_VAR"] = scratch
        import django

        django.setup()
        from yangguang.demo.preparing import prepare

        began = time.perf_counter()
        prepare(lambda line: None)
        print(f"装入演示数据并首次烘焙：{time.perf_counter() - began:.1f} 秒（只作参考）")
        whole(Path(scratch))
        parts()
        single()


def whole(scratch: Path) -> None:
    """全站重烘：逐页落盘的（平常的树），和最后一次落盘的（另一棵树）。"""
    from django.utils import timezone

    from yangguang.outlets.website.apart import bake_apart
    from yangguang.outlets.website.projector import catch_up

    counts: list[int] = []
    durable = median(lambda: counts.append(catch_up(anew=True).pages))
    today = timezone.localdate()
    apart = median(lambda: counts.append(bake_apart(scratch / "apart", today, anew=True)))
    for label, seconds, pages in (
        ("平常的树", durable, counts[0]),
        ("另一棵树", apart, counts[-1]),
    ):
        print(
            f"全站重烘，{label}：{pages} 页，{seconds}，每秒处理器时间 {pages / seconds.cpu:.0f} 页"
        )


def parts() -> None:
    """一页的时间花在哪里：读库、排版、压缩；各类页面的查询次数。"""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from yangguang.hub.columns.models import Site
    from yangguang.outlets.website.frame import Press
    from yangguang.outlets.website.placing import every_page
    from yangguang.outlets.website.sheets import make
    from yangguang.outlets.website.writer import twins

    press = Press(Site.objects.select_related("organisation").get(), timezone.localdate())
    refs = [ref for ref in sorted(every_page(press), key=lambda r: r.path) if ref.maker != "asset"]
    made: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    squeezed = printed = 0.0
    original = Press.render

    def render(self: Press, *arguments: Any, **context: Any) -> bytes:
        nonlocal printed
        began = time.process_time()
        try:
            return original(self, *arguments, **context)
        finally:
            printed += time.process_time() - began

    Press.render = render  # type: ignore[method-assign]
    for ref in refs:
        with CaptureQueriesContext(connection) as queries:
            began = time.process_time()
            sheet = make(press, ref)
            elapsed = time.process_time() - began
        made[ref.maker] += 1
        spent[ref.maker] += elapsed  # type: ignore[assignment]
        asked[ref.maker] += len(queries)
        began = time.process_time()
        twins(sheet.content if sheet else b"")
        squeezed += time.process_time() - began
    Press.render = original  # type: ignore[method-assign]
    making = sum(spent.values())
    total = making + squeezed
    print(
        f"印 {len(refs)} 页（不写盘）：压缩占 {squeezed / total:.0%}，模板占 {printed / total:.0%}，"
        f"读库和其余占 {(making - printed) / total:.0%}"
    )
    for name in sorted(made, key=lambda each: -spent[each]):
        print(
            f"  {name}：{made[name]} 页，每页 {1000 * spent[name] / made[name]:.1f} 毫秒、"
            f"{asked[name] / made[name]:.1f} 次查询，占 {spent[name] / making:.0%}"
        )


def single() -> None:
    """发布、撤回一条，到封存、落实到页面、进索引为止。"""
    from yangguang.foundation.audit.sealing import seal
    from yangguang.hub.publications.models import Publication
    from yangguang.hub.publications.selectors import CHANGES as LOG
    from yangguang.hub.publications.services import publish, withdraw
    from yangguang.hub.search import indexer
    from yangguang.outlets.website.projector import catch_up
    from yangguang.sources.documents.models import OfficialDocument

    pages: list[int] = []
    steps: dict[str, list[Spent]] = {"封存": [], "页面": [], "索引": []}

    def follow() -> None:
        with timed(steps["封存"]):
            seal(LOG)
        with timed(steps["页面"]):
            pages.append(catch_up().pages)
        with timed(steps["索引"]):
            indexer.catch_up()

    label = OfficialDocument._meta.label_lower
    chosen = Publication.objects.filter(state="published", source_label=label).order_by("pk")
    times: dict[str, list[Spent]] = {"撤回": [], "发布": []}
    for publication in list(chosen[:CHANGES]):
        actor = approver_of(publication)
        columns = [p.column for p in publication.placements.order_by("-is_primary")]
        record = OfficialDocument.objects.get(pk=publication.source_id)
        with timed(times["撤回"]):
            withdraw(publication, actor=actor, reason="测量")
            follow()
        with timed(times["发布"]):
            publish(
                record, "document", organisation=publication.organisation, columns=columns,
                actor=actor, key=f"bench-{uuid4()}",
            )  # fmt: skip
            follow()
    for label, measured in times.items():
        print(f"{label}一条，到页面、索引、订阅都落实：{told(measured)}")
    parts = "，".join(f"{name} {middle(each)}" for name, each in steps.items())
    print(f"  其中 {parts}；每次重烘 {statistics.median(pages):.0f} 页")


def approver_of(publication: Any) -> Any:
    """发布机构的签发人。"""
    from yangguang.foundation.accounts.models import RoleAssignment
    from yangguang.foundation.accounts.selectors import actor_of

    return actor_of(
        RoleAssignment.objects.filter(
            organisation=publication.organisation, role="approver"
        ).earliest("pk")
    )


@dataclass(frozen=True)
class Spent:
    """用去的时间，秒：墙上的，和本进程的处理器时间。"""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"墙上 {self.wall:.2f} 秒（处理器 {self.cpu:.2f} 秒）"


def middle(measured: list[Spent]) -> Spent:
    """两种时间各取中位数。"""
    return Spent(
        statistics.median(each.wall for each in measured),
        statistics.median(each.cpu for each in measured),
    )


def told(measured: list[Spent]) -> str:
    """中位和百分之九十五位。"""
    worst = sorted(measured, key=lambda each: each.wall)[int(len(measured) * 0.95)]
    return f"中位 {middle(measured)}，p95 {worst}（{len(measured)} 次）"


def median(action: Callable[[], object]) -> Spent:
    """几轮的中位数。"""
    rounds: list[Spent] = []
    for _ in range(ROUNDS):
        with timed(rounds):
            action()
    return middle(rounds)


@contextmanager
def timed(into: list[Spent]) -> Iterator[None]:
    """记下用了多少时间。"""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into.append(Spent(time.perf_counter() - wall, time.process_time() - cpu))


if __name__ == "__main__":
    main()
