"""公开页面一秒应答多少次：nginx 取一万张不同的页、取同一张页，演示用的服务，和现由 Django 印出来。

    python bench/nginx.py [页数]

要有 nginx（带 brotli 模块）和 wrk：``apt install nginx-light libnginx-mod-http-brotli-static wrk``。
服务器占一个核，wrk 占另一个；每样几轮取中位数。树放在内存盘上，页面都已在缓存里：量的是服务器，不是磁盘。
"""

import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.demo_site import free_port  # noqa: E402
from scripts.nginx import COUNTY, INSTALL, arrange, is_installed  # noqa: E402

PAGES = 10_000
ROUNDS = 3
SECONDS = 5
CONNECTIONS = 32
SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local next = %d
request = function()
  next = next %% #paths + 1
  return wrk.format("GET", paths[next], {["Accept-Encoding"] = "br, gzip"})
end
"""


def main() -> int:
    """装入、烘焙、逐样压，打印。"""
    if not is_installed() or shutil.which("wrk") is None:
        print(f"没有 nginx 或 wrk，量不了：{INSTALL} wrk", file=sys.stderr)
        return 1
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory(prefix="yangguang-nginx-", dir="/dev/shm") as scratch:  # noqa: S108
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
            "YANGGUANG_VAR": scratch,
        }
        documents = bake(count, Path(scratch))
        folder = Path(scratch)
        many, one = folder / "many", folder / "one"
        many.write_text("\n".join(documents))
        one.write_text(documents[0])
        rates: dict[str, float] = {}

        def note(name: str, port: int, addresses: Path) -> None:
            rates[name] = press(port, addresses, folder)
            print(f"{name}：每秒 {rates[name]:.0f} 次", flush=True)

        with nginx(folder) as port:
            note("nginx，同一张页", port, one)
            note(f"nginx，{len(documents)} 张不同的页", port, many)
        with granian("yangguang.outlets.website.serving:application") as port:
            note("演示用的服务，不同的页", port, many)
        with granian("rendering:application") as port:
            note("Django 现印，不同的页", port, many)
    fixed, *_, rendered = rates.values()
    for name, rate in rates.items():
        print(f"{name}：是同一张页的 {rate / fixed:.2f} 倍、现印的 {rate / rendered:.0f} 倍")
    return 0


def bake(count: int, scratch: Path) -> list[str]:
    """装入、烘焙，返回 ``count`` 张信息页的地址，次序打乱。"""
    import django

    django.setup()
    from bulk import fill
    from django.conf import settings
    from django.utils import timezone

    from yangguang.demo.preparing import prepare
    from yangguang.hub.columns.models import Site
    from yangguang.outlets.website.baker import bake_everything
    from yangguang.outlets.website.frame import Press

    prepare(lambda line: None)
    fill(count)
    site = Site.objects.select_related("organisation").order_by("pk")[0]
    bake_everything(Press(site, timezone.localdate()), Path(settings.SITE_ROOT))
    tree = Path(settings.SITE_ROOT) / site.code
    found = ["/" + str(path.relative_to(tree)) for path in tree.glob("document/**/*.html")]
    random.Random(81).shuffle(found)
    return found[:count]


@contextmanager
def running(command: Sequence[str], port: int, **options: Any) -> Iterator[None]:
    """起一个服务器，占第一个核，等它应答；离开时结束。"""
    core = min(os.sched_getaffinity(0))
    process = subprocess.Popen(
        command, start_new_session=True, preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        **options,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """照 ``deploy/nginx.conf`` 起 nginx，一个工作进程，不写日志。"""
    site = folder / "site"
    trial = arrange(
        folder,
        {code: site / code for code in ("linxia", COUNTY)},
        changes=(
            (r"worker_processes auto;", "worker_processes 1;"),
            (r"access_log .*;", "access_log off;"),
            (r"listen \[::1\]:\d+;", ""),
        ),
    )
    with running(trial.command, trial.port):
        yield trial.port


@contextmanager
def granian(application: str) -> Iterator[int]:
    """照 ``serve_site`` 的样子起一个应用。"""
    port = free_port()
    script = (
        "from granian import Granian; from granian.constants import Interfaces; "
        f"Granian('{application}', address='127.0.0.1', port={port}, interface=Interfaces.WSGI, "
        "workers=1, blocking_threads=8, websockets=False, log_enabled=False).serve()"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "bench")}
    with running([sys.executable, "-c", script], port, env=environment):
        yield port


def press(port: int, paths: Path, folder: Path) -> float:
    """wrk 压几轮，每秒应答数的中位。先取一遍，让页面都进缓存。"""
    core = max(os.sched_getaffinity(0))
    rates = []
    for number in range(ROUNDS + 1):
        script = folder / "script.lua"
        script.write_text(SCRIPT % (paths, number))
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script)]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        ).stdout  # fmt: skip
        if "Non-2xx" in done or "Socket errors" in done:
            errors = folder / "error"
            raise RuntimeError(done + (errors.read_text()[-2000:] if errors.exists() else ""))
        found = re.search(r"Requests/sec:\s+([\d.]+)", done)
        assert found, done
        rates.append(float(found[1]))
    return statistics.median(rates[1:])


if __name__ == "__main__":
    sys.exit(main())
