"""二百页的公报排一期要多久，两个五十页的版本对照要多久。

    python bench/papers.py

公报：像样的公文一篇篇添，添到排出来不少于二百页；量最后这一遍，排版连同读回核对（``typeset`` 自己就核对）。
对照：五十页（每页 22 行、每行 28 字，GB/T 9704），分别改了两成的段落各几个字、整篇每段都改、换了次序。
"""

import os
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "bench")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings.demo")

import django  # noqa: E402

django.setup()

from corpus import Writer  # noqa: E402

from yangguang.foundation.workbench.differences import compared  # noqa: E402
from yangguang.outlets.gazette.rules import SECTIONS  # noqa: E402
from yangguang.outlets.gazette.typesetting import Article, Issue, typeset  # noqa: E402

PAGES = 200
VERSION = 50 * 22 * 28
"""五十页多少字。"""


def main() -> None:
    """先公报，再对照。"""
    writer = Writer(sentences=40_000)
    gazette(writer)
    comparison(writer)


def gazette(writer: Writer) -> None:
    """添到二百页。"""
    count = 160
    while True:
        issue = issue_of(writer, count)
        began, wall = time.process_time(), time.perf_counter()
        printed = typeset(issue)
        cpu, elapsed = time.process_time() - began, time.perf_counter() - wall
        size = sum(len(str(block["text"])) for each in issue.articles for block in each.body)
        told = (
            f"公报 {count} 篇、{size:,} 字、{printed.pages} 页、{len(printed.content) / 1024:.0f} KB："
            f"排版并读回核对 {cpu:.1f} 处理器秒，墙上 {elapsed:.1f} 秒，平均负载 {os.getloadavg()[0]:.1f}"
        )
        print(told, flush=True)
        if printed.pages >= PAGES:
            return
        count = count * PAGES // printed.pages + 5


def issue_of(writer: Writer, count: int) -> Issue:
    """前 ``count`` 篇排成的一期。"""
    articles = []
    for number in range(count):
        text = writer.text(number)
        body = tuple(
            {"type": "paragraph", "style": "plain", "text": line}
            for line in text.body.split("\n")
            if line
        )
        section = list(SECTIONS)[number * len(SECTIONS) // count]
        articles.append(Article(section, text.title, text.document_number, body, f"{number:064x}"))
    return Issue(
        "测量公报",
        "测量州人民政府",
        "2026年第1期",
        "总第1期",
        "",
        "2026年11月27日",
        tuple(articles),
    )


def comparison(writer: Writer) -> None:
    """三种改法。"""
    lines: list[str] = []
    number = 0
    while sum(map(len, lines)) < VERSION:
        lines += [line for line in writer.text(number).body.split("\n") if line]
        number += 1
    chance = random.Random(9704)
    fifth = [amended(line, chance) if chance.random() < 0.2 else line for line in lines]
    shuffled = chance.sample(lines, len(lines))
    for told, new in (
        ("两成的段落各改几个字", fifth),
        ("每段都改几个字", [amended(line, chance) for line in lines]),
        ("各段换了次序", shuffled),
    ):
        began = time.process_time()
        pairs = compared("\n".join(lines), "\n".join(new))
        cpu = time.process_time() - began
        same = sum(pair.is_same for pair in pairs)
        print(
            f"对照两个五十页的版本（{sum(map(len, lines)):,} 字、{len(lines)} 段），{told}："
            f"{cpu:.2f} 处理器秒，{same} 段相同",
            flush=True,
        )


def amended(line: str, chance: random.Random) -> str:
    """去掉几个字，换上几个。"""
    at = chance.randrange(len(line))
    return line[:at] + "修改后的" + line[at + chance.randint(0, 6) :]


if __name__ == "__main__":
    main()
