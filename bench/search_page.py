"""检索页的测量：每秒五十次访问，从该问的那一刻到收完整页。

    python bench/search_page.py [篇数] [--keep 目录] [--rate 每秒几次] [--seconds 秒数]

装好一份演示，再添上 ``篇数`` 条信息（只有条目，查到的要看它公不公开）和同样多篇的索引；
``--keep`` 接着用 ``search.py`` 建好的索引。服务器就是演示的那一个（``serve_site``），占一个核，
访问它的占另一个核，只走本机回环。每样各跑一轮：

- 标题里的说法，每次都不同：记着的帮不上忙；
- 随意截取的词，每次都不同；
- 常查的三十个词，轮着来：平常大家查的就集中在少数几个词上；
- 边写边提示：标题里的说法，一个字一个字地写出来。进程内的另量一遍，不算网络。
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.corpus import Writer  # noqa: E402
from bench.search import Timing, any_words, built, say, timed, title_words  # noqa: E402
from bench.servers import fetch, resident  # noqa: E402
from scripts.postgres import free_port  # noqa: E402

COMMON = 30


def main() -> None:
    """装好，起服务器，逐样访问。"""
    parser = argparse.ArgumentParser(description="检索页的测量")
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    writer = Writer()
    with tempfile.TemporaryDirectory(prefix="yangguang-search-page-") as scratch:
        folder = (options.keep or Path(scratch)) / str(options.count)
        folder.mkdir(parents=True, exist_ok=True)
        index = built(writer, options.count, folder)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
            "YANGGUANG_VAR": scratch,
            "PYTHONPATH": str(ROOT / "src"),
        }
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "yangguang", "demo", "--no-serve", "--json"],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        os.environ |= environment
        fill(options.count)
        place(index)
        say(f"装好演示，添上 {options.count:,} 条：{time.perf_counter() - began:.0f} 秒")
        say(f"边写边提示，进程内：{suggesting(title_words(writer, options.count, 500))}")
        press(writer, options.count, options.rate, options.seconds, environment)


def fill(count: int) -> None:
    """添上 ``count`` 条公开的信息，编号与索引里的一样；演示已有的编号不动。"""
    import django

    django.setup()
    from django.utils import timezone

    from yangguang.hub.columns.models import Site
    from yangguang.hub.publications.models import Publication

    site = Site.objects.select_related("organisation").get(code="linxia")
    have = set(Publication.objects.values_list("pk", flat=True))
    now = timezone.now()
    rows = (
        Publication(
            pk=number, kind="document", organisation=site.organisation, site=site,
            index_number=f"BENCH/{number:08d}", state="published", title=f"测量用的第{number}条",
            stage="decision", published_at=now, source_label="bench", source_id=number,
        )
        for number in range(1, count + 1)
        if number not in have
    )  # fmt: skip
    Publication.objects.bulk_create(rows, batch_size=2_000)


def place(index: Path) -> None:
    """索引放到服务器找它的地方。"""
    from django.conf import settings

    root = Path(settings.SEARCH_ROOT)
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    root.symlink_to(index.resolve(), target_is_directory=True)


def suggesting(words: list[str]) -> Timing:
    """不经过网络，一次提示要多久。"""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    return timed(lambda word: client.get("/search/suggest", {"q": word}), words)


def press(
    writer: Writer, count: int, rate: float, seconds: float, environment: dict[str, str]
) -> None:
    """逐样访问一轮，打印。"""
    wanted = int(rate * seconds)
    titles, words = title_words(writer, count, wanted), any_words(writer, count, wanted)
    rounds = (
        ("标题里的说法，每次不同", [page(word) for word in titles]),
        ("随意截取的词，每次不同", [page(word) for word in words]),
        (f"常查的 {COMMON} 个词", [page(word) for word in titles[:COMMON]]),
        ("边写边提示", [f"/search/suggest?q={quote(w[:n])}" for w in titles for n in range(2, len(w) + 1)]),
    )  # fmt: skip
    for label, paths in rounds:
        with served(environment) as (process, port):
            used = cpu(process.pid)
            found = steady(port, paths, rate, seconds)
            busy = (cpu(process.pid) - used) / seconds
            say(
                f"{label}，每秒 {rate:.0f} 次，{seconds:.0f} 秒：p50 {found['p50_ms']:.1f}，"
                f"p95 {found['p95_ms']:.1f}，p99 {found['p99_ms']:.1f}，最慢 {found['max_ms']:.0f} 毫秒；"
                f"失败 {found['failures']:.0f}；占一个核的 {busy:.0%}，内存 {resident(process.pid):.0f} MB"
            )


def page(word: str) -> str:
    """检索页的地址。"""
    return f"/search/?q={quote(word)}"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """起演示用的服务器，等它应答检索页；离开时结束。"""
    port, cores = free_port(), sorted(os.sched_getaffinity(0))
    process = subprocess.Popen(
        [sys.executable, "-m", "yangguang", "serve_site", "--port", str(port)],
        env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {cores[0]}),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while fetch(port, "/search/?q=x", 20) != 200:
            assert process.poll() is None and time.monotonic() < deadline, "服务器没有起来"
            time.sleep(0.2)
        for number in range(20):
            fetch(port, page(f"热身{number}"), 20)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def steady(port: int, paths: list[str], rate: float, seconds: float) -> dict[str, float]:
    """用另一个核上的客户端访问。"""
    cores = sorted(os.sched_getaffinity(0))
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "steady.py"), str(port), str(rate), str(seconds)],
        input="\n".join(paths), check=True, capture_output=True, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {cores[-1]}),
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def cpu(leader: int) -> float:
    """一组进程用了多少处理器秒。"""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == leader:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        except (OSError, ProcessLookupError):
            continue
    return total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
