"""检索的测量：查全、快慢、建索引的速度、大小、内存，旁边是同样文字上的 SQLite FTS5 和 PostgreSQL。

    make bench ARGS=search
    python bench/search.py [篇数…] [--keep 目录] [--without 名称…]

不写篇数就量一万篇；二十万、一百万须在机器空闲时量。``--keep`` 把建好的索引留在一个目录里（不要放在
仓库里），断了再来接着用，``search_page.py`` 也用它；``--without`` 不量哪几样，可写 fts5、postgres、scan。

- **随意截取的词**：从文字里截一千个，一半两字，一半三到十二字（跨标点的、带数字和外文的）。
- **标题里的说法**：从标题里截，二到六字，常见得多，和人们平常查的相像。
- **查全**：与逐篇扫描对照，要一条不少、一条不多。

每个词查一遍，取中位数和第 95 百分位；钟点时间之外也给出占用处理器的时间，机器上另有别的事时看它。
"""

import argparse
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import search_others as others  # noqa: E402
from bench.corpus import Text, Writer  # noqa: E402

from yangguang.hub.publications.rules import shelf  # noqa: E402
from yangguang.hub.search.engine import Entry, Filters, Progress  # noqa: E402
from yangguang.hub.search.rules import parse, squeeze  # noqa: E402
from yangguang.hub.search.tantivy_engine import TantivyEngine  # noqa: E402

QUERIES = 1000
FEWER = 200
"""别家的、十万篇以上逐篇扫描的，只查这么多个词。"""
WARM = 50
PAGE = 20
SITE = Filters(site="linxia")


def index_number(number: int) -> str:
    """索引号。"""
    return f"11622900MB0000000X/2020-{number:05d}"


def entry(text: Text) -> Entry:
    """化为索引里的一条。"""
    return Entry(
        publication=text.number, version=1, site="linxia", sites=("linxia",),
        path=f"/document/{shelf(text.number)}/{text.number}.html", title=text.title,
        document_number=text.document_number, index_number=index_number(text.number), body=text.body,
        columns=("linxia/open", f"linxia/{text.column}"), organisation=text.organisation,
        form=text.form, subject=text.subject, stage="decision", validity="effective",
        published_at=1_200_000_000 + text.number * 997, year=text.year, is_demonstration=False,
    )  # fmt: skip


def whole(text: Text) -> str:
    """一篇里参与检索的全部文字，整理过，各部分之间隔开。"""
    parts = (text.title, text.document_number, index_number(text.number), text.body)
    return "\n".join(map(squeeze, parts))


def cuttings(texts: list[str], count: int, sizes: Callable[[random.Random], int]) -> list[str]:
    """从 ``texts`` 里随意截取的词，已整理，各不相同。"""
    chance = random.Random(81)
    found: dict[str, None] = {}
    while len(found) < count:
        text, size = chance.choice(texts), sizes(chance)
        start = chance.randrange(max(1, len(text) - size))
        # 截到够字数为止，中间的标点照截，整理时去掉
        word = squeeze(text[start : start + size * 2])[:size]
        if len(word) == size:
            found[word] = None
    return list(found)


