"""同样的文字、同样的相邻两字，在 SQLite FTS5 和 PostgreSQL 的全文检索上：前二十条和总数。"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "src")]

import postgres as servers  # noqa: E402

from yangguang.hub.search.rules import cover, grams  # noqa: E402

PAGE = 20
Ask = Callable[[str], object]
POSITIONS = 256
"""PostgreSQL 一个词在一篇里最多记这么多个位置。"""


def versions() -> str:
    """用的是哪一版。"""
    return f"SQLite {sqlite3.sqlite_version}"


@contextmanager
def fts5(folder: Path, texts: Iterable[str]) -> Iterator[tuple[str, Ask]]:
    """建一份 FTS5，给出建得怎样和怎么查。"""
    path = folder / "fts5.sqlite3"
    path.unlink(missing_ok=True)
    used = time.process_time()
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(b, content='', tokenize='unicode61')")
    with connection:
        connection.executemany(
            "INSERT INTO t(rowid, b) VALUES (?, ?)",
            ((n, " ".join(grams(text))) for n, text in enumerate(texts, 1)),
        )
    connection.execute("INSERT INTO t(t) VALUES ('optimize')")
    connection.commit()
    told = f"建 {time.process_time() - used:.1f} 处理器秒（连同造文字），{path.stat().st_size / 1e6:.0f} MB"

    def ask(word: str) -> object:
        phrase = '"' + " ".join(grams(word)[:-1]) + '"'
        total = connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (phrase,)).fetchone()
        rows = connection.execute(
            "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?", (phrase, PAGE)
        ).fetchall()
        return total, rows

    try:
        yield told, ask
    finally:
        connection.close()
        path.unlink()


@contextmanager
def postgres(texts: Iterable[str], say: Callable[[str], None]) -> Iterator[tuple[str, Ask] | None]:
    """在能用的 PostgreSQL 上建一份，用完删去；没有能用的，说明缘由，给出 ``None``。"""
    with ExitStack() as stack:
        try:
            address = servers.reachable(os.environ.get("YANGGUANG_TEST_POSTGRES", ""))
        except servers.Unavailable as reason:
            if servers.programs() is None:
                say(f"PostgreSQL 没有量：{reason}")
                yield None
                return
            address = stack.enter_context(servers.throwaway())
        server, _, name = address.rpartition("/")
        database = sql.Identifier(name)
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(database))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                yield _filled(connection, texts), _asking(connection)
        finally:
            with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


def _filled(connection: psycopg.Connection, texts: Iterable[str]) -> str:
    began = time.perf_counter()
    connection.execute("CREATE TABLE t (id integer, v tsvector)")
    with connection.cursor() as cursor, cursor.copy("COPY t FROM STDIN") as copy:
        for number, text in enumerate(texts, 1):
            copy.write_row((number, vector(text)))
    connection.execute("CREATE INDEX ON t USING gin (v)")
    connection.execute("VACUUM ANALYZE t")
    row = connection.execute("SELECT pg_total_relation_size('t')").fetchone()
    version = connection.info.server_version
    size = row[0] / 1e6 if row else 0
    return (
        f"{version // 10000}.{version % 10000}，建 {time.perf_counter() - began:.0f} 秒"
        f"（墙上，连同造文字），{size:.0f} MB"
    )


def vector(text: str) -> str:
    """一篇化为 ``tsvector`` 的写法：每对字和它的位置。"""
    places: dict[str, list[str]] = {}
    for at, pair in enumerate(grams(text), 1):
        if "\n" not in pair:
            places.setdefault(pair, []).append(str(min(at, 16_383)))
    return " ".join(f"'{pair}':{','.join(at[:POSITIONS])}" for pair, at in places.items())


def _asking(connection: psycopg.Connection) -> Ask:
    def ask(word: str) -> object:
        phrase, last = "", 0
        for at, pair in cover(word):
            phrase += f" <{at - last}> '{pair}'" if phrase else f"'{pair}'"
            last = at
        total = connection.execute(
            "SELECT count(*) FROM t WHERE v @@ %s::tsquery", (phrase,)
        ).fetchone()
        rows = connection.execute(
            "SELECT id FROM t WHERE v @@ %(q)s::tsquery ORDER BY ts_rank(v, %(q)s::tsquery) DESC LIMIT %(n)s",
            {"q": phrase, "n": PAGE},
        ).fetchall()
        return total, rows

    return ask
