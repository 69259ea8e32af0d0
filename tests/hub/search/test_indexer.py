"""跟进变更日志：能查到的就是公开的，一条不多、一条不少；断在哪里都接得上。"""

import random
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.foundation.library.conftest import drawn
from tests.hub.search.conftest import follow, titles
from tests.outlets.website.conftest import Desk, NoteKind
from yangguang.foundation.audit.sealing import seal
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import CHANGES
from yangguang.hub.search.engine import FACETS, Entry, Filters
from yangguang.hub.search.indexer import (
    catch_up,
    entries_of,
    faults,
    has_work,
    rebuild,
)
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import engine, find, similar, suggestion

ASKED = ("通知", "正文", "更正", "要求", "-更正", "")


def clean() -> list[Entry]:
    """资源库里公开的全部。"""
    return list(entries_of(Publication.objects.filter(state=Publication.State.PUBLISHED)))


@pytest.mark.django_db
def test_what_is_published_is_found_by_title_number_and_text(desk: Desk) -> None:
    desk.publish("关于加强政务公开的通知")
    follow()
    for words in ("政务公开", "加強政務公開", "甲&乙", "附则 要求"):
        assert titles(words) == ["关于加强政务公开的通知"], words
    assert titles("不存在的") == []


@pytest.mark.django_db
def test_codes_of_the_machine_are_not_text(desk: Desk) -> None:
    desk.publish("通知")
    follow()
    for code in ("proactive", "decision", "effective", "paragraph", "donghe"):
        assert titles(code) == []


@pytest.mark.django_db
def test_a_correction_replaces_and_a_withdrawal_removes(desk: Desk) -> None:
    publication = desk.publish("通知")
    follow()
    desk.correct(publication, "改过的文字。")
    follow()
    assert titles("改过的文字") == ["通知"]
    publication.refresh_from_db()
    desk.withdraw(publication)
    follow()
    assert titles("改过的文字") == [] and titles("") == []
    assert list(engine().entries()) == []
    desk.republish(publication)
    follow()
    assert titles("通知") == ["通知"]


@pytest.mark.django_db
def test_a_withdrawn_item_is_not_shown_even_before_the_index_follows(desk: Desk) -> None:
    publication = desk.publish("通知")
    follow()
    desk.withdraw(publication)
    assert find(parse("通知"), Filters()).hits == ()
    assert similar(parse("通知"), Filters()) == ()


@pytest.mark.django_db
def test_an_attachment_is_found_by_its_name_and_by_its_text(desk: Desk) -> None:
    text = desk.store("附表所列各项，由各单位负责落实。".encode(), "任务分工表.txt")
    picture = desk.store(drawn(), "流程图.jpg")
    desk.publish("通知", files=(text, picture))
    follow()
    for words in ("任务分工表", "各单位负责落实", "流程图"):
        assert titles(words) == ["通知"], words


@pytest.mark.django_db
def test_a_column_holds_what_lies_in_the_columns_below_it(desk: Desk) -> None:
    desk.publish("甲通知", columns=("files",))
    desk.publish("乙通知", columns=("plans", "notices"))
    follow()
    assert titles("", column="open") and set(titles("", column="open")) == {"甲通知", "乙通知"}
    assert titles("", column="files") == ["甲通知"]
    assert titles("", column="notices") == ["乙通知"]


@pytest.mark.django_db
def test_a_column_moved_in_the_tree_is_followed(desk: Desk) -> None:
    desk.publish("通知", columns=("files",))
    follow()
    files, notices = (Column.objects.get(code=code) for code in ("files", "notices"))
    Column.objects.move(files, notices, "first-child")
    assert list(faults()) == ["检索的索引所依的栏目树已经变了，尚未重建。"]
    catch_up()
    assert titles("", column="notices") == ["通知"] and titles("", column="open") == []
    assert list(faults()) == []


@pytest.mark.django_db
def test_the_index_is_checked_against_the_hub(desk: Desk) -> None:
    assert list(faults()) == [], "本机没有索引，不核对"
    first, second = desk.publish("甲通知"), desk.publish("乙通知")
    follow()
    assert check().broken == ()
    third = desk.publish("丙通知")
    assert list(faults()) == [], "还没跟上的不算错"
    now = engine().progress()
    changed = clean()[0]
    engine().apply(
        [
            Entry(**{**changed.__dict__, "title": "被改过"}),
            Entry(**{**changed.__dict__, "publication": 999}),
        ],
        [second.pk],
        now,
    )
    assert list(faults()) == [
        f"{first.index_number}：检索的索引里不是现在的内容。",
        f"{second.index_number}：没有进检索的索引。",
        "检索的索引里有不该有的信息（编号 999）。",
    ]
    assert set(check().broken) == set(faults())
    with pytest.raises(SystemExit):
        call_command("reindex", "--check", stdout=StringIO())
    call_command("reindex", stdout=StringIO())
    out = StringIO()
    call_command("reindex", "--check", stdout=out)
    assert "全部相符" in out.getvalue() and third.index_number
    assert list(engine().entries()) == clean()


