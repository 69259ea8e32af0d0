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
from pathlib import Path
from threading import Lock
from typing import Any

from tantivy import (
    Document,
    Index,
    IndexWriter,
    Occur,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)
from tantivy import Query as Clause

from yangguang.foundation.failpoints import reach

from .engine import FACETS, Entry, Filters, Found, Hit, Progress, column_key, stored
from .rules import NumberForm, Query, cover, grams, number_form, squeeze, whole_words

VERSION = 3
"""字段或 ``rules`` 的整理办法变了就加一：换一个目录，从头建。"""

FOLLOWING = 64_000_000
REBUILDING = 256_000_000
"""写入时用的内存，字节。"""

TITLE_WEIGHT = 4.0
NUMBER_WEIGHT = 6.0
KEY_WEIGHT = 40.0
WHOLE_WEIGHT = 2.0
"""查到在标题里、文号里、正是这个文号、是完整的数或词，各加多少。"""

ALIKE = 0.3
ALIKE_IN_TITLE = 1.5
"""查到的是同义的写法：在文中、在标题里，各得这么多分。"""

FACET_SIZE = 400
"""一样筛选最多列多少个值。"""

ENOUGH = 0.6
"""相邻两字相同的占这么多，就算接近。"""

GAP = "|"
"""标题、文号、正文之间的隔断，不参与检索。"""


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field("publication", indexed=True, fast=True)
    builder.add_integer_field("moment", fast=True)
    for name in ("text", "title", "number"):
        builder.add_text_field(name, tokenizer_name="grams", index_option="position")
    for name in ("characters", "whole"):
        builder.add_text_field(name, tokenizer_name="grams", index_option="basic")
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("what", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        if name == "year":
            builder.add_unsigned_field(name, indexed=True, fast=True)
        else:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    # 字节字段不进词典；文本字段即使只为存着也会进
    builder.add_bytes_field("stored", stored=True)
    builder.add_bytes_field("body", stored=True)
    return builder.build()


SCHEMA = _schema()


def _must(field: str, value: object) -> tuple[Occur, Clause]:
    """一定要符合、不计分的条件。"""
    return Occur.Must, Clause.const_score_query(Clause.term_query(SCHEMA, field, value), 0.0)


def _phrase(field: str, word: str) -> Clause:
    """``word``（整理过的）是 ``field`` 里的一段。"""
    if len(word) == 1:
        if field == "text":
            return Clause.term_query(SCHEMA, "characters", word)
        return Clause.regex_query(SCHEMA, field, f"{word}.?")
    if len(word) == 2:
        return Clause.term_query(SCHEMA, field, word)
    return Clause.phrase_query(SCHEMA, field, list(cover(word)))


class TantivyEngine:
    """``SearchEngine`` 的实现。``root`` 是本机放索引的目录。"""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / f"v{VERSION}"
        self._lock = Lock()
        self._index: Index | None = None
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
        searcher = self._searcher()
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
        searcher = self._searcher()
        clause = _clause(query, filters)
        result = searcher.search(
            clause,
            limit,
            count=True,
            offset=offset,
            order_by_field="moment" if by_date else None,
        )
        hits = tuple(
            Hit(_entry(searcher, address), 0.0 if by_date else float(key))
            for key, address in result.hits
        )
        counted = _facets(searcher, clause, filters.site) if facets else {}
        return Found(hits, int(result.count), counted)  # type: ignore[attr-defined]

    def publications(self, query: Query, filters: Filters) -> set[int]:
        """符合的全部信息的编号，供核对和测量。"""
        searcher = self._searcher()
        result = searcher.search(_clause(query, filters), max(1, searcher.num_docs), count=False)
        values = searcher.fast_field_values("publication", [address for _, address in result.hits])
        return {int(value) for value in values if value is not None}

    def similar(self, query: Query, filters: Filters, limit: int) -> tuple[Hit, ...]:
        """见 ``SearchEngine``。"""
        pairs = list(dict.fromkeys(pair for word in query.words for _, pair in _pairs(word)))
        if not self.is_ready() or not pairs:
            return ()
        wanted = [
            Clause.boost_query(Clause.term_query(SCHEMA, field, pair), weight)
            for field, weight in (("title", TITLE_WEIGHT), ("text", 1.0))
            for pair in pairs
        ]
        alike = [
            Clause.boolean_query(
                [(Occur.Should, clause) for clause in part],
                minimum_number_should_match=max(1, round(ENOUGH * len(pairs))),
            )
            for part in (wanted[: len(pairs)], wanted[len(pairs) :])
        ]
        either = Clause.boolean_query([(Occur.Should, clause) for clause in alike])
        searcher = self._searcher()
        result = searcher.search(
            Clause.boolean_query([(Occur.Must, either), *_conditions(filters)]), limit, count=False
        )
        return tuple(Hit(_entry(searcher, address), float(key)) for key, address in result.hits)

    def titled(self, query: Query, filters: Filters, limit: int) -> tuple[Entry, ...]:
        """见 ``SearchEngine``。"""
        whole = "".join(query.words)
        if not self.is_ready() or len(whole) < 2:
            return ()
        words = [word for word in query.words if len(word) > 1] or [whole]
        ways = [Clause.boolean_query([(Occur.Must, _phrase("title", word)) for word in words])]
        ways.append(_phrase("number", whole))
        if query.number:
            ways.append(_exactly(query.number))
        either = Clause.boolean_query([(Occur.Should, way) for way in ways])
        searcher = self._searcher()
        asked = Clause.boolean_query([(Occur.Must, either), *_conditions(filters)])
        result = searcher.search(asked, limit, count=False)
        return tuple(_brief(searcher.doc(address)) for _, address in result.hits)

    def occurs(self, word: str) -> bool:
        """见 ``SearchEngine``。"""
        if not self.is_ready():
            return False
        return bool(self._searcher().search(_phrase("text", word), 1, count=False).hits)

    def entries(self) -> Iterator[Entry]:
        """见 ``SearchEngine``。"""
        if not self.is_ready():
            return
        searcher = self._searcher()
        everything = Clause.term_query(SCHEMA, "what", "entry")
        total = searcher.num_docs
        result = searcher.search(everything, max(1, total), order_by_field="publication")
        for _, address in reversed(result.hits):
            yield _entry(searcher, address)

    def _searcher(self) -> Searcher:
        """最近一次提交的读者。看一眼 ``meta.json``，变了才重读。"""
        status = (self.path / "meta.json").stat()
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            if self._index is None:
                self._index = _open(self.path)
                self._index.config_reader("manual")
                self._stamp = None
            if stamp != self._stamp:
                self._index.reload()
                self._stamp = stamp
            return self._index.searcher()


def _open(path: Path) -> Index:
    index = Index(SCHEMA, path=str(path))
    index.register_tokenizer("grams", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def _remove(writer: IndexWriter, publication: int) -> None:
    # delete_documents_by_term 把整数当作有符号的，删不到无符号字段里的，也不报错
    writer.delete_documents_by_query(Clause.term_query(SCHEMA, "publication", publication))


def _document(entry: Entry) -> Document:
    document = Document()
    title, body = squeeze(entry.title), squeeze(entry.body)
    number, index = squeeze(entry.document_number), squeeze(entry.index_number)
    document.add_text("what", "entry")
    document.add_unsigned("publication", entry.publication)
    # 同一秒公开的，编号大的在前
    document.add_integer("moment", (entry.published_at << 20) + (entry.publication & 0xFFFFF))
    fields = [" ".join(grams(part)) for part in (title, number, index, body)]
    document.add_text("title", fields[0])
    document.add_text("number", f" {GAP} ".join(fields[1:3]))
    document.add_text("text", f" {GAP} ".join(fields))
    document.add_text("characters", " ".join(dict.fromkeys(title + number + index + body)))
    whole = whole_words(f"{entry.title} {entry.document_number} {entry.body}")
    document.add_text("whole", " ".join(whole))
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


def _conditions(filters: Filters) -> list[tuple[Occur, Clause]]:
    chosen = filters.chosen()
    if filters.site and filters.column:
        chosen["column"] = column_key(filters.site, filters.column)
    return [_must(name, value) for name, value in chosen.items()]


def _clause(query: Query, filters: Filters) -> Clause:
    """查询化为 Tantivy 的条件：各词（或它同义的写法）都是文中的一段；在标题、文号里的加分。"""
    parts = _conditions(filters)
    parts += [(Occur.MustNot, _phrase("text", word)) for word in query.excluded]
    if not query.words:
        return Clause.boolean_query([*parts, _must("what", "entry")])
    if query.number is None:
        parts += [(Occur.Must, _either(word, others)) for word, others in query.choices]
    else:
        parts.append((Occur.Must, _numbered(query.number, query.words)))
    for word, others in query.choices:
        if len(word) > 1:
            parts.append((Occur.Should, Clause.boost_query(_phrase("title", word), TITLE_WEIGHT)))
            parts.append((Occur.Should, Clause.boost_query(_phrase("number", word), NUMBER_WEIGHT)))
        parts += [
            (Occur.Should, _scored("title", other, ALIKE_IN_TITLE))
            for other in others
            if len(other) > 1
        ]
        for whole in whole_words(word):
            exact = Clause.term_query(SCHEMA, "whole", whole)
            parts.append((Occur.Should, Clause.boost_query(exact, WHOLE_WEIGHT)))
    return Clause.boolean_query(parts) if len(parts) > 1 else parts[0][1]


def _either(word: str, others: tuple[str, ...]) -> Clause:
    """``word`` 或它同义的写法在文中。"""
    if not others:
        return _phrase("text", word)
    alike = [_scored("text", other, ALIKE) for other in others]
    return Clause.disjunction_max_query([_phrase("text", word), *alike])


def _scored(field: str, word: str, score: float) -> Clause:
    """在就得 ``score`` 分：同义的写法少见，照词频算分会排到照写的前面去。"""
    return Clause.const_score_query(_phrase(field, word), score)


def _numbered(form: NumberForm, words: tuple[str, ...]) -> Clause:
    """像文号的查询：正是这个文号的，或者各词都在文中的。"""
    ordinary = Clause.boolean_query([(Occur.Must, _phrase("text", word)) for word in words])
    return Clause.boolean_query([(Occur.Should, _exactly(form)), (Occur.Should, ordinary)])


def _exactly(form: NumberForm) -> Clause:
    """正是这个文号的。"""
    key = Clause.const_score_query(Clause.term_query(SCHEMA, "key", form.key), KEY_WEIGHT)
    exact = [(Occur.Must, key)]
    if form.issuer:
        exact.append((Occur.Must, _phrase("number", form.issuer)))
    return Clause.boolean_query(exact)


def _pairs(word: str) -> list[tuple[int, str]]:
    return list(enumerate(grams(word)[:-1]))


def _facets(
    searcher: Searcher, clause: Clause, site: str
) -> dict[str, tuple[tuple[str, int], ...]]:
    asked = {name: {"terms": {"field": name, "size": FACET_SIZE}} for name in FACETS}
    counted = searcher.aggregate(clause, asked)
    found = {
        name: tuple(
            (str(bucket["key"]), int(bucket["doc_count"])) for bucket in counted[name]["buckets"]
        )
        for name in FACETS
    }
    own = column_key(site, "") if site else ""
    found["column"] = tuple(
        (key.removeprefix(own), count)
        for key, count in found["column"]
        if (key.startswith(own) if own else "/" not in key)
    )
    return found
