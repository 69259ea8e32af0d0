"""演示内容的一棵静态树：装到一个独立的目录里，再由真正的静态服务提供出来。

截图、浏览器测试和压测都用它。页面截至 2020-10-20，与哪一天运行无关；
装入走的是演示自己的路：同样的服务、同样的审核步骤。
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AS_OF = "2020-10-20"
SITE = "linxia"
COUNTY = "yongjing"
"""县的站点，代码和路径前缀都是它。"""
START_SECONDS = 30


def environment(var: Path) -> dict[str, str]:
    """子进程的环境：演示设置，数据都在 ``var`` 下。"""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
        "YANGGUANG_VAR": str(var),
    }


def prepare(var: Path, as_of: str = AS_OF) -> Path:
    """在 ``var`` 里装入演示内容并烘焙，返回树的根。已经做好的不再做。"""
    tree = var / "as-of" / as_of
    if not (tree / "sites.json").is_file():
        var.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "yangguang", "demo", "--no-serve", "--as-of", as_of]
        done = subprocess.run(
            command, env=environment(var), cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"演示没有装好：{done.stdout}{done.stderr}")
    return tree


@contextmanager
def serve(tree: Path, var: Path) -> Iterator[str]:
    """用 ``serve_site`` 提供 ``tree``，给出它的地址（末尾没有斜杠）；离开时结束。"""
    port = free_port()
    command = [sys.executable, "-m", "yangguang", "serve_site", "--static-only"]
    with (var / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--root", str(tree)],
            env=environment(var), cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """本机一个空着的端口。"""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """等到服务应答；它自己结束了或者等得太久，抛出 ``RuntimeError``。"""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/robots.txt", timeout=2).close()  # noqa: S310
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("静态服务没有起来")


def public_pages(tree: Path) -> dict[str, str]:
    """树里每类公开页面各取一张：名字与站内地址。"""
    site = tree / SITE
    plan = _first(site, "document", "<dd class=num>临州办发〔2020〕81号</dd>")
    return {
        "home": "/",
        "column": "/columns/zhengfu-xinxi-gongkai/",
        "column-list": "/columns/zhengce-wenjian/",
        "document": plan,
        "attachment": _first(site, "document", "<h2>附件</h2>"),
        "corrected": _first(site, "document", ">更正过"),
        "tasks": _first(site, "task_ledger", ""),
        "organisation": "/organisations/linxia-education/",
        "organisations": "/organisations/",
        "map": "/map/",
        "not-found": "/nowhere",
        "withdrawn": _first(site, "document", "<h1>此信息已撤回</h1>"),
        "county-home": f"/{COUNTY}/",
        "county-column": f"/{COUNTY}/columns/shangji-wenjian/",
        "county-document": f"/{COUNTY}{plan}",
        "county-organisation": f"/{COUNTY}/organisations/yongjing/",
        "county-not-found": f"/{COUNTY}/nowhere",
    }


def _first(site: Path, kind: str, html: str) -> str:
    """``kind`` 的页面里第一张含有 ``html`` 的，空白和引号不计。"""
    for path in sorted((site / kind).rglob("*.html")):
        if _dense(html) in _dense(path.read_text("utf-8")):
            return f"/{path.relative_to(site)}"
    raise LookupError(f"树里没有这样的页面：{kind} {html}")


def _dense(html: str) -> str:
    return "".join(html.split()).replace(chr(34), "")
