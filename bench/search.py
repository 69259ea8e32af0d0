"""检索的测量：查全、快慢、建索引的速度、大小、内存，旁边是同样文字上的 SQLite FTS5（相邻两字）。

    make bench ARGS=search
    python bench/search.py [篇数…]

查全：从文字里随意截取一千个词（两字的、三到十二字跨标点的、带数字和外文的），与逐篇扫描对照，
要一条不少、一条不多。快慢：同样的词，按相关度取前二十条并给出总数，各查一遍，取中位数和第 95 百分位；
钟点时间之外也给出占用处理器的时间，机器上另有别的事时看它。
"""

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.corpus import Text, Writer  # noqa: E402

from yangguang.hub.search.engine import Entry, Filters, Progress  # noqa: E402
from yangguang.hub.search.rules import grams, parse, squeeze  # noqa: E402
from yangguang.hub.search.tantivy_engine import TantivyEngine  # noqa: E402

QUERIES = 1000
PAGE = 20


def index_number(number: int) -> str:
    """索引号。"""
    return f"11622900MB0000000X/2020-{number:05d}"


def entry(text: Text) -> Entry:
    """化为索引里的一条。"""
    return Entry(
        publication=text.number, version=1, site="linxia",
        path=f"/document/{text.number // 300:05d}/{text.number}.html", title=text.title,
        document_number=text.document_number, index_number=index_number(text.number), body=text.body,
        columns=("open", text.column), organisation=text.organisation, form=text.form,
        subject=text.subject, stage="decision", validity="effective",
        published_at=1_200_000_000 + text.number * 997, year=text.year, is_demonstration=False,
    )  # fmt: skip


def questions(texts: list[str], count: int) -> list[str]:
    """随意截取的词，已整理，各不相同：一半两字，一半三到十二字。"""
    chance = random.Random(81)
    found: dict[str, None] = {}
    while len(found) < count:
        text = chance.choice(texts)
        size = 2 if len(found) % 2 else chance.randint(3, 12)
        start = chance.randrange(max(1, len(text) - 40))
        # 截到够字数为止，中间的标点照截，整理时去掉
        word = squeeze(text[start : start + size * 2])[:size]
        if len(word) == size:
            found[word] = None
    return list(found)


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
    """每个词查一遍；先查几个热身。"""
    for word in words[:50]:
        ask(word)
    wall, cpu = [], []
    for word in words:
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


def measure(count: int, folder: Path) -> bool:
    """一个规模上的全部测量；查全了才为真。"""
    writer = Writer()
    squeezed: list[str] = []
    raw: list[str] = []
    spent = 0.0
    letters = 0

    def entries() -> Iterator[Entry]:
        nonlocal spent, letters
        for number in range(1, count + 1):
            start = time.process_time()
            text = writer.text(number)
            letters += len(text.body)
            parts = (text.title, text.document_number, index_number(number), text.body)
            squeezed.append("\n".join(map(squeeze, parts)))
            if number % max(1, count // 2000) == 0:
                raw.append(text.body)
            spent += time.process_time() - start
            yield entry(text)

    print(f"\n== {count:,} 篇", flush=True)
    engine = TantivyEngine(folder / "tantivy")
    used = time.process_time()
    engine.replace_all(entries(), Progress(count, "bench"))
    building = time.process_time() - used - spent
    print(f"共 {letters / 1e6:.0f} 百万字，平均每篇 {letters / count:.0f} 字")
    print(
        f"建索引：{building:.1f} 处理器秒，每处理器秒 {count / building:.0f} 篇；{size_of(engine.path):.0f} MB；"
        f"内存峰值 {memory():.0f} MB（连同扫描用的全文）",
        flush=True,
    )
    words = questions(raw, QUERIES)
    ours = timed(lambda word: engine.search(parse(word), Filters(site="linxia"), limit=PAGE), words)
    faceted = timed(
        lambda word: engine.search(parse(word), Filters(site="linxia"), limit=PAGE, facets=True),
        words,
    )
    dated = timed(
        lambda word: engine.search(parse(word), Filters(site="linxia", year=2020), by_date=True),
        words,
    )
    print(f"查一次（前 {PAGE} 条和总数）：{ours}")
    print(f"  连同八样筛选的条数：{faceted}")
    print(f"  筛选年份，按日期：{dated}", flush=True)

    database = folder / "fts5.sqlite3"
    fts_seconds = build_fts(database, squeezed)
    connection = sqlite3.connect(database)
    theirs = timed(lambda word: ask_fts(connection, word), words)
    print(f"SQLite FTS5：建 {fts_seconds:.1f} 处理器秒，{size_of(database):.0f} MB；{theirs}")
    print(
        f"FTS5 ÷ 我们（处理器时间）：p50 {theirs.cpu50 / ours.cpu50:.1f} 倍，"
        f"p95 {theirs.cpu95 / ours.cpu95:.1f} 倍",
        flush=True,
    )

    start = time.perf_counter()
    wanted = found = extra = 0
    for word in words:
        truth = {n for n, text in enumerate(squeezed, 1) if word in text}
        got = engine.publications(parse(f'"{word}"'), Filters())
        wanted, found, extra = (
            wanted + len(truth),
            found + len(truth & got),
            extra + len(got - truth),
        )
    print(
        f"查全率 {found / wanted:.6f}，多查出 {extra} 条（{len(words)} 个词，{wanted:,} 条，"
        f"扫描用了 {time.perf_counter() - start:.0f} 秒）",
        flush=True,
    )
    return found == wanted and extra == 0


def build_fts(path: Path, squeezed: list[str]) -> float:
    """同样的文字，同样的相邻两字，建一份 FTS5。"""
    start = time.process_time()
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(b, content='', tokenize='unicode61')")
    with connection:
        connection.executemany(
            "INSERT INTO t(rowid, b) VALUES (?, ?)",
            ((n, " ".join(grams(text))) for n, text in enumerate(squeezed, 1)),
        )
    connection.execute("INSERT INTO t(t) VALUES ('optimize')")
    connection.commit()
    connection.close()
    return time.process_time() - start


def ask_fts(connection: sqlite3.Connection, word: str) -> tuple[int, list[tuple[int]]]:
    """前二十条和总数。"""
    phrase = '"' + " ".join(grams(word)[:-1]) + '"'
    total = connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (phrase,)).fetchone()[0]
    rows = connection.execute(
        "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?", (phrase, PAGE)
    ).fetchall()
    return total, rows


def main() -> int:
    """逐个规模测量；查不全就退出码 1。"""
    print(f"Python {sys.version.split()[0]}，SQLite {sqlite3.sqlite_version}")
    complete = True
    for count in [int(a) for a in sys.argv[1:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as folder:
            complete &= measure(count, Path(folder))
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