def any_words(writer: Writer, count: int, wanted: int = QUERIES) -> list[str]:
    """正文里随意截取的词，一半两字，一半三到十二字。"""
    bodies = [writer.text(n).body for n in range(1, count + 1, max(1, count // 2000))]
    halves = iter(range(10**9))
    return cuttings(
        bodies, wanted + WARM, lambda chance: 2 if next(halves) % 2 else chance.randint(3, 12)
    )


def title_words(writer: Writer, count: int, wanted: int = QUERIES) -> list[str]:
    """标题里的说法，二到六字。"""
    titles = [writer.text(n).title for n in range(1, count + 1, max(1, count // 2000))]
    return cuttings(titles, wanted + WARM, lambda chance: chance.randint(2, 6))


@dataclass(frozen=True)
class Timing:
    """一批查询用的时间，毫秒：钟点和处理器，各有中位数和第 95 百分位。"""

    p50: float
    p95: float
    cpu50: float
    cpu95: float

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.2f} 毫秒，p95 {self.p95:.2f} 毫秒"
            f"（处理器 {self.cpu50:.2f}、{self.cpu95:.2f}）"
        )


def timed(ask: Callable[[str], object], words: list[str]) -> Timing:
    """每个词查一遍；先用另外的几个热身。"""
    for word in words[:WARM]:
        ask(word)
    wall, cpu = [], []
    for word in words[WARM:]:
        start, used = time.perf_counter(), time.thread_time()
        ask(word)
        cpu.append(time.thread_time() - used)
        wall.append(time.perf_counter() - start)
    return Timing(
        *(
            figure * 1000
            for taken in (wall, cpu)
            for figure in (statistics.median(taken), statistics.quantiles(taken, n=100)[94])
        )
    )


def size_of(path: Path) -> float:
    """目录或文件有多少 MB。"""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.stat().st_size for f in files if f.is_file()) / 1e6


def memory() -> float:
    """本进程的内存峰值，MB。"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(text: str) -> None:
    """随量随印，断了也看得到前面的。"""
    print(text, flush=True)


def built(writer: Writer, count: int, folder: Path) -> Path:
    """建好的索引；已经建好的不再建。"""
    path, mark = folder / "tantivy", folder / "tantivy.done"
    if mark.exists():
        say(f"用已经建好的索引：{mark.read_text()}")
        return path
    shutil.rmtree(path, ignore_errors=True)
    writing = 0.0
    letters = 0

    def entries() -> Iterator[Entry]:
        nonlocal writing, letters
        began = time.perf_counter()
        for number in range(1, count + 1):
            start = time.thread_time()
            text = writer.text(number)
            writing += time.thread_time() - start
            letters += len(text.body)
            yield entry(text)
            if number % max(1, count // 10) == 0:
                taken = time.perf_counter() - began
                say(f"  已写 {number:,} 篇，{taken:.0f} 秒，内存峰值 {memory():.0f} MB")

    engine = TantivyEngine(path)
    used, began = time.process_time(), time.perf_counter()
    engine.replace_all(entries(), Progress(count, "bench"))
    cpu, wall = time.process_time() - used - writing, time.perf_counter() - began
    told = (
        f"共 {letters / 1e6:.0f} 百万字，平均每篇 {letters / count:.0f} 字；建索引 {cpu:.1f} 处理器秒，"
        f"每处理器秒 {count / cpu:.0f} 篇，墙上 {wall:.0f} 秒（连同造文字）；"
        f"{size_of(engine.path):.0f} MB；内存峰值 {memory():.0f} MB"
    )
    mark.write_text(told)
    say(told)
    return path


def ours(path: Path, any_: list[str], titles: list[str]) -> Timing:
    """我们的引擎，逐样量；返回随意截取的词按相关度查的。每一样另开一个，前一样记着的用不上。"""
    wanted: list[tuple[str, list[str], Callable[[TantivyEngine, str], object]]] = [
        (f"前 {PAGE} 条和总数", any_, lambda e, w: e.search(parse(w), SITE, limit=PAGE)),
        ("连同八样筛选的条数", any_, lambda e, w: e.search(parse(w), SITE, limit=PAGE, facets=True)),
        ("筛选年份，按日期", any_,
         lambda e, w: e.search(parse(w), Filters(site="linxia", year=2020), by_date=True)),
        (f"标题里的说法，前 {PAGE} 条和总数", titles, lambda e, w: e.search(parse(w), SITE, limit=PAGE)),
        ("标题里的说法，连同八样筛选的条数", titles,
         lambda e, w: e.search(parse(w), SITE, limit=PAGE, facets=True)),
        ("边写边提示，题名和文号", titles, lambda e, w: e.titled(parse(w), SITE, 24)),
    ]  # fmt: skip
    found = []
    for label, words, ask in wanted:
        engine = TantivyEngine(path)
        found.append(timed(partial(ask, engine), words))
        say(f"{label}：{found[-1]}")
    say(f"本进程内存峰值 {memory():.0f} MB")
    return found[0]


def scan(path: Path, writer: Writer, count: int, words: list[str]) -> bool:
    """逐篇扫描对照；查全了才为真。"""
    engine = TantivyEngine(path)
    truth: dict[str, set[int]] = {word: set() for word in words}
    start = time.perf_counter()
    for number in range(1, count + 1):
        text = whole(writer.text(number))
        for word in words:
            if word in text:
                truth[word].add(number)
    wanted = found = extra = 0
    for word in words:
        got = engine.publications(parse(f'"{word}"'), Filters())
        wanted, found, extra = (
            wanted + len(truth[word]),
            found + len(truth[word] & got),
            extra + len(got - truth[word]),
        )
    say(
        f"查全率 {found / wanted:.6f}，多查出 {extra} 条（{len(words)} 个词，{wanted:,} 条，"
        f"扫描用了 {time.perf_counter() - start:.0f} 秒）"
    )
    return found == wanted and extra == 0


def measure(writer: Writer, count: int, folder: Path, without: set[str]) -> bool:
    """一个规模上的全部测量；查全了才为真。"""
    say(f"\n== {count:,} 篇")
    path = built(writer, count, folder)
    words, titles = any_words(writer, count), title_words(writer, count)
    mine = ours(path, words, titles)
    texts = (whole(writer.text(number)) for number in range(1, count + 1))
    few = words[: WARM + FEWER]
    if "fts5" not in without:
        with others.fts5(folder, texts) as (told, ask):
            theirs = timed(ask, few)
            say(f"SQLite FTS5：{told}；{theirs}；p95 是我们的 {theirs.cpu95 / mine.cpu95:.1f} 倍")
    texts = (whole(writer.text(number)) for number in range(1, count + 1))
    if "postgres" not in without:
        with others.postgres(texts, say) as server:
            if server is not None:
                told, ask = server
                theirs = timed(ask, few)
                say(
                    f"PostgreSQL：{told}；{theirs}；p95（墙上）是我们的 {theirs.p95 / mine.p95:.1f} 倍"
                )
    if "scan" in without:
        return True
    return scan(path, writer, count, words[WARM:] if count < 100_000 else few[WARM:])


def main() -> int:
    """逐个规模测量；查不全就退出码 1。"""
    parser = argparse.ArgumentParser(description="检索的测量")
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000])
    parser.add_argument("--keep", type=Path, help="索引留在这个目录里，下次接着用")
    parser.add_argument("--without", nargs="*", default=[], choices=["fts5", "postgres", "scan"])
    options = parser.parse_args()
    say(f"Python {sys.version.split()[0]}，{others.versions()}")
    writer = Writer()
    complete = True
    for count in options.sizes:
        with tempfile.TemporaryDirectory(prefix="yangguang-search-") as scratch:
            folder = (options.keep or Path(scratch)) / str(count)
            folder.mkdir(parents=True, exist_ok=True)
            complete &= measure(writer, count, folder, set(options.without))
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
