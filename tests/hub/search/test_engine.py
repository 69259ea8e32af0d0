"""检索引擎：与逐篇扫描查到的一样，一条不多、一条不少；排序、筛选、条数。"""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yangguang.hub.search.engine import FACETS, Entry, Filters, Progress
from yangguang.hub.search.rules import Query, parse, squeeze
from yangguang.hub.search.tantivy_engine import TantivyEngine

Make = Callable[..., Entry]
CORPUS = Path(__file__).resolve().parents[2] / "corpora"


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    return TantivyEngine(tmp_path / "search")


def found(engine: TantivyEngine, text: str, **filters: object) -> list[int]:
    result = engine.search(parse(text), Filters(**filters), limit=1000)  # type: ignore[arg-type]
    assert result.total == len(result.hits)
    return [hit.entry.publication for hit in result.hits]


def scan(entries: list[Entry], query: Query) -> set[int]:
    """逐篇扫描：每个词都在标题、文号、索引号或正文里，排除的都不在。"""

    def holds(entry: Entry, word: str) -> bool:
        parts = (entry.title, entry.document_number, entry.index_number, entry.body)
        return any(word in squeeze(part) for part in parts)

    return {
        entry.publication
        for entry in entries
        if all(holds(entry, word) for word in query.words)
        and not any(holds(entry, word) for word in query.excluded)
    }


ALPHABET = "甲乙丙ab12，。 "


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bodies=st.lists(st.text(alphabet=ALPHABET, max_size=30), min_size=1, max_size=6),
    asked=st.lists(st.text(alphabet=ALPHABET + "-“”", max_size=8), min_size=1, max_size=8),
)
def test_the_index_finds_exactly_what_reading_every_text_finds(
    bodies: list[str], asked: list[str], tmp_path_factory: pytest.TempPathFactory, entry: Make
) -> None:
    engine = TantivyEngine(tmp_path_factory.mktemp("index"))
    entries = [entry(n, title=b[:4], body=b) for n, b in enumerate(bodies, 1)]
    engine.replace_all(entries, Progress(1, "r"))
    for text in asked:
        query = parse(text)
        if query.number is None:
            assert set(found(engine, text)) == scan(entries, query), text


def test_nothing_is_missed_in_real_texts(engine: TantivyEngine, entry: Make) -> None:
    """真实的公文和方案：随意截取两字至十二字，跨标点、数字、外文的都有，与扫描一致。"""
    texts = [path.read_text("utf-8", "replace") for path in sorted(CORPUS.glob("*/*/*.txt"))]
    assert len(texts) >= 50
    entries = [entry(n, title=t[:30], body=t) for n, t in enumerate(texts, 1)]
    engine.replace_all(entries, Progress(1, "r"))
    chance = random.Random(20200925)
    tried = 0
    while tried < 150:
        text = chance.choice(texts)
        start, size = chance.randrange(len(text)), chance.choice([1, 2, 2, *range(3, 13)])
        # 原文里的引号会把这一段分成几个词，去掉才是整段地查
        asked = '"' + text[start : start + size].translate(dict.fromkeys(map(ord, '"“”'))) + '"'
        query = parse(asked)
        if query.words:
            tried += 1
            assert set(found(engine, asked)) == scan(entries, query), asked


def test_a_word_is_not_found_across_title_number_and_body(
    engine: TantivyEngine, entry: Make
) -> None:
    engine.replace_all([entry(1, title="甲乙", body="丙丁", document_number="庚")], Progress())
    assert found(engine, "甲乙") == [1] and found(engine, "丙丁") == [1]
    assert found(engine, "乙丙") == [] and found(engine, "乙庚") == []


def test_pairs_that_are_there_but_not_side_by_side_are_no_hit(
    engine: TantivyEngine, entry: Make
) -> None:
    engine.replace_all([entry(1, body="甲乙，乙丙"), entry(2, body="甲，乙丙")], Progress())
    assert found(engine, "甲乙丙") == [2]


NUMBERED = [
    "2020 81",
    "〔2020〕81号",
    "[2020]81",
    "［２０２０］８１号",
    "临州办发2020年第81号",
    "臨州辦發〔2020〕81號",
]


@pytest.mark.parametrize("typed", NUMBERED)
def test_the_document_of_that_number_comes_first(
    engine: TantivyEngine, entry: Make, typed: str
) -> None:
    engine.replace_all(
        [
            entry(1, title="引用它的", body="按照临州办发〔2020〕81号的要求，2020年完成81项。" * 9),
            entry(2, title="正是它", document_number="临州办发〔2020〕81号", body="正文"),
            entry(3, title="别的", document_number="临州办发〔2020〕181号", body="2020年"),
            entry(4, title="2020年81项", document_number="州教发〔2020〕8号"),
        ],
        Progress(),
    )
    assert found(engine, typed)[0] == 2
    assert 3 not in found(engine, typed)[:2]


