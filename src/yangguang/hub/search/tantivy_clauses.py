"""检索的字段，和查询怎样化为 Tantivy 的条件：都是整理过的词，按位置核对。"""

from tantivy import Occur, Schema, SchemaBuilder
from tantivy import Query as Clause

from .engine import FACETS, Filters, column_key
from .rules import NumberForm, Query, cover, grams, whole_words

TITLE_WEIGHT = 4.0
NUMBER_WEIGHT = 6.0
KEY_WEIGHT = 40.0
WHOLE_WEIGHT = 2.0
"""查到在标题里、文号里、正是这个文号、是完整的数或词，各加多少。"""

ALIKE = 0.3
ALIKE_IN_TITLE = 1.5
"""查到的是同义的写法：在文中、在标题里，各得这么多分。"""

ENOUGH = 0.6
"""相邻两字相同的占这么多，就算接近。"""

MOST_PAIRS = 40
"""找接近的，最多看这么多对字。"""


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


def phrase(field: str, word: str) -> Clause:
    """``word``（整理过的）是 ``field`` 里的一段。"""
    if len(word) == 1:
        if field == "text":
            return Clause.term_query(SCHEMA, "characters", word)
        return Clause.regex_query(SCHEMA, field, f"{word}.?")
    if len(word) == 2:
        return Clause.term_query(SCHEMA, field, word)
    return Clause.phrase_query(SCHEMA, field, list(cover(word)))


def _conditions(filters: Filters) -> list[tuple[Occur, Clause]]:
    chosen = filters.chosen()
    if filters.site and filters.column:
        chosen["column"] = column_key(filters.site, filters.column)
    return [_must(name, value) for name, value in chosen.items()]


def clause(query: Query, filters: Filters) -> Clause:
    """查询化为 Tantivy 的条件：各词（或它同义的写法）都是文中的一段；在标题、文号里的加分。"""
    parts = _conditions(filters)
    parts += [(Occur.MustNot, phrase("text", word)) for word in query.excluded]
    if not query.words:
        return Clause.boolean_query([*parts, _must("what", "entry")])
    if query.number is None:
        parts += [(Occur.Must, _either(word, others)) for word, others in query.choices]
    else:
        parts.append((Occur.Must, _numbered(query.number, query.words)))
    for word, others in query.choices:
        if len(word) > 1:
            parts.append((Occur.Should, Clause.boost_query(phrase("title", word), TITLE_WEIGHT)))
            parts.append((Occur.Should, Clause.boost_query(phrase("number", word), NUMBER_WEIGHT)))
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
        return phrase("text", word)
    alike = [_scored("text", other, ALIKE) for other in others]
    return Clause.disjunction_max_query([phrase("text", word), *alike])


def _scored(field: str, word: str, score: float) -> Clause:
    """在就得 ``score`` 分：同义的写法少见，照词频算分会排到照写的前面去。"""
    return Clause.const_score_query(phrase(field, word), score)


def _numbered(form: NumberForm, words: tuple[str, ...]) -> Clause:
    """像文号的查询：正是这个文号的，或者各词都在文中的。"""
    ordinary = Clause.boolean_query([(Occur.Must, phrase("text", word)) for word in words])
    return Clause.boolean_query([(Occur.Should, _exactly(form)), (Occur.Should, ordinary)])


def _exactly(form: NumberForm) -> Clause:
    """正是这个文号的。"""
    key = Clause.const_score_query(Clause.term_query(SCHEMA, "key", form.key), KEY_WEIGHT)
    exact = [(Occur.Must, key)]
    if form.issuer:
        exact.append((Occur.Must, phrase("number", form.issuer)))
    return Clause.boolean_query(exact)


def similar(query: Query, filters: Filters) -> Clause | None:
    """相邻两字多数相同，在标题里的在前。没有成对的字为 ``None``。"""
    found = dict.fromkeys(pair for word in query.words for pair in grams(word)[:-1])
    pairs = list(found)[:MOST_PAIRS]
    if not pairs:
        return None
    either = []
    for field, weight in (("title", TITLE_WEIGHT), ("text", 1.0)):
        terms = [Clause.term_query(SCHEMA, field, pair) for pair in pairs]
        alike = Clause.boolean_query(
            [(Occur.Should, Clause.boost_query(term, weight)) for term in terms],
            minimum_number_should_match=max(1, round(ENOUGH * len(pairs))),
        )
        either.append((Occur.Should, alike))
    return Clause.boolean_query([(Occur.Must, Clause.boolean_query(either)), *_conditions(filters)])


def titled(query: Query, filters: Filters) -> Clause | None:
    """标题里有全部的词，或者文号、索引号里有连起来的词。不足两字为 ``None``。"""
    whole = "".join(query.words)
    if len(whole) < 2:
        return None
    words = [word for word in query.words if len(word) > 1] or [whole]
    ways = [Clause.boolean_query([(Occur.Must, phrase("title", word)) for word in words])]
    ways.append(phrase("number", whole))
    if query.number:
        ways.append(_exactly(query.number))
    either = Clause.boolean_query([(Occur.Should, way) for way in ways])
    return Clause.boolean_query([(Occur.Must, either), *_conditions(filters)])
