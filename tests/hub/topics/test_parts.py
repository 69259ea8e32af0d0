"""专题的各部分：一条信息归哪一部分；解读跟着文件进出；编辑定了的照编辑的。"""

from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from tests.actors import organisation
from tests.outlets.website.conftest import (  # noqa: F401  合用的夹具
    TODAY,
    Desk,
    desk,
    kinds_registered,
    moment,
    tree_files,
)
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.services import rename
from yangguang.hub.publications.models import Change, Publication
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.parts import PARTS, part_of
from yangguang.hub.topics.selectors import gathered, gathered_in, gatherings, part_in
from yangguang.hub.topics.services import choose, edit_topic, open_topic
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press

PLAN = {"basis": "临州办发〔2020〕81号", "tasks": [9]}


def opened(desk: Desk, name: str = "六稳六保", **values: object) -> Topic:  # noqa: F811
    values = PLAN | {"owner": desk.organisation, "words": [name]} | values
    return open_topic(
        desk.site, name=name, summary="稳就业。", actor=desk.actor, key=desk.key(), **values
    )  # fmt: skip


def interpretation(desk: Desk, of: Publication, title: str = "一图看懂") -> Publication:  # noqa: F811
    return desk.publish(title, interprets=[{"index_number": of.index_number}])


def titles(topic: Topic) -> list[str]:
    return [publication.title for publication in gathered(topic)]


@pytest.mark.parametrize(
    ("kind", "form", "stage", "part"),
    [
        ("document", "通知", "decision", "policy"),
        ("norm", "行政规范性文件", "decision", "policy"),
        ("document", "通报", "result", "results"),
        ("interpretation", "政策解读", "decision", "interpretation"),
        ("interpretation", "政策解读", "result", "interpretation"),
        ("article", "动态", "execution", "execution"),
        ("article", "动态", "decision", "execution"),
        ("article", "动态", "result", "results"),
        ("article", "问答", "service", "response"),
        ("fund", "资金", "execution", "execution"),
    ],
)
def test_kind_form_and_stage_say_which_part(kind: str, form: str, stage: str, part: str) -> None:
    assert part_of(kind, form, stage) == part
    assert part_of(kind, form, stage, "response") == "response", "编辑定了的照编辑的"


def test_an_interpretation_goes_in_and_out_with_its_document(desk: Desk) -> None:  # noqa: F811
    topic = opened(desk)
    document = desk.publish("六稳六保工作方案")
    other = desk.publish("防汛方案")
    interpretation(desk, document)
    interpretation(desk, other, "防汛图解")
    assert titles(topic) == ["六稳六保工作方案", "一图看懂"]
    choose(topic, other, "add", actor=desk.actor)
    assert "防汛图解" in titles(topic), "指定进来的文件，解读也跟着"
    choose(topic, document, "exclude", actor=desk.actor)
    assert titles(topic) == ["防汛方案", "防汛图解"]


def test_an_interpretation_put_out_by_the_editor_stays_out(desk: Desk) -> None:  # noqa: F811
    topic = opened(desk)
    document = desk.publish("六稳六保工作方案")
    choose(topic, interpretation(desk, document), "exclude", actor=desk.actor)
    assert titles(topic) == ["六稳六保工作方案"]
    desk.withdraw(document)
    assert titles(topic) == []


def test_choosing_a_document_places_its_interpretation_again(desk: Desk) -> None:  # noqa: F811
    topic = opened(desk)
    document = desk.publish("防汛方案")
    reading = interpretation(desk, document)
    before = Change.objects.filter(key=f"publication:{reading.pk}").count()
    choose(topic, document, "add", actor=desk.actor)
    assert Change.objects.filter(key=f"publication:{reading.pk}").count() == before + 1


def test_the_editor_settles_the_part_by_hand_and_takes_it_back(desk: Desk) -> None:  # noqa: F811
    topic = opened(desk)
    publication = desk.publish("六稳六保进展")

    def part() -> str:
        (found,) = gathered(topic)
        return part_in(gatherings([topic])[topic.pk], found)

    assert part() == "execution"
    choose(topic, publication, "add", part="results", actor=desk.actor)
    assert part() == "results"
    choose(topic, publication, "add", part="response", actor=desk.actor)
    assert part() == "response"
    choose(topic, publication, "undo", actor=desk.actor)
    assert part() == "execution"


def test_a_part_is_only_settled_where_there_are_parts(desk: Desk) -> None:  # noqa: F811
    plain = opened(desk, owner=None, basis="", tasks=[])
    publication = desk.publish("六稳六保进展")
    for topic, choice, part in ((plain, "add", "policy"), (opened(desk, "教育"), "add", "别的")):
        with pytest.raises(Refused):
            choose(topic, publication, choice, part=part, actor=desk.actor)
    with pytest.raises(Refused):
        choose(opened(desk, "文旅"), publication, "exclude", part="policy", actor=desk.actor)


def test_a_topic_of_the_plan_names_its_owner_the_plan_and_its_tasks(desk: Desk) -> None:  # noqa: F811
    for wrong in (
        {"owner": None},
        {"basis": ""},
        {"tasks": []},
        {"tasks": [9, 9]},
        {"tasks": [0]},
    ):
        with pytest.raises(Refused):
            opened(desk, **wrong)
    topic = opened(desk, tasks=[9, 10])
    assert topic.told_basis == "临州办发〔2020〕81号第9、10项" and topic.has_parts
    with pytest.raises(Refused, match="不能改回"):
        edit_topic(topic, {"owner": None, "basis": "", "tasks": []}, actor=desk.actor)
    edit_topic(topic, {"owner": organisation("bureau", desk.organisation)}, actor=desk.actor)
    assert topic.owner is not None and topic.owner.code == "bureau"


def test_gathering_many_topics_costs_the_same_as_one(desk: Desk, django_assert_num_queries) -> None:  # noqa: F811, ANN001
    for name in ("六稳六保", "教育", "文旅"):
        interpretation(desk, desk.publish(f"{name}方案"), f"{name}图解")
    topics = [opened(desk, name) for name in ("六稳六保", "教育", "文旅")]
    for asked in (topics[:1], topics):
        with django_assert_num_queries(7):
            found = gathered_in(asked)
        assert all(len(rows) == 2 for rows in found.values())
    assert list(PARTS) == ["policy", "interpretation", "execution", "results", "response"]


def test_the_page_of_a_topic_names_its_owner_as_it_is_called_now(
    desk: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    bureau = Organisation.objects.get(code="county-0")
    topic = opened(desk, owner=bureau)
    desk.publish("六稳六保进展")
    desk.follow()
    page = f"topics/{topic.code}/index.html"
    assert "责任单位：金县" in desk.page(page)
    with transaction.atomic():
        rename(bureau, "金市人民政府", date(2026, 5, 1), short_name="金市")
    desk.follow()
    assert "责任单位：金市" in desk.page(page)
    bake_everything(Press(desk.site, TODAY), tmp_path / "clean")
    assert desk.files() == tree_files(tmp_path / "clean" / desk.site.code)
