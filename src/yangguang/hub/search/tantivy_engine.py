"""用 Tantivy 实现的检索引擎：相邻两字的倒排索引，按位置核对，查到的必是原文里的一段。

索引放在一个目录里，目录名带着字段与规则的版本：版本变了就另建一份，旧的不再读。
进度是索引里一份特别的文档，与内容同一次提交，所以断在哪里两者都对得上。
写的时候独占目录里的锁；读的随 ``meta.json`` 的变化换到新的一次提交。
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from fcntl import LOCK_EX, flock
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from tantivy import Document, Index, IndexWriter, Searcher, TextAnalyzerBuilder, Tokenizer
from tantivy import Query as Clause

from yangguang.foundation.failpoints import reach

from . import tantivy_clauses as clauses
from .engine import FACETS, Entry, Facets, Filters, Found, Hit, Progress, column_key, stored
from .rules import Query, grams, number_form, runs, spaced
from .tantivy_clauses import SCHEMA

VERSION = 4
"""字段或 ``rules`` 的整理办法变了就加一：换一个目录，从头建。"""

FOLLOWING = 64_000_000
REBUILDING = 256_000_000
"""写入时用的内存，字节。"""

KEPT = 256
"""一次提交里，最多记着这么多句问过的。"""

FACET_SIZE = 400
"""一样筛选最多列多少个值。"""

LEVEL = 5
"""分数相同不相同，看前几位有效数字：一条的分数由几样相加，次序随索引的分段而异，末位会有出入。"""

SPARE = 200
FARTHEST = 5_000
"""分数相同的要按时间排，所以多取这么多条；一样的还没有完，再取这么多，到此为止。"""

GAP = "|"
"""标题、文号、正文之间的隔断，不参与检索。"""


class TantivyEngine:
    """``SearchEngine`` 的实现。``root`` 是本机放索引的目录。"""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / f"v{VERSION}"
        self._lock = Lock()
        self._index: Index | None = None
        self._current: _Reading | None = None
        self._stamp: tuple[int, int, int] | None = None

    # ---- 写 ----

    def apply(self, entries: Iterable[Entry], removed: Iterable[int], progress: Progress) -> None:
        """见 ``SearchEngine``。"""
        with self._writing(FOLLOWING, 1) as writer:
            for publication in removed:
                _remove(writer, publication)
            for entry in entries:
                _remove(writer, entry.publication)
                writer.add_document(_document(entry))
            self._commit(writer, progress)

    def replace_all(self, entries: Iterable[Entry], progress: Progress) -> None:
        """见 ``SearchEngine``。"""
        with self._writing(REBUILDING, 1) as writer:
            writer.delete_all_documents()
            for entry in entries:
                writer.add_document(_document(entry))
            self._commit(writer, progress)

    @contextmanager
    def _writing(self, memory: int, threads: int) -> Iterator[IndexWriter]:
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".writing").open("w") as stream:
            flock(stream, LOCK_EX)
            writer = _open(self.path).writer(memory, threads)
            # 上次断在提交中途的，会留下没有用上的文件；重做时要写的同名，不先清掉就再也写不进去
            writer.garbage_collect_files()
            try:
                yield writer
            except BaseException:
                writer.rollback()
                raise
            finally:
                # 等合并做完才放开索引的写锁
                writer.wait_merging_threads()

    def _commit(self, writer: IndexWriter, progress: Progress) -> None:
        writer.delete_documents_by_term("what", "progress")
        mark = Document()
        mark.add_text("what", "progress")
        mark.add_bytes("stored", json.dumps(asdict(progress)).encode())
        writer.add_document(mark)
        reach("search.before_commit")
        writer.commit()
        reach("search.after_commit")

    # ---- 读 ----

    def is_ready(self) -> bool:
        """见 ``SearchEngine``。"""
        return (self.path / "meta.json").exists()

    def progress(self) -> Progress:
        """见 ``SearchEngine``。"""
        if not self.is_ready():
            return Progress()
        searcher = self._reading().searcher
        result = searcher.search(Clause.term_query(SCHEMA, "what", "progress"), 1, count=False)
        for _, address in result.hits:
            return Progress(**_stored(searcher.doc(address)))
        return Progress()

    def search(
        self,
        query: Query,
        filters: Filters,
        *,
        by_date: bool = False,
        offset: int = 0,
        limit: int = 20,
        facets: bool = False,
    ) -> Found:
        """见 ``SearchEngine``。"""
        if not self.is_ready():
            return Found()
        reading = self._reading()
        hits, total = reading.ranked(query, filters, by_date, offset, limit)
        return Found(
            tuple(Hit(_entry(reading.searcher, address), score) for score, address in hits),
            total,
            reading.facets(query, filters) if facets else {},
        )

    def publications(self, query: Query, filters: Filters) -> set[int]:
        """符合的全部信息的编号，供核对和测量。"""
        searcher = self._reading().searcher
        result = searcher.search(
            clauses.clause(query, filters), max(1, searcher.num_docs), count=False
        )
        values = searcher.fast_field_values("publication", [address for _, address in result.hits])
        return {int(value) for value in values if value is not None}

    def similar(self, query: Query, filters: Filters, limit: int) -> tuple[Hit, ...]:
        """见 ``SearchEngine``。"""
        clause = clauses.similar(query, filters)
        if clause is None or not self.is_ready():
            return ()
        reading = self._reading()
        hits, _ = reading.best(clause, 0, limit)
        return tuple(Hit(_entry(reading.searcher, address), score) for score, address in hits)

    def titled(self, query: Query, filters: Filters, limit: int) -> tuple[Entry, ...]:
        """见 ``SearchEngine``。"""
        clause = clauses.titled(query, filters)
        if clause is None or not self.is_ready():
            return ()
        reading = self._reading()
        hits, _ = reading.best(clause, 0, limit)
        return tuple(_brief(reading.searcher.doc(address)) for _, address in hits)

    def occurs(self, word: str) -> bool:
        """见 ``SearchEngine``。"""
        if not self.is_ready():
            return False
        return self._reading().occurs(word)

    def entries(self) -> Iterator[Entry]:
        """见 ``SearchEngine``。"""
        if not self.is_ready():
            return
        searcher = self._reading().searcher
        everything = Clause.term_query(SCHEMA, "what", "entry")
        total = searcher.num_docs
        result = searcher.search(everything, max(1, total), order_by_field="publication")
        for _, address in reversed(result.hits):
            yield _entry(searcher, address)

    def _reading(self) -> "_Reading":
        """最近一次提交的读者。看一眼 ``meta.json``，变了才重读。"""
        status = (self.path / "meta.json").stat()
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            if self._index is None:
                self._index = _open(self.path)
                self._index.config_reader("manual")
            if self._current is None or stamp != self._stamp:
                self._index.reload()
                self._current, self._stamp = _Reading(self._index.searcher()), stamp
            return self._current


class _Reading:
    """一次提交的读者，和它答过的：同一句再问（翻页、换排序、别人也问），不必再算一遍。

    记着的只有编号、分数、总数和条数，没有原文；有了新的提交就整个换掉。
    """

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.ranked = lru_cache(maxsize=KEPT)(self._ranked)
        self.facets = lru_cache(maxsize=KEPT)(self._facets)
        self.occurs = lru_cache(maxsize=KEPT)(self._occurs)

    def _ranked(
        self, query: Query, filters: Filters, by_date: bool, offset: int, limit: int
    ) -> tuple[tuple[tuple[float, Any], ...], int]:
        """这一页各条的分数（按日期的为 0）和地址，与总数。"""
        asked = clauses.clause(query, filters)
        if not by_date:
            return self.best(asked, offset, limit)
        result: Any = self.searcher.search(
            asked, limit, count=True, offset=offset, order_by_field="moment"
        )
        return tuple((0.0, address) for _, address in result.hits), int(result.count)

    def best(
        self, asked: Clause, offset: int, limit: int
    ) -> tuple[tuple[tuple[float, Any], ...], int]:
        """分数高的在前，分数相同的新公开的在前：与各条写进索引的先后、分在哪几段无关。

        相同的多到 ``FARTHEST`` 条还没有完的，其余的照索引里的次序。
        """
        needed = offset + limit
        for size in (needed + SPARE, needed + FARTHEST):
            result: Any = self.searcher.search(asked, size, count=True)
            hits = [(float(f"{key:.{LEVEL}g}"), address) for key, address in result.hits]
            if len(hits) < size or hits[-1][0] < hits[needed - 1][0]:
                break
        moments = self.searcher.fast_field_values("moment", [address for _, address in hits])
        ordered = sorted(
            zip(hits, moments, strict=True), key=lambda each: (-each[0][0], -(each[1] or 0))
        )
        return tuple(hit for hit, _ in ordered[offset:needed]), int(result.count)

    def _facets(self, query: Query, filters: Filters) -> Facets:
        """各样筛选的值和条数。"""
        asked = {name: {"terms": {"field": name, "size": FACET_SIZE}} for name in FACETS}
        counted = self.searcher.aggregate(clauses.clause(query, filters), asked)
        found = {
            name: tuple(
                (str(bucket["key"]), int(bucket["doc_count"]))
                for bucket in counted[name]["buckets"]
            )
            for name in FACETS
        }
        own = column_key(filters.site, "") if filters.site else ""
        found["column"] = tuple(
            (key.removeprefix(own), count)
            for key, count in found["column"]
            if (key.startswith(own) if own else "/" not in key)
        )
        return found

    def _occurs(self, word: str) -> bool:
        return bool(self.searcher.search(clauses.phrase("text", word), 1, count=False).hits)


def _open(path: Path) -> Index:
    index = Index(SCHEMA, path=str(path))
    index.register_tokenizer("grams", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def _remove(writer: IndexWriter, publication: int) -> None:
    # delete_documents_by_term 把整数当作有符号的，删不到无符号字段里的，也不报错
    writer.delete_documents_by_query(Clause.term_query(SCHEMA, "publication", publication))


def _document(entry: Entry) -> Document:
    document = Document()
    written = (entry.title, entry.document_number, entry.index_number, entry.body)
    parts = [spaced(text) for text in written]
    squeezed = [part.replace(" ", "") for part in parts]
    document.add_text("what", "entry")
    document.add_unsigned("publication", entry.publication)
    # 同一秒公开的，编号大的在前
    document.add_integer("moment", (entry.published_at << 20) + (entry.publication & 0xFFFFF))
    fields = [" ".join(grams(part)) for part in squeezed]
    document.add_text("title", fields[0])
    document.add_text("number", f" {GAP} ".join(fields[1:3]))
    document.add_text("text", f" {GAP} ".join(fields))
    document.add_text("characters", " ".join(set("".join(squeezed))))
    document.add_text("whole", " ".join(runs(" ".join((*parts[:2], parts[3])))))
    if form := number_form(entry.document_number):
        document.add_text("key", form.key)
    for name in FACETS:
        if name == "year":
            document.add_unsigned("year", entry.year)
        elif name == "column":
            for key in entry.columns:
                document.add_text("column", key)
            for code in dict.fromkeys(key.partition("/")[2] for key in entry.columns):
                document.add_text("column", code)
        elif name == "site":
            for code in entry.sites:
                document.add_text("site", code)
        elif value := getattr(entry, name):
            document.add_text(name, value)
    # 正文另存，不必逐字转义、再逐字读回
    brief = stored(entry) | {"body": ""}
    document.add_bytes("stored", json.dumps(brief, ensure_ascii=False).encode())
    document.add_bytes("body", entry.body.encode())
    return document


def _stored(document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(document["stored"][0])
    return fields


def _brief(document: Document, body: str = "") -> Entry:
    fields = _stored(document)
    for name in ("sites", "columns"):
        fields[name] = tuple(fields[name])
    return Entry(**fields | {"body": body})


def _entry(searcher: Searcher, address: Any) -> Entry:
    document = searcher.doc(address)
    return _brief(document, document["body"][0].decode())
