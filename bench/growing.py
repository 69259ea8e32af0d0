"""条数增到一万、十万、百万，烘焙和发布各要多久。

    python bench/growing.py [条数…]          不写就量一万和十万
    python bench/growing.py --no-bake 1000000
    python bench/growing.py --pages-only 430000

每个条数在一个临时目录里另装一份演示，再成批装入公文（``bulk``）。全站烘焙在内存盘上做，一个进程的、
两个进程的；发布、撤回走真实的服务、封存、烘焙、索引，在磁盘上，逐页落盘。
一百万页内存盘放不下：``--pages-only`` 只在磁盘上用两个进程烘一遍。
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZES = (10_000, 100_000)


def main() -> int:
    """每个条数一个进程：内存和缓存互不相干。"""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--no-index", action="store_true", help="不建索引（百万条要半个多小时）")
    parser.add_argument("--no-bake", action="store_true", help="不烘全站，只量发布")
    parser.add_argument(
        "--pages-only", action="store_true", help="只在磁盘上用两个进程烘全站，不量发布"
    )
    options = parser.parse_args()
    if len(options.sizes) == 1 and os.environ.get("YANGGUANG_GROWING"):
        measure(options.sizes[0], options)
        return 0
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="yangguang-growing-") as scratch:
            environment = os.environ | {
                "YANGGUANG_GROWING": "1",
                "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
                "YANGGUANG_VAR": scratch,
            }
            flags = [f for f in ("--no-index", "--no-bake", "--pages-only") if f in sys.argv]
            command = [sys.executable, __file__, str(size), *flags]
            if code := subprocess.run(command, env=environment).returncode:
                return code
    return 0


def measure(size: int, options: argparse.Namespace) -> None:
    """一个条数。"""
    import django

    django.setup()
    from bake import single
    from bulk import fill

    from yangguang.demo.preparing import prepare
    from yangguang.hub.search import indexer
    from yangguang.outlets.website.projector import catch_up

    print(f"—— {size} 条", flush=True)
    prepare(lambda line: None)
    with told("装入"):
        fill(size)
    if options.pages_only:
        bake_in_two(Path(os.environ["YANGGUANG_VAR"]))
        return
    if not options.no_bake:
        bake()
    if not options.no_index:
        with told("建索引"):
            indexer.rebuild()
    catch_up()
    single()
    print(f"  本进程内存最多 {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def bake() -> None:
    """全站烘焙，一个进程的，带副本的和不带的；两个进程的。"""
    from unittest import mock

    from django.utils import timezone

    from yangguang.hub.columns.models import Site
    from yangguang.outlets.website import writer
    from yangguang.outlets.website.baker import bake_everything
    from yangguang.outlets.website.frame import Press

    out = Path(tempfile.mkdtemp(prefix="yangguang-growing-", dir="/dev/shm"))  # noqa: S108
    site = Site.objects.select_related("organisation").order_by("pk")[0]
    for label, squeezed in (("带两种副本", writer.COMPRESSED), ("不带副本", frozenset())):
        with mock.patch.object(writer, "COMPRESSED", squeezed):
            began, wall = time.process_time(), time.perf_counter()
            baked = bake_everything(Press(site, timezone.localdate()), out)
            cpu, elapsed = time.process_time() - began, time.perf_counter() - wall
        print(
            f"全站烘焙，{label}：{baked.pages} 页，每秒处理器时间 {baked.pages / cpu:.0f} 页"
            f"（{cpu:.0f} 秒，墙上 {elapsed:.0f} 秒）",
            flush=True,
        )
        shutil.rmtree(out / site.code)
    bake_in_two(out)
    shutil.rmtree(out)


def bake_in_two(place: Path) -> None:
    """两个进程烘全站，带副本，烘在 ``place`` 里。"""
    from django.utils import timezone

    from yangguang.hub.columns.models import Site
    from yangguang.outlets.website.parallel import bake_in_parallel

    site = Site.objects.select_related("organisation").order_by("pk")[0]
    out = place / "in-two"
    used, began = os.times(), time.perf_counter()
    baked = bake_in_parallel(site, timezone.localdate(), out, 2)
    elapsed, now = time.perf_counter() - began, os.times()
    cpu = sum(now[:4]) - sum(used[:4])
    print(
        f"两个进程，带副本：{baked.pages} 页，墙上 {elapsed:.0f} 秒，每秒 {baked.pages / elapsed:.0f} 页；"
        f"每秒处理器时间 {baked.pages / cpu:.0f} 页",
        flush=True,
    )


@contextmanager
def told(what: str) -> Iterator[None]:
    """说用了多久。"""
    began = time.perf_counter()
    yield
    print(f"{what} {time.perf_counter() - began:.0f} 秒", flush=True)


if __name__ == "__main__":
    sys.exit(main())