def test_a_title_outranks_a_text_and_a_whole_figure_outranks_a_part(
    engine: TantivyEngine, entry: Make
) -> None:
    body = "各县市、各部门要按照要求抓好落实。" * 5
    engine.replace_all(
        [
            entry(1, title="其他通知", body=body + "依申请公开"),
            entry(2, title="依申请公开办法", body=body + "依申请公开"),
            entry(3, title="其他", body=body + "第181项"),
            entry(4, title="其他", body=body + "第81项"),
        ],
        Progress(),
    )
    assert found(engine, "依申请公开") == [2, 1]
    assert found(engine, "81") == [4, 3]


def test_filters_narrow_and_each_figure_is_what_choosing_it_gives(
    engine: TantivyEngine, entry: Make
) -> None:
    chance = random.Random(7)
    entries = [
        entry(
            n, title=f"通知{n}", body="公开" if n % 3 else "其他", year=2018 + n % 4,
            columns=("donghe/open", f"donghe/{chance.choice(['files', 'plans'])}"), form=chance.choice(["通知", "公告"]),
            organisation=chance.choice(["donghe", "county-0"]), validity=chance.choice(["", "effective"]),
            stage=chance.choice(["decision", "result"]), subject=chance.choice(["", "教育"]),
            printed=chance.choice(["", "gazette"]),
        )
        for n in range(1, 61)
    ]  # fmt: skip
    engine.replace_all(entries, Progress())
    site = {"site": "donghe"}
    for narrowed in (site, {**site, "column": "files"}, {**site, "year": 2019, "form": "公告"}):
        result = engine.search(parse("公开"), Filters(**narrowed), facets=True)  # type: ignore[arg-type]
        assert set(result.facets) == set(FACETS)
        for name, values in result.facets.items():
            for value, count in values:
                chosen = {**narrowed, name: int(value) if name == "year" else value}
                if name in narrowed and narrowed[name] != chosen[name]:
                    continue
                again = engine.search(parse("公开"), Filters(**chosen), limit=1)  # type: ignore[arg-type]
                # 一条可以在几个栏目里，换一个栏目不是再加一重
                if not (name == "column" and "column" in narrowed):
                    assert again.total == count, (given, name, value)


def test_by_date_the_newest_comes_first_and_pages_do_not_overlap(
    engine: TantivyEngine, entry: Make
) -> None:
    engine.replace_all(
        [entry(n, body="公开", published_at=n * 10) for n in range(1, 8)], Progress()
    )
    pages = [
        [
            h.entry.publication
            for h in engine.search(parse("公开"), Filters(), by_date=True, offset=o, limit=3).hits
        ]
        for o in (0, 3, 6, 9)
    ]
    assert pages == [[7, 6, 5], [4, 3, 2], [1], []]


def test_equal_scores_go_by_date_whatever_the_order_and_the_parts_they_were_written_in(
    tmp_path: Path, entry: Make
) -> None:
    made = [
        entry(
            n, title="防汛的通知", body="做好防汛工作。" * (n % 3 + 1), published_at=1000 * (n % 17)
        )
        for n in range(1, 61)
    ]
    orders = []
    for number, step in enumerate((60, 7, 13)):
        engine = TantivyEngine(tmp_path / str(number))
        random.Random(number).shuffle(made)
        for start in range(0, len(made), step):
            engine.apply(made[start : start + step], [], Progress(1, "r"))
        orders.append(found(engine, "防汛"))
        pages = [
            [
                hit.entry.publication
                for hit in engine.search(parse("防汛"), Filters(), offset=at).hits
            ]
            for at in range(0, 60, 20)
        ]
        assert sum(pages, []) == orders[-1]
    assert orders[0] == orders[1] == orders[2]
    moments = {each.publication: (each.published_at, each.publication) for each in made}
    for length in range(3):
        alike = [moments[n] for n in orders[0] if n % 3 == length]
        assert alike == sorted(alike, reverse=True)


def test_an_empty_query_lists_all_and_minus_takes_away(engine: TantivyEngine, entry: Make) -> None:
    engine.replace_all([entry(1, body="甲乙"), entry(2, body="丙丁")], Progress())
    assert set(found(engine, "")) == {1, 2}
    assert found(engine, "-甲乙") == [2]
    assert found(engine, "甲 -乙") == []


def test_before_there_is_an_index_nothing_is_found_and_nothing_fails(engine: TantivyEngine) -> None:
    assert not engine.is_ready()
    assert engine.search(parse("公开"), Filters(), facets=True).total == 0
    assert engine.similar(parse("公开"), Filters(), 5) == ()
    assert engine.progress() == Progress() and list(engine.entries()) == []


