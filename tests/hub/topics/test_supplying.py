"""专题供给的报警：告诉谁，一样只告诉一次，补上了就不必再看；工作台列出、导出，各看各的。"""

from datetime import date

import pytest
from lxml import html

from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.health.registry import examine
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.models import Publication
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import choose, open_topic
from yangguang.hub.topics.supplying import supply_warnings, tell_of_empty_topics

OPENED = date(2020, 9, 25)
LATER = date(2020, 10, 10)
LIST = "/workbench/topic-supply/"


@pytest.fixture
def bureau(town: Town) -> Organisation:
    return organisation("bureau", town.organisation)


@pytest.fixture
def topic(town: Town, bureau: Organisation) -> Topic:
    return open_topic(
        town.site, name="六稳六保", summary="稳就业。", code="liuwen", opened_on=OPENED, owner=bureau,
        basis="临州办发〔2020〕81号", tasks=[9], actor=town.approver, key="supply",
    )  # fmt: skip


def published(town: Town) -> Publication:
    document = town.document()
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=f"supply-{event}")
    return Publication.objects.get(kind="document")


def told() -> dict[str, list[str]]:
    rows = Message.objects.filter(subject="topics.supply", settled_at=None).order_by("pk")
    found: dict[str, list[str]] = {}
    for row in rows.select_related("user"):
        found.setdefault(row.user.username, []).append(row.title)
    return found


def test_the_owner_and_the_office_are_told_once_and_no_one_else(
    town: Town, topic: Topic, bureau: Organisation
) -> None:
    writer = actor("drafter", bureau, username="writer")
    actor("reviewer", bureau, username="checker")
    actor("drafter", organisation("other", town.organisation), username="stranger")
    office = actor("supervisor", town.organisation, username="office")
    assert writer and office
    assert tell_of_empty_topics(date(2020, 10, 5)) == 0, "还在准许的天数里"
    assert tell_of_empty_topics(LATER) == 2
    assert told() == {
        "writer": ["专题“六稳六保”：整个专题空着"],
        "office": ["专题“六稳六保”：整个专题空着"],
    }
    assert tell_of_empty_topics(LATER) == 0, "告诉过的不再告诉"


def test_when_it_is_filled_the_message_is_settled_and_the_parts_are_watched(
    town: Town, topic: Topic, bureau: Organisation
) -> None:
    actor("drafter", bureau, username="writer")
    tell_of_empty_topics(LATER)
    choose(topic, published(town), "add", part="policy", actor=town.approver)
    tell_of_empty_topics(LATER)
    assert told() == {}
    tell_of_empty_topics(date(2020, 10, 26))
    assert told() == {"writer": ["专题“六稳六保”：政策解读空着"]}
    perform(topic, "close", actor=town.approver, key="close")
    tell_of_empty_topics(date(2020, 12, 31))
    assert told() == {}, "结束了的不必再看"


def test_the_health_check_names_the_topic_its_owner_and_what_is_missing(topic: Topic) -> None:
    (warning,) = supply_warnings(LATER)
    assert "六稳六保" in warning and "bureau" in warning and "自 2020-09-25 起空了 15 天" in warning
    assert warning in [each.text for each in examine(LATER) if each.check == "topics"]
    assert supply_warnings(OPENED) == []


def test_the_list_tells_counts_share_and_since_when_and_is_exported(
    town: Town, topic: Topic
) -> None:
    choose(topic, published(town), "add", part="policy", actor=town.approver)
    desk = sign_in(town.approver)
    (row,) = html.fromstring(desk.get(LIST).content).xpath("//tbody/tr")
    cells = {
        cell.get("data-label"): " ".join(cell.text_content().split()) for cell in row.xpath("td")
    }
    assert cells["政策文件"] == "1" and cells["政策解读"] == "0"
    assert cells["文件解读"] == "1 份解读了 0 份（0%）"
    assert (
        "政策解读、执行情况、工作成效、回应关切（自 2020-09-25）" in cells["空着的"]
        and "空了" in cells["报警"]
    )
    sheet = b"".join(desk.get(f"{LIST}export.csv").streaming_content).decode("utf-8-sig")
    assert "六稳六保" in sheet and "1 份解读了 0 份" in sheet
    assert desk.get(f"{LIST}export.xlsx").status_code == 200
    record = desk.get(f"{LIST}{topic.pk}/").content.decode()
    assert "临州办发〔2020〕81号第9项" in record and "去专题里指定" in record


def test_the_owner_sees_its_own_topic_and_another_unit_sees_nothing(
    town: Town, topic: Topic, bureau: Organisation
) -> None:
    own = sign_in(actor("drafter", bureau, username="writer"))
    assert "六稳六保" in own.get(LIST).content.decode()
    record = own.get(f"{LIST}{topic.pk}/")
    assert record.status_code == 200 and "去专题里指定" not in record.content.decode()
    other = sign_in(actor("drafter", organisation("other", town.organisation), username="stranger"))
    assert "六稳六保" not in other.get(LIST).content.decode()
    assert other.get(f"{LIST}{topic.pk}/").status_code == 404


def test_the_menu_lists_it_only_for_those_who_own_such_a_topic_or_supervise(
    town: Town, topic: Topic, bureau: Organisation
) -> None:
    other = organisation("other", town.organisation)

    def listed(who: Actor) -> bool:
        page = html.fromstring(sign_in(who).get("/workbench/").content)
        return LIST in page.xpath("//nav[@id='menu']//a/@href")

    seers = [
        actor("drafter", bureau, username="writer"),
        actor("supervisor", other, username="watcher"),
        town.approver,
    ]
    strangers = [
        actor("drafter", other, username="stranger"),
        actor("approver", other, username="signer"),
        actor("security_admin", bureau, username="keeper"),
    ]
    assert [listed(who) for who in (*seers, *strangers)] == [True] * 3 + [False] * 3
    perform(topic, "close", actor=town.approver, key="close")
    assert [listed(who) for who in seers] == [False, True, False], "结束了的不必再看"
    assert sign_in(seers[0]).get(LIST).status_code == 200, "地址照样打得开"


def test_the_editor_opens_such_a_topic_by_the_form_and_settles_parts_on_its_page(
    town: Town, bureau: Organisation
) -> None:
    publication = published(town)
    desk = sign_in(town.approver)
    new = "/workbench/topics/new/"
    wrong = desk.fill(new, name="六稳六保", summary="稳就业。", owner=str(bureau.pk), tasks="九")
    assert wrong.status_code == 422 and "不是任务的序号：九" in wrong.content.decode()
    desk.fill(
        new, name="六稳六保", summary="稳就业。", owner=str(bureau.pk), tasks="9\n10",
        basis="临州办发〔2020〕81号",
    )  # fmt: skip
    topic = Topic.objects.get()
    assert topic.tasks == [9, 10] and topic.owner == bureau
    given = {"publication": publication.pk, "choice": "add", "part": "results"}
    desk.post(f"/workbench/topics/{topic.pk}/choose/", given)
    assert topic.choices.get().part == "results"
    page = desk.get(f"/workbench/topics/{topic.pk}/").content.decode()
    assert '<option value="results" selected>' in page
    assert (
        desk.post(
            f"/workbench/topics/{topic.pk}/choose/", given | {"part": "elsewhere"}
        ).status_code
        == 404
    )
