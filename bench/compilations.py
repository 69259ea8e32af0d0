"""一部五百份规范性文件的汇编：选、记录页、排成文字版和 PDF、读回核对、公布、烘焙，改了一份以后跟上。

    python bench/compilations.py [份数]

真实大小的文本（平均约一千五百字）直接装进资源库，此后都走平台自己的服务。两遍排出的字节须相同，不同就报错。
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "bench")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings.demo")
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 500


def main() -> None:
    """在临时目录里做，做完删去。"""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["YANGGUANG_VAR"] = folder
        import django

        django.setup()
        measure()


@contextmanager
def told(what: str) -> Iterator[None]:
    """做了多久：处理器、墙上。"""
    began, wall = time.process_time(), time.perf_counter()
    yield
    cpu, elapsed = time.process_time() - began, time.perf_counter() - wall
    load = os.getloadavg()[0]
    print(f"{what}：处理器 {cpu:.2f} 秒，墙上 {elapsed:.2f} 秒，平均负载 {load:.1f}", flush=True)


def measure() -> None:
    """逐步量。"""
    from bulk import fill
    from django.core.management import call_command
    from tests.api import publish
    from tests.town import founded
    from tests.workbench import sign_in

    from yangguang.foundation.lifecycle.services import perform
    from yangguang.hub.publications.models import Publication
    from yangguang.hub.publications.services import withdraw
    from yangguang.sources.compilations.models import Compilation
    from yangguang.sources.compilations.selectors import book_of, contents_of
    from yangguang.sources.compilations.services import begin, make, renew_all
    from yangguang.sources.compilations.typesetting import pdf, unlike, word

    call_command("migrate", verbosity=0)
    town = founded()
    publish(town, 1)
    bake()
    fill(COUNT * 11 // 10)
    texts = Publication.objects.filter(source_label="bench").select_related("current_version")
    texts.update(kind="norm")
    clean = [each.pk for each in texts.order_by("pk") if not reasons_against(each)][:COUNT]
    texts.exclude(pk__in=clean).update(state="withdrawn")
    values = {
        "title": "测量用规范性文件汇编", "unit": town.organisation, "collected": "norms",
        "validity": "any", "grouping": "subject",
    }  # fmt: skip
    record = begin(
        values, organisation=town.organisation, actor=town.drafter, key="begin",
        columns=[town.column],
    )  # fmt: skip
    with told("选、编目录，不读正文"):
        contents = contents_of(record)
    with told("连正文读出"):
        book = book_of(record)
    size = sum(len(str(block.get("text", ""))) for each in book.texts for block in each.body)
    print(f"{contents.total} 份，{size:,} 字", flush=True)
    desk = sign_in(town.drafter)
    page = f"/workbench/compilations/{record.pk}/"
    desk.get(page)
    with told("记录页"):
        desk.get(page)
    with told("文字版"):
        written = word(book)
    with told("PDF，读回核对"):
        printed = pdf(book)
    with told("其中读回核对"):
        faults = unlike(book, printed.content)
    print(f"PDF {printed.pages} 页、{len(printed.content):,} 字节，文字版 {len(written):,} 字节")
    is_same = pdf(book).content == printed.content and word(book) == written
    if faults or not is_same:
        raise SystemExit(f"排得不对：{faults}，两遍相同：{is_same}")
    print("再排一遍，字节相同。", flush=True)

    perform(record, "submit", actor=town.drafter, key="submit")
    with told("作业里排一份、存下"):
        make(record.made.get())
    perform(record, "pass", actor=town.reviewer, key="pass")
    perform(record, "approve", actor=town.approver, key="approve")
    with told("公布"):
        perform(record, "publish", actor=town.drafter, key="publish")
    with told("封存，烘焙公开页面"):
        bake()
    with told("没有变的对照一遍"):
        renew_all()
    withdraw(Publication.objects.get(pk=clean[0]), actor=town.approver, reason="测量")
    with told("撤回一份以后，目录更正、旧附件拿掉"):
        seal()
        renew_all()
    version = Publication.objects.get(kind="compilation").current_version
    assert version is not None and version.payload["attachments"] == []
    with told("重排、附上"):
        make(record.made.get(step="queued"))
    assert len(Compilation.objects.get().made.filter(step="made")) == 2
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"本进程内存最多 {most:.0f} MB", flush=True)


def reasons_against(text: Any) -> list[str]:
    """造的文本取自旧书，有的带着禁用词：不收。"""
    from yangguang.hub.screening.selectors import examine

    return list(examine(text.current_version.payload, [], None).reasons)


def seal() -> None:
    """封存。"""
    from yangguang.foundation.audit.sealing import seal_all

    seal_all()


def bake() -> None:
    """封存，网站跟上。"""
    from django.utils import timezone

    from yangguang.outlets.website.projector import catch_up

    seal()
    catch_up(timezone.localdate())


if __name__ == "__main__":
    main()