def test_another_reader_sees_each_commit_at_once(engine: TantivyEngine, entry: Make) -> None:
    reader = TantivyEngine(engine.root)
    engine.apply([entry(1, body="甲乙")], [], Progress(1, "r"))
    assert found(reader, "甲乙") == [1]
    engine.apply([entry(1, body="丙丁", version=2)], [], Progress(2, "r"))
    assert found(reader, "甲乙") == [] and found(reader, "丙丁") == [1]
    engine.apply([], [1], Progress(3, "r"))
    assert found(reader, "丙丁") == [] and reader.progress() == Progress(3, "r")


def test_what_is_near_is_offered_when_nothing_matches(engine: TantivyEngine, entry: Make) -> None:
    engine.replace_all(
        [entry(1, title="临夏州政务公开工作方案"), entry(2, title="防汛预案", body="其他")],
        Progress(),
    )
    assert found(engine, "政务公开工作方安") == []
    near = engine.similar(parse("政务公开工作方安"), Filters(), 5)
    assert [hit.entry.publication for hit in near] == [1]


def test_every_stored_field_comes_back_as_it_was(engine: TantivyEngine, entry: Make) -> None:
    given = [
        entry(2, title="“甲”|乙", columns=("a", "b"), is_demonstration=True, published_at=-5),
        entry(1, body="一\n二"),
    ]
    engine.replace_all(given, Progress())
    assert list(engine.entries()) == sorted(given, key=lambda e: e.publication)


def test_an_alternative_adds_to_what_the_word_finds_and_takes_nothing_away(
    engine: TantivyEngine, entry: Make
) -> None:
    engine.replace_all(
        [
            entry(1, title="低保办法", body="其他"),
            entry(2, title="最低生活保障办法", body="其他"),
            entry(3, title="别的办法", body="低保和最低生活保障"),
            entry(4, title="别的办法", body="其他"),
        ],
        Progress(),
    )
    wide = replace(parse("低保 办法"), also=(("最低生活保障",), ()))
    result = [hit.entry.publication for hit in engine.search(wide, Filters()).hits]
    assert result[0] == 1 and set(result) == {1, 2, 3}, "照写的在前"
    narrow = replace(parse("低保 -和"), also=(("最低生活保障",),))
    assert {h.entry.publication for h in engine.search(narrow, Filters()).hits} == {1, 2}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bodies=st.lists(st.text(alphabet="甲乙丙丁，", max_size=14), min_size=1, max_size=6),
    word=st.text(alphabet="甲乙丙丁", min_size=1, max_size=3),
    others=st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=3), max_size=3),
)
def test_with_alternatives_it_finds_exactly_the_texts_that_hold_one_of_them(
    bodies: list[str], word: str, others: list[str], tmp_path_factory: pytest.TempPathFactory,
    entry: Make,
) -> None:  # fmt: skip
    engine = TantivyEngine(tmp_path_factory.mktemp("index"))
    entries = [entry(n, title=b[:4], body=b) for n, b in enumerate(bodies, 1)]
    engine.replace_all(entries, Progress(1, "r"))
    query = replace(parse(f'"{word}"'), also=(tuple(others),))
    got = {hit.entry.publication for hit in engine.search(query, Filters(), limit=99).hits}
    assert got == set().union(*(scan(entries, parse(f'"{each}"')) for each in (word, *others)))
    assert engine.occurs(squeeze(word)) == bool(scan(entries, parse(f'"{word}"')))


def test_a_commit_cut_before_its_last_file_can_be_done_again(
    engine: TantivyEngine, entry: Make, tmp_path: Path
) -> None:
    """断在提交中途：删除的记号、新的段都写下了，``meta.json`` 还是旧的。重做写的是同名的文件。"""
    engine.replace_all([entry(n, body="甲乙") for n in range(1, 9)], Progress(1, "r"))
    before = tmp_path / "before"
    shutil.copytree(engine.path, before)
    replaced = [entry(3, body="丙丁")]
    engine.apply(replaced, [], Progress(2, "r"))
    assert list(engine.path.glob("*.del"))
    for kept in before.iterdir():
        if kept.name == "meta.json" or not (engine.path / kept.name).exists():
            shutil.copy(kept, engine.path / kept.name)
    again = TantivyEngine(engine.root)
    assert again.progress() == Progress(1, "r")
    again.apply(replaced, [], Progress(2, "r"))
    assert again.progress() == Progress(2, "r")
    assert found(again, "丙丁") == [3]
    assert sorted(found(again, "甲乙")) == [1, 2, 4, 5, 6, 7, 8]
