"""make drill：依次做全部长时演练，每种打印几行中文，结果记入 ``docs/drills.md``；有一种不过就退出 1。

次数各有选项，默认就是规定的数；``--only`` 只做几种，例如::

    make drill ARGS="--only kills --kills 20"

演练本身在 ``tests`` 里，标着 ``drill``；它们把数字写进一个日志，这里汇总。
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postgres import Unavailable, reachable

from drills import keep, machine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.drilling import boundaries  # noqa: E402

Row = dict[str, Any]
SEQUENCE_ROOMS = (
    "publications", "files", "sealing", "heads", "projector", "withdrawing", "acknowledging",
    "baker", "manifests",
)  # fmt: skip


class Failed(Exception):  # noqa: N818  演练没有过，不是程序出错
    """演练没有过；信息是缘由。"""


@dataclass(frozen=True)
class Drill:
    """一种演练：叫什么、跑哪些测试、几个进程、次数放在哪个环境变量、怎样说结果。"""

    name: str
    title: str
    path: str
    say: Callable[[list[Row]], list[str]]
    variable: str = ""
    default: int = 0
    processes: int = 1
    on_postgres: bool = False


def say_sequences(rows: list[Row]) -> list[str]:
    """随机序列。"""
    struck: Counter[str] = Counter()
    for row in rows:
        struck.update(row["struck"])
    if missed := boundaries(*SEQUENCE_ROOMS) - set(struck):
        raise Failed(f"有的边界一次也没有断过：{'、'.join(sorted(missed))}。")
    return [
        f"{sum(row['count'] for row in rows)} 个随机序列，断电 {sum(struck.values())} 次，"
        f"断遍 {len(struck)} 种边界；每个序列之后版本、页面、审计一致，"
        f"每 {rows[0]['count']} 个之后整棵树与从头烘的逐字节相同。",
        "各边界断的次数：" + counted(struck),
    ]


def say_kills(rows: list[Row]) -> list[str]:
    """真的 kill -9。"""
    lines = []
    for row in rows:
        lines += [
            f"{row['database']}：kill -9 {row['count']} 次，{row['midway']} 次断在半路；"
            f"其间得到应答的 {row['acknowledged']} 件一件不丢，没有应答的 {row['retried']} 件"
            "用原来的表单再交，都只算一次；每次起来之后库、树、封印、公众看到的都核对过。",
            "断在哪里：" + counted(Counter(row["struck"])),
        ]
    return lines


def say_projectors(rows: list[Row]) -> list[str]:
    """杀各个出口。"""
    lines = []
    for row in rows:
        lines += [
            f"{row['database']}：封存、网站、检索三样出口的进程 kill -9 {row['kills']} 次，"
            f"{row['midway']} 次断在半路，其中 {row['at_boundaries']} 次断在布好的边界上，其余是随便哪一刻；"
            f"其间 {row['changes']} 笔改动，{row['publications']} 条信息。",
            f"末了：列表照变更日志从头数，树从头烘，{row['files']} 个文件（页面、副本、附件、订阅、站点地图、"
            f"签了名的清单）逐字节相同；索引从头建，{row['entries']} 条的全部字段相同；"
            f"{row['asked']} 句固定的查询，名单、总数、各样筛选的条数都相同，按日期的次序也都相同；"
            + (
                f"按相关度的有 {row['swapped']} 句里，分数相差不到 {row['furthest']:.1%} 的换了先后"
                "（Tantivy 并段时平均篇幅是估的）。"
                if row["swapped"]
                else "按相关度的次序也都相同。"
            ),
            "断在哪里：" + counted(Counter(row["struck"])),
        ]
    return lines


def say_full_disk(rows: list[Row]) -> list[str]:
    """磁盘写满。"""
    return [
        f"小盘（tmpfs）写满时，旧页面各种压缩逐字节不变，进度不动，撤回照样撤下；"
        f"腾出地方后自动补齐。说的是：“{row['said']}”"
        for row in rows
    ]


def say_nothing_behind(rows: list[Row]) -> list[str]:
    """没有应用和数据库。"""
    return [
        f"应用和作业停了、数据库文件挪走：站点地图上 {row['addresses']} 个地址、"
        f"{row['attachments']} 个附件全部应答，摘要与记录一致。"
        for row in rows
    ]


def say_deadlines(rows: list[Row]) -> list[str]:
    """随机期限。"""
    return [f"{row['count']} 个随机期限与逐日数出来的全部相同。" for row in rows]


def say_histories(rows: list[Row]) -> list[str]:
    """随机的申请经过。"""
    return [
        f"{row['count']} 件随机的申请（各种提出方式、补正、几方征求意见、收费、延期，跨长假、年底和地方节日），"
        "答复期限与逐日数出来的全部相同。"
        for row in rows
    ]


def say_api(rows: list[Row]) -> list[str]:
    """照接口的文档随意请求。"""
    return [
        f"照 OpenAPI 文档随意请求 {row['operations']} 个地址，合规矩的和不合规矩的共 {row['count']} 次："
        "没有一次程序错误，状态码、类型、内容都如文档所说。"
        for row in rows
    ]


def say_clamd(rows: list[Row]) -> list[str]:
    """真的 clamd。"""
    return [
        f"{row['version']}：EICAR 单独的查出 {row['bare']}，藏在 docx 里的查出 {row['inside']}；"
        f"一个 GB 的视频由 INSTREAM 送去，{row['seconds']} 秒查完，干净。"
        "（病毒库连不上官方的镜像时，用只有 EICAR 一条的。）"
        for row in rows
    ]


def say_pages(rows: list[Row]) -> list[str]:
    """网页和样式合不合规范，手机上好不好用。"""
    markup = next(row for row in rows if row["drill"] == "markup")
    measured = [row for row in rows if row["drill"] == "lighthouse"]
    warned = f"提醒：{'；'.join(markup['warnings'])}" if markup["warnings"] else "没有提醒。"
    return [
        f"Nu HTML Checker {markup['version']}：烘好的 {markup['baked']} 页、应用应答的"
        f" {markup['dynamic']} 页、{markup['styles']} 份样式，没有错误；{warned}",
        f"Lighthouse {measured[0]['version']}（手机：模拟慢速移动网络和四倍慢的处理器；演示站点在"
        "本机，http），得分依次是性能、无障碍、最佳做法、搜索引擎："
        + "；".join(
            f"{row['page']} {' '.join(str(score) for score in row['scores'].values())}"
            + (f"（不计 {'、'.join(row['skipped'])}）" if row["skipped"] else "")
            for row in measured
        )
        + "。",
        "不计的：有意不让搜索引擎收的页面不计 is-crawlable；查无此页答 404，不计"
        " http-status-code 和由它而来的 errors-in-console。",
    ]


def say_word(rows: list[Row]) -> list[str]:
    """Word 版在别的软件里打开。"""
    return [
        f"{row['version']}：演示里公开的公文 {row['documents']} 份、规范性文件 {row['norms']} 件，"
        "Word 版转成 PDF，文字与公开的一字不差；另有一份排了各级标题、表格、长行和附件的，也相同。"
        for row in rows
    ]


def say_letters(rows: list[Row]) -> list[str]:
    """依申请公开的文书在别的软件里打开。"""
    return [
        f"{row['version']}：依申请公开的文书 {row['letters']} 种，Word 版转成 PDF，"
        f"必备的 {row['passages']} 段全都在。"
        for row in rows
    ]


DRILLS = (
    Drill(
        "sequences", "随机序列与断电", "tests/outlets/website/test_sequences.py",
        say_sequences, "SEQUENCES", 10_000, processes=2,
    ),
    Drill("kills", "真的 kill -9", "tests/drills/test_kills.py", say_kills, "KILLS", 100, 1, True),
    Drill("projectors", "杀各个出口", "tests/drills/test_projector_kills.py", say_projectors,
          "PROJECTORS", 1_000),
    Drill("full-disk", "磁盘写满", "tests/drills/test_full_disk.py", say_full_disk),
    Drill("nothing-behind", "没有应用和数据库", "tests/drills/test_nothing_behind.py",
          say_nothing_behind),
    Drill("api", "照文档随意请求接口", "tests/foundation/api/test_document.py", say_api, "API", 1_000),
    Drill("clamd", "真的查毒服务", "tests/foundation/files/test_quarantine.py", say_clamd),
    Drill("pages", "网页查验", "tests/browser/test_checked_pages.py", say_pages),
    Drill("word", "Word 版在 LibreOffice 里", "tests/drills/test_word.py", say_word),
    Drill("letters", "文书在 LibreOffice 里", "tests/drills/test_letters.py", say_letters),
    Drill("deadlines", "随机期限与逐日数对照", "tests/foundation/calendar", say_deadlines),
    Drill("histories", "随机的申请与逐日数对照", "tests/dialogue/requests/test_clocks.py",
          say_histories, "HISTORIES", 100_000),
)  # fmt: skip


def main() -> int:
    """依次做，全部做完再说成败。"""
    parser = argparse.ArgumentParser(description="长时演练", allow_abbrev=False)
    for drill in DRILLS:
        if drill.variable:
            parser.add_argument(f"--{drill.name}", type=int, default=drill.default, metavar="次数")
    parser.add_argument("--postgres-kills", type=int, default=100, metavar="次数")
    parser.add_argument("--only", nargs="+", choices=[drill.name for drill in DRILLS])
    parser.add_argument("--no-keep", action="store_true", help="只打印，不记入 docs/drills.md")
    options = parser.parse_args()
    failures = []
    for drill in DRILLS:
        if options.only and drill.name not in options.only:
            continue
        print(f"· {drill.title}", flush=True)
        try:
            lines = do(drill, options)
        except Failed as failed:
            print(f"没有过：{failed}", flush=True)
            failures.append(drill.title)
            continue
        print("\n".join(lines), flush=True)
        if not options.no_keep:
            keep(
                drill.title,
                f'make drill ARGS="--only {drill.name}"',
                [f"- {line}" for line in lines],
            )
    print("全部通过。" if not failures else f"没有过的：{'、'.join(failures)}。")
    return 1 if failures else 0


def do(drill: Drill, options: argparse.Namespace) -> list[str]:
    """做一种，返回要说的几行；不过抛出 ``Failed``。"""
    began = time.monotonic()
    count = getattr(options, drill.name.replace("-", "_"), 0)
    rows, passed = run(drill, count, {})
    if drill.on_postgres:
        try:
            address = reachable()
        except Unavailable as reason:
            print(f"PostgreSQL 上没有做：{reason}", flush=True)
        else:
            more, also = run(drill, options.postgres_kills, {"YANGGUANG_TEST_DATABASE": address})
            rows, passed = rows + more, passed + also
    minutes = (time.monotonic() - began) / 60
    return [f"{machine()}：{passed} 个测试通过，用时 {minutes:.0f} 分钟。", *drill.say(rows)]


def run(drill: Drill, count: int, environment: dict[str, str]) -> tuple[list[Row], int]:
    """跑它的测试，返回写下的数字和通过的个数。"""
    # 各进程的库和树放在内存盘上：断电由断点和 kill -9 模拟，落盘快慢不影响次序
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="yangguang-drill-", dir=place) as folder:
        log = Path(folder) / "log"
        values = os.environ | environment | {"YANGGUANG_DRILL_LOG": str(log), "TMPDIR": folder}
        if drill.variable:
            values[f"YANGGUANG_{drill.variable}"] = str(count)
        command = [sys.executable, "-m", "pytest", "-q", "-m", "drill", drill.path]
        command += ["-n", str(drill.processes)] if drill.processes > 1 else []
        passed = pytest(command, values)
        rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    if not rows:
        raise Failed("一个数字也没有留下（测试被跳过了）。")
    return rows, passed


def pytest(command: Sequence[str], environment: dict[str, str]) -> int:
    """跑 pytest，边跑边打印，返回通过的个数；有不过的抛出 ``Failed``。"""
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            if line.startswith(("第 ", "E ", "FAILED", "ERROR")):
                print(line, end="", flush=True)
            if re.search(r"\d+ (passed|failed|error|skipped).* in [\d.]+s", line):
                last = line
    if process.returncode:
        raise Failed(last.strip() or f"pytest 退出码 {process.returncode}")
    found = re.search(r"(\d+) passed", last)
    return int(found[1]) if found else 0


def counted(counts: Counter[str]) -> str:
    """多的在前。"""
    return "，".join(f"{name} {number}" for name, number in counts.most_common()) + "。"


if __name__ == "__main__":
    sys.exit(main())
