"""接口：变更的次序。从头跟到末尾，手里的就是公开着的；撤回的只剩一个空壳。"""

import json
from typing import Any

import pytest
from django.db import transaction

from tests.api import Api, fault, publish, withdraw
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.refreshing import refresh
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit, publication_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents(town: Town) -> list[OfficialDocument]:
    """公开了三份：第一份更正过，第二份更正以后撤回了，其间有一次数据更新。"""
    made = [publish(town, number) for number in (1, 2, 3)]
    for document in made[:2]:
        perform(document, "revise", actor=town.drafter, key=f"r{document.pk}", message="拟改")
        edit(document, {"title": f"更正后的标题{document.pk}"}, actor=town.drafter)
        perform(
            document,
            "correct",
            actor=town.approver,
            key=f"c{document.pk}",
            message="标题写成了某某",
        )
    with transaction.atomic():
        refresh("figure:1")
    withdraw(town, made[1])
    seal_all()
    return made


def test_what_was_published_corrected_and_withdrawn_is_told_in_order_whatever_the_page_size(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    one, two, three = (publication_of(document).pk for document in documents)
    expected = [
        ("publish", one), ("publish", two), ("publish", three),
        ("correct", one), ("correct", two), ("withdraw", two),
    ]  # fmt: skip
    for limit in (1, 2, 5, 100):
        told, after = visitor.changes(limit=limit)
        assert [(each["action"], each["id"]) for each in told] == expected
        sequences = [each["sequence"] for each in told]
        assert sequences == sorted(set(sequences)) and after == sequences[-1]
        assert visitor.changes(after) == ([], after)


def test_a_published_item_comes_with_its_summary_of_today_and_a_withdrawn_one_as_an_empty_shell(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    told, _ = visitor.changes()
    kept, gone = (publication_of(document) for document in documents[:2])
    for change in told:
        if change["id"] == kept.pk:
            summary = visitor.json(f"/publications/{kept.pk}")
            assert change["publication"].items() <= summary.items()
            assert change["reason"] == ("标题写成了某某" if change["action"] == "correct" else None)
    shells = [change for change in told if change["id"] == gone.pk]
    assert [change["publication"] for change in shells] == [None, None, None]
    assert [change["reason"] for change in shells] == [None, None, "内容有误"]
    assert {change["state"] for change in shells} == {"withdrawn"}
    assert {change["index_number"] for change in shells} == {gone.index_number}
    assert gone.title not in json.dumps(shells, ensure_ascii=False)


def test_a_change_is_told_once_it_has_its_place_and_data_updates_only_move_the_cursor(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    _, after = visitor.changes()
    with transaction.atomic():
        refresh("figure:1")
    fourth = publish(town, 4)
    assert visitor.changes(after) == ([], after), "还没有排进次序"
    withdraw(town, documents[2])
    assert visitor.changes()[0][2]["publication"] is None, "撤回当场就没有了内容，不等排进次序"
    seal_all()
    told, following = visitor.changes(after)
    assert [(c["action"], c["id"]) for c in told] == [
        ("publish", publication_of(fourth).pk), ("withdraw", publication_of(documents[2]).pk),
    ]  # fmt: skip
    with transaction.atomic():
        refresh("figure:1")
    seal_all()
    assert visitor.changes(following) == ([], following + 1)


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=", "limit=0", "limit=101", "since=1"]
)
def test_a_wrong_parameter_is_named(query: str, town: Town, visitor: Api) -> None:
    (place,) = fault(visitor.get(f"/changes?{query}"), 422)["errors"]
    assert place["parameter"] == query.partition("=")[0] and place["detail"].endswith("。")


def test_a_place_beyond_the_log_is_refused_and_says_to_begin_again(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    (place,) = fault(visitor.get("/changes?after=999"), 422)["errors"]
    assert place["parameter"] == "after" and "从 0 重新取一遍" in place["detail"]


def test_the_queries_do_not_grow_and_an_unchanged_answer_is_not_sent_again(
    documents: list[OfficialDocument], visitor: Api, django_assert_num_queries: Any
) -> None:
    for limit in (1, 6):
        with django_assert_num_queries(5):
            answer = visitor.get(f"/changes?limit={limit}")
    again = visitor.get("/changes?limit=6", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
