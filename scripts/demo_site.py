"""演示内容的一棵静态树：装到一个独立的目录里，再由真正的服务提供出来，后面可以有应用，也可以没有。

截图、浏览器测试和压测都用它。页面截至 2020-10-20，与哪一天运行无关；
装入走的是演示自己的路：同样的服务、同样的审核步骤。
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
AS_OF = "2020-10-20"
SITE = "linxia"
COUNTY = "yongjing"
"""县的站点，代码和路径前缀都是它。"""
START_SECONDS = 30
WORKBENCH = "/workbench/"
PASSWORD = "Yangguang-2020"  # noqa: S105  演示口令，演示命令会印出来
STAFF = (
    "office.drafter", "office.supervisor", "office.approver", "office.admin", "system.admin",
    "audit.admin",
)  # fmt: skip
"""工作台由这几个演示账号看遍：各人的菜单合起来有登记的每一种界面，每一种由排在前面的人看。"""
OWN_PAGES = (
    "identity/", "account/", "account/password/", "messages/settings/", "documents/columns/",
)  # fmt: skip
"""不在菜单里、人人都有的几页，由头一个人看。"""
NOT_WALKED = "print/|versions/|workbook/|paper/|made/|pdf/"
"""一条记录上不走的：打印和各版另走一处，其余是下载的文件。"""
FURTHER = 2
"""一条记录上最多看几个通得到的页面。"""


def environment(var: Path) -> dict[str, str]:
    """子进程的环境：演示设置，数据都在 ``var`` 下。"""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
        "YANGGUANG_VAR": str(var),
    }


def run(var: Path, *arguments: str) -> None:
    """运行一条 ``yangguang`` 命令；不成抛出 ``RuntimeError``，信息是它说的话。"""
    command = [sys.executable, "-m", "yangguang", *arguments]
    done = subprocess.run(command, env=environment(var), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} 没有做成：{done.stdout}{done.stderr}")


def prepare(var: Path, as_of: str = AS_OF) -> Path:
    """在 ``var`` 里装入演示内容并烘焙，返回树的根。已经做好的不再做。"""
    tree = var / "as-of" / as_of
    if not (tree / "sites.json").is_file():
        var.mkdir(parents=True, exist_ok=True)
        run(var, "demo", "--no-serve", "--as-of", as_of)
    return tree


def index(var: Path) -> None:
    """建好检索的索引。"""
    run(var, "reindex")


@contextmanager
def serve(tree: Path, var: Path, *, with_application: bool = False) -> Iterator[str]:
    """用 ``serve_site`` 提供 ``tree``，给出它的地址（末尾没有斜杠）；离开时结束。

    ``with_application`` 为真时后面有应用：检索（先 ``index``）、接口、工作台都在。
    """
    port = free_port()
    command = [sys.executable, "-m", "yangguang", "serve_site"]
    command += ["--port", str(port), "--root", str(tree)]
    command += [] if with_application else ["--static-only"]
    with (var / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=environment(var) | {"YANGGUANG_AS_OF": tree.name},
            cwd=ROOT, stdout=log, stderr=log,
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
    """树里每类烘好的页面各取一张：名字与站内地址。"""
    site = tree / SITE
    plan = _first(site, "document", "<dd class=num>临州办发〔2020〕81号</dd>")
    return {
        "home": "/",
        "column": "/columns/zhengfu-xinxi-gongkai/",
        "column-list": "/columns/zhengce-wenjian/",
        "column-fixed": "/columns/zhengfu-xinxi-gongkai/pages/0/1.html",
        "column-year": "/columns/zhengfu-xinxi-gongkai/2019/",
        "document": plan,
        "attachment": _first(site, "document", "<h2>附件</h2>"),
        "corrected": _first(site, "document", ">更正过"),
        "article": _first(site, "article", "<picture>"),
        "tasks": _first(site, "task_ledger", ""),
        "organisation": "/organisations/linxia-education/",
        "organisations": "/organisations/",
        "topics": "/topics/",
        "topic": "/topics/zhengwu-gongkai/",
        "topic-of-plan": "/topics/liuwen-liubao/",
        "topic-part": "/topics/baozhang-minsheng/policy/",
        "map": "/map/",
        "away": "/away.html",
        "not-found": "/nowhere",
        "withdrawn": _first(site, "document", "<h1>此信息已撤回</h1>"),
        "county-home": f"/{COUNTY}/",
        "county-column": f"/{COUNTY}/columns/shangji-wenjian/",
        "county-document": f"/{COUNTY}{plan}",
        "county-organisation": f"/{COUNTY}/organisations/yongjing/",
        "county-not-found": f"/{COUNTY}/nowhere",
    }


def dynamic_pages() -> dict[str, str]:
    """应用应答的公开页面每类一张：名字与地址。"""
    return {
        "search": f"/search/?q={quote('政务公开')}",
        "search-bare": "/search/",
        "search-nothing": f"/search/?q={quote('火星移民安置')}",
        "search-narrowed": f"/search/?q={quote('通知')}&site={COUNTY}&sort=date",
        "search-refused": f"/search/?q={quote('，。！')}&page=9999",
        "api": "/api/",
        "requests": "/interact/requests/",
        "requests-office": "/interact/requests/at/linxia-office/",
        "requests-party": "/interact/requests/at/linxia-party-publicity/",
        "requests-form": "/interact/requests/at/linxia-office/apply/",
        "requests-paper": "/interact/requests/at/linxia-office/blank/",
        "requests-status": "/interact/requests/status/",
    }


def sign_in(page: Any, address: str, username: str) -> None:
    """以一个演示账号登录；原来登录着的不算。"""
    page.context.clear_cookies()
    page.goto(f"{address}{WORKBENCH}")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def staff_lists(page: Any, address: str) -> dict[str, list[str]]:
    """``STAFF`` 各人看哪几种界面：菜单里有、排在前面的人没有的。"""
    shares: dict[str, list[str]] = {}
    for username in STAFF:
        sign_in(page, address, username)
        seen = {path for paths in shares.values() for path in paths}
        menu = _links(page, ".side nav a", rf"^{WORKBENCH}")
        shares[username] = [path for path in menu if path not in seen]
    return shares


def staff_pages(page: Any, address: str, username: str, lists: list[str]) -> list[str]:
    """登录工作台，走遍 ``lists``：每个列表、新建、头一条记录，和这条记录上通得到的地址。

    各版、打印是每种记录都有的同一张模板，走一处。

    ``page`` 是 Playwright 的一页，走完留在登录以后的样子。
    """
    sign_in(page, address, username)
    own = [WORKBENCH + path for path in OWN_PAGES if username == STAFF[0]]
    found, common = dict.fromkeys([*lists, *own]), list[str]()
    for path in lists:
        if path == WORKBENCH:
            continue
        page.goto(address + path)
        found |= dict.fromkeys(_links(page, "main a", rf"^{path}new/$"))
        for record in _links(page, "main a", rf"^{path}\d+/$")[:1]:
            page.goto(address + record)
            further = _links(page, "main a", rf"^{record}(?!{NOT_WALKED})[a-z/-]+/$")
            found |= dict.fromkeys([record, *further[:FURTHER]])
            common = common or _links(page, "main a", rf"^{record}(?:print|versions)/$")
    if username == STAFF[0]:
        found |= dict.fromkeys(common)
    return list(found)


def _links(page: Any, selector: str, pattern: str) -> list[str]:
    found = page.locator(selector).evaluate_all("all => all.map(e => e.getAttribute('href') ?? '')")
    return [path for path in found if re.match(pattern, path)]


def _first(site: Path, kind: str, html: str) -> str:
    """``kind`` 的页面里第一张含有 ``html`` 的，空白和引号不计。"""
    for path in sorted((site / kind).rglob("*.html")):
        if _dense(html) in _dense(path.read_text("utf-8")):
            return f"/{path.relative_to(site)}"
    raise LookupError(f"树里没有这样的页面：{kind} {html}")


def _dense(html: str) -> str:
    return "".join(html.split()).replace(chr(34), "")
