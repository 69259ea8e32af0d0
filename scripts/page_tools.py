"""查页面的外来工具：Nu HTML Checker（Java）和 Lighthouse（Node，用系统里的 Chromium）。

只有 ``make drill`` 用，装在 ``.tools/pages`` 里，版本写在这里。Java 和 Node 用 Debian 的；
没有而又是 root，就先装上。
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.chromium import executable
from scripts.setup import apt_install

FOLDER = Path(__file__).resolve().parents[1] / ".tools" / "pages"
PACKAGES = {"vnu-jar": "26.9.27", "lighthouse": "12.8.2"}
PROGRAMS = {"java": "default-jre-headless", "node": "nodejs", "npm": "npm"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PATIENCE = 300
"""一页最多查这么多秒。"""
TRIES = 2
"""Lighthouse 有时录不上浏览器的轨迹，叫人再量一次；一页至多量这么多次。"""


class Unready(Exception):  # noqa: N818  没有工具是情况，不是程序出错
    """工具没有装好；信息是缘由。"""


@dataclass(frozen=True)
class Measured:
    """Lighthouse 查一页的结果：四项得分（百分），和没有得满分的审计项。"""

    scores: dict[str, int]
    shortcomings: tuple[str, ...]


def ready() -> None:
    """装好工具；装不好抛出 ``Unready``。已经装好的不再装。"""
    missing = {name: package for name, package in PROGRAMS.items() if not shutil.which(name)}
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(*missing.values())
    if missing := {name: package for name, package in PROGRAMS.items() if not shutil.which(name)}:
        raise Unready(
            f"缺少 {'、'.join(missing)}。可执行 apt-get install {' '.join(missing.values())}"
        )
    if _installed() == PACKAGES:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text(json.dumps({"private": True}))
    # vnu-jar 的安装脚本要另下一个 Java，这里用不着
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"]
    command += [f"{name}@{version}" for name, version in PACKAGES.items()]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    if done.returncode:
        raise Unready(f"npm 没有装成：{done.stderr.strip()[-500:]}")


def _installed() -> dict[str, str]:
    try:
        return {
            name: json.loads((FOLDER / "node_modules" / name / "package.json").read_text())[
                "version"
            ]
            for name in PACKAGES
        }
    except FileNotFoundError:
        return {}


def check_markup(*places: Path) -> list[dict[str, Any]]:
    """Nu HTML Checker 对这些文件（``.html``、``.css``）和目录（其中的网页）说的话。"""
    jar = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    styles = [str(place) for place in places if place.suffix == ".css"]
    pages = [str(place) for place in places if place.suffix != ".css"]
    said: list[dict[str, Any]] = []
    for options, chosen in ((["--skip-non-html"], pages), (["--css"], styles)):
        if not chosen:
            continue
        command = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
        done = subprocess.run(
            [*command, *options, *chosen], capture_output=True, text=True, check=True
        )
        said += json.loads(done.stdout)["messages"]
    return said


def measure(address: str, skipped: Sequence[str] = ()) -> Measured:
    """Lighthouse 照手机的样子（慢速移动网络、四倍慢的处理器）量一页；``skipped`` 的审计项不计。"""
    flags = "--headless=new --font-render-hinting=none"
    if os.geteuid() == 0:
        flags += " --no-sandbox"
    command = [
        "node", str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"), address,
        "--quiet", "--output=json", "--ignore-status-code", f"--chrome-flags={flags}",
        f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    if skipped:
        command.append(f"--skip-audits={','.join(skipped)}")
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=os.environ | {"CHROME_PATH": executable() or ""},
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        if not done.returncode:
            break
    else:
        raise RuntimeError(f"Lighthouse 没有量成 {address}：{done.stderr.strip()[-500:]}")
    told = json.loads(done.stdout)
    return Measured(
        {name: round(100 * told["categories"][name]["score"]) for name in CATEGORIES},
        tuple(
            f"{audit['id']} {audit['score']}"
            for name in CATEGORIES
            for reference in told["categories"][name]["auditRefs"]
            if reference["weight"]
            and (audit := told["audits"][reference["id"]])["score"] not in (None, 1)
        ),
    )