@pytest.mark.django_db
def test_a_mistyped_title_is_led_back(desk: Desk) -> None:
    desk.publish("2020年全州政务公开工作方案")
    follow()
    query = parse("政务公开工作方安")
    assert find(query, Filters()).total == 0
    near = similar(query, Filters())
    assert suggestion(query, near) == "政务公开工作方案"
    assert suggestion(parse("毫不相干"), ()) == ""


@pytest.mark.django_db
def test_following_reads_a_batch_in_a_fixed_number_of_queries(
    desk: Desk, django_assert_num_queries: Any
) -> None:
    desk.publish("先有一条")
    follow()
    for count in (1, 12):
        for _ in range(count):
            desk.publish(f"通知{desk.key()}")
        seal(CHANGES)
        # 指纹二、登记、撤回、变更、条目、归属、转发、栏目、推进
        with django_assert_num_queries(10):
            catch_up()
    with django_assert_num_queries(1):
        find(parse("通知"), Filters())
    with django_assert_num_queries(2):
        assert not has_work()


def act(desk: Desk, chance: random.Random) -> None:
    """随意发布、更正、撤回、重新发布。"""
    known = list(Publication.objects.order_by("pk"))
    live = [p for p in known if p.state == "published"]
    gone = [p for p in known if p.state == "withdrawn"]
    chosen = chance.choice(
        [
            "publish",
            *(["correct", "withdraw", "refresh"] if live else []),
            *(["again"] if gone else []),
        ]
    )
    if chosen == "publish":
        columns = tuple(chance.sample(["files", "plans", "notices"], chance.randint(1, 2)))
        desk.publish(f"通知{desk.key()}", columns=columns)
    elif chosen == "correct":
        desk.correct(chance.choice(live), f"更正{chance.randint(0, 9_999_999)}")
    elif chosen == "withdraw":
        desk.withdraw(chance.choice(live))
    elif chosen == "refresh":
        desk.refresh("figure:1")
    else:
        desk.republish(chance.choice(gone), (chance.choice(["files", "plans"]),))


def answers() -> dict[str, Any]:
    """几个固定的问题此刻的答案：查到哪些、各样多少条。"""
    result = {}
    for text in ASKED:
        found = find(parse(text), Filters(), limit=1000)
        facets = {name: dict(found.facets[name]) for name in FACETS}
        result[text] = (found.total, {h.entry.publication for h in found.hits}, facets)
    return result


def agree() -> None:
    """索引就是资源库里公开的全部，答案与从头建的一样。"""
    assert list(engine().entries()) == clean()
    assert list(faults()) == []
    followed = answers()
    rebuild()
    assert followed == answers()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_cut_anywhere_and_carried_on_the_index_is_the_one_built_afresh(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(seed)
    boundaries: Counter[str] = Counter()
    for _ in range(8):
        with armed(hit=chance.randint(1, 14)) as plan:
            try:
                act(desk, chance)
                follow()
            except Stopped:
                boundaries[plan.reached[-1]] += 1
    follow()
    agree()
    assert boundaries, "一次也没有断，演练无意义"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["search.before_commit", "search.after_commit"])
def test_following_is_cut_before_and_after_its_commit(desk: Desk, name: str) -> None:
    kept, gone = desk.publish("要更正的"), desk.publish("要撤回的")
    follow()
    desk.correct(kept, "改过的文字。")
    desk.withdraw(gone)
    # 第一次提交是撤回的，第二次才是按次序的
    with pytest.raises(Stopped), armed(name, hit=2):
        follow()
    committed = name == "search.after_commit"
    assert titles("要撤回的") == []
    assert bool(titles("改过的文字")) == committed
    assert has_work() != committed
    follow()
    assert titles("改过的文字") == ["要更正的"]
    agree()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["search.before_rebuild", "search.before_commit"])
def test_a_rebuild_cut_short_leaves_the_old_index_to_answer(desk: Desk, name: str) -> None:
    desk.publish("通知")
    follow()
    with pytest.raises(Stopped), armed(name):
        rebuild()
    assert titles("通知") == ["通知"]
    assert NoteKind.code == "note" and list(faults()) == []
