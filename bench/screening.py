"""把关的测量：一万字的正文，对五万条词，查一遍要多久。

    make bench ARGS=screening
    python bench/screening.py [词条数…]

正文和词由仓库里真实的公文、方案的字词接续造出来（``bench/corpus.py``），词各不相同，二到八字；另掺进
随产品发布的词典。量三样：编一次词典、查一遍（含折叠、个人信息、上下文判断）、读一份 xlsx 附件并查。
取中位数和第 95 百分位，给出占用处理器的时间和钟点时间。
"""

import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings.test")

import django  # noqa: E402

django.setup()

from bench.corpus import Writer  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from yangguang.foundation.files.passages import read_passages  # noqa: E402
from yangguang.hub.screening.entries import DICTIONARIES, Entry  # noqa: E402
from yangguang.hub.screening.matching import Matcher  # noqa: E402
from yangguang.hub.screening.packaged import packaged  # noqa: E402

TERMS = (5_000, 50_000, 200_000)
LENGTH = 10_000
ROUNDS = 60
ON = date(2026, 11, 25)
CELLS = 60_000


def prose(length: int) -> str:
    """像公文的一长段。"""
    found: list[str] = []
    total = 0
    writer = Writer(81, sentences=20_000)
    while total < length:
        text = writer.text(len(found)).body
        found.append(text)
        total += len(text)
    return "\n".join(found)


def terms(count: int, text: str) -> list[Entry]:
    """各不相同的词：一成取自真实的接续、正文里多半有，其余随意拼成。"""
    chance = random.Random(5)
    letters = sorted({c for c in text if "一" <= c <= "龥"})
    words: dict[str, None] = {}
    while len(words) < count:
        size = chance.randint(2, 8)
        if len(words) % 10 == 0:
            start = chance.randrange(len(text) - size)
            word = "".join(text[start : start + size].split())
        else:
            word = "".join(chance.choices(letters, k=size))
        if len(word) >= 2:
            words[word] = None
    own = [entry for code in DICTIONARIES for entry in packaged(code)]
    return [*own, *(Entry("terms", word) for word in words)]


def timed(work: Callable[[], object], rounds: int) -> str:
    """中位数和第 95 百分位，毫秒：处理器（钟点）。"""
    cpu, wall = [], []
    for _ in range(rounds):
        began, at = time.perf_counter(), time.process_time()
        work()
        cpu.append((time.process_time() - at) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    told = []
    for rank in (50, 95):
        place = min(rounds - 1, rounds * rank // 100)
        told.append(f"p{rank} {sorted(cpu)[place]:.1f}（{sorted(wall)[place]:.1f}）")
    return "，".join(told) + " 毫秒"


def workbook() -> bytes:
    """六万格的表。"""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for row in range(CELLS // 6):
        sheet.append([f"甲{row}", "临夏州", row, "按规定办理", "2020-09-25", "无"])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def main() -> int:
    """依次量。"""
    counts = [int(word) for word in sys.argv[1:]] or list(TERMS)
    text = prose(LENGTH * 30)
    pages = [text[at : at + LENGTH] for at in range(0, len(text) - LENGTH, LENGTH)]
    for count in counts:
        entries = terms(count, text)
        at = time.process_time()
        matcher = Matcher(entries)
        built = time.process_time() - at
        turn = iter(pages * ROUNDS)
        found = statistics.mean(len(matcher.find(page, ON)) for page in pages[:10])
        print(
            f"{count} 条：编成 {built:.2f} 秒；{LENGTH} 字查一遍 "
            f"{timed(lambda turn=turn, m=matcher: m.find(next(turn), ON), ROUNDS)}；平均查出 {found:.0f} 处"
        )
    content = workbook()
    print(
        f"xlsx {CELLS} 格（{len(content) // 1024} KB）读成各处：{timed(lambda: read_passages(content), 5)}"
    )
    whole = "\n".join(p.text for p in read_passages(content).passages)
    print(f"其中 {len(whole)} 字查一遍：{timed(lambda: matcher.find(whole, ON), 5)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"内存最多 {peak} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
