"""专题的工作台：开设、指定、移出、改条件；填错的留着填的，同时改的不悄悄盖掉。"""

import pytest
from lxml import html

from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.selectors import gathered
from yangguang.hub.topics.services import edit_topic

NEW = "/workbench/topics/new/"


@pytest.fixture
def desk(town: Town) -> Desk:
    for number in (1, 2):
        document = town.document(number)
        for event, who in (
            ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
            ("publish", town.drafter),
        ):  # fmt: skip
            perform(document, event, actor=who, key=f"{number}-{event}")
    return sign_in(town.approver)


def open_one(desk: Desk, **changes: object) -> Topic:
    answer = desk.fill(NEW, **{"name": "工作方案", "summary": "几份方案。", **changes})
    assert answer.status_code == 200, answer.content.decode()
    return Topic.objects.get(name="工作方案")


def publications(page: bytes, heading: str) -> list[str]:
    tree = html.fromstring(page)
    (section,) = tree.xpath(f"//section[h2[starts-with(normalize-space(), '{heading}')]]")
    return [item.text_content().strip() for item in section.xpath(".//li")]


def test_an_editor_opens_a_topic_finds_documents_and_puts_them_in_and_out(desk: Desk) -> None:
    topic = open_one(desk)
    record = f"/workbench/topics/{topic.pk}/"
    assert "这个专题是空的" in desk.get(record).content.decode()
    page = desk.get(f"{record}?find=第1号 方案").content
    (found,) = publications(page, "另外指定")
    assert "第1号工作方案" in found
    publication = html.fromstring(page).xpath("//input[@name='publication']/@value")[0]
    desk.post(f"{record}choose/", {"publication": publication, "choice": "add"})
    assert [each.pk for each in gathered(topic)] == [int(publication)]
    desk.fill(f"{record}edit/", words="第2号\n方案的通知")
    topic.refresh_from_db()
    assert len(gathered(topic)) == 2
    desk.post(f"{record}choose/", {"publication": publication, "choice": "exclude"})
    page = desk.get(record).content
    assert len(publications(page, "收进来的")) == len(publications(page, "移出的")) == 1


def test_what_was_wrong_is_told_at_its_place_and_what_was_typed_stays(desk: Desk) -> None:
    open_one(desk, code="fangan")
    answer = desk.fill(NEW, name="别的专题", summary="别的事。", code="fangan", words="招生\n的")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "fangan 已经用过" in page or "只有一个字" in page
    assert 'value="别的专题"' in page and "别的事。" in page and "招生" in page
    assert Topic.objects.count() == 1


def test_two_editors_at_once_lose_nothing(desk: Desk, town: Town) -> None:
    topic = open_one(desk)
    path = f"/workbench/topics/{topic.pk}/edit/"
    mine = desk.form(path) | {"summary": "我改的。"}
    edit_topic(topic, {"summary": "别人改的。"}, actor=town.approver)
    answer = desk.post(path, mine)
    assert "有人改过" in answer.content.decode() and "我改的。" in answer.content.decode()
    topic.refresh_from_db()
    assert topic.summary == "别人改的。"


def test_a_department_without_a_site_has_no_such_screen(desk: Desk, town: Town) -> None:
    from tests.actors import actor, organisation

    outsider = sign_in(actor("approver", organisation("bureau", town.organisation)))
    assert "/workbench/topics/" not in outsider.get("/workbench/").content.decode()
    assert "/workbench/topics/" in desk.get("/workbench/").content.decode()
