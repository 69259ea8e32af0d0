"""巡查一轮要多久，动了的文件多久恢复。

    python bench/patrol.py [页数…]          不写就量一万页
    python bench/patrol.py --disk 1000000  内存盘放不下的，放在平常的盘上

在内存盘上另装一份演示，成批装入公文（``bulk``，一条两页：信息页和载荷），真的烘成一棵树，然后量：
头一轮（每个文件都算一遍）、安静的一轮，以及改了内容再放回修改时间、添、删各几个之后，发现并恢复的一轮。
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZES = (10_000,)
HARMED = 10


def main() -> int:
    """每个页数一个进程。"""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--disk", action="store_true", help="放在平常的盘上")
    options = parser.parse_args()
    if os.environ.get("YANGGUANG_PATROL_BENCH"):
        measure(options.sizes[0])
        return 0
    memory = Path("/dev/shm")  # noqa: S108
    place = memory if memory.is_dir() and not options.disk else None
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="yangguang-patrol-", dir=place) as scratch:
            environment = os.environ | {
                "YANGGUANG_PATROL_BENCH": "1",
                "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
                "YANGGUANG_VAR": scratch,
            }
            command = [sys.executable, __file__, str(size)]
            if code := subprocess.run(command, env=environment).returncode:
                return code
    return 0


def measure(pages: int) -> None:
    """一个页数。"""
    import django

    django.setup()
    from bulk import fill
    from django.conf import settings

    from yangguang.demo.preparing import prepare
    from yangguang.hub.columns.models import Site
    from yangguang.outlets.website.models import BakedPage
    from yangguang.outlets.website.patrol import patrol
    from yangguang.outlets.website.projector import catch_up

    prepare(lambda line: None)
    fill(pages // 2)
    with told("烘成树"):
        catch_up(anew=True)
    site = Site.objects.order_by("pk")[0]
    root = Path(settings.SITE_ROOT) / site.code
    print(f"—— {BakedPage.objects.exclude(sha256='').count()} 页", flush=True)
    for label in ("头一轮，全算", "安静的一轮", "又一轮安静的"):
        with told(label):
            rounds = patrol()
        assert not any(each.found for each in rounds)
        files, hashed = sum(e.files for e in rounds), sum(e.hashed for e in rounds)
        print(f"  {files} 个文件，算了 {hashed} 个摘要", flush=True)
    records = sorted(root.glob("document/**/*.html"))[:: max(1, pages // 100)][: 2 * HARMED]
    harmed = records[:HARMED]
    for path in harmed:
        _write(path)
    for path in records[HARMED:]:
        path.unlink()
    for number in range(HARMED):
        (root / "columns" / f"stranger-{number}.html").write_text("冒充")
    with told(f"改 {len(harmed)} 个、删 {len(records[HARMED:])} 个、添 {HARMED} 个，发现并恢复"):
        rounds = patrol()
    found = [row for each in rounds for row in each.found]
    assert len(found) == len(records) + HARMED and all(row.restored_at for row in found)
    sizes = sum(path.stat().st_size for path in Path(settings.PATROL_ROOT).glob("*.sqlite3"))
    print(f"  快照 {sizes / 1e6:.1f} MB", flush=True)


def _write(path: Path) -> None:
    """改一个字节，修改时间放回去。"""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@contextmanager
def told(what: str) -> Iterator[None]:
    """说用了多久。"""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    print(
        f"{what}：墙上 {time.perf_counter() - wall:.1f} 秒（处理器 {time.process_time() - cpu:.1f} 秒）",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
