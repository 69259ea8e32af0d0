"""起草公文时选的专题：公开以后收进去，解读跟着进；更正时新选的也收；移出了的不再收进。"""

import pytest

from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import Publication
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.selectors import gathered
from yangguang.hub.topics.services import choose, open_topic
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit
from yangguang.sources.interpretations.services import draft as draft_interpretation

PARTS = {"background": "为什么。", "aims": "为了谁。", "main": "做几件事。", "scope": "全州。"}


def opened(town: Town, name: str) -> Topic:
    return open_topic(town.site, name=name, summary="一件事。", actor=town.approver, key=name)


@pytest.fixture
def topic(town: Town) -> Topic:
    return opened(town, "六稳六保")


def publish(town: Town, document: OfficialDocument) -> Publication:
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=f"topics-{event}")
    return Publication.objects.get(kind="document", source_id=document.pk)


def test_a_document_goes_into_its_topics_when_it_is_published(town: Town, topic: Topic) -> None:
    document = town.document()
    edit(document, {}, topics=[topic], actor=town.drafter)
    assert gathered(topic) == []
    publication = publish(town, document)
    assert gathered(topic) == [publication]


def test_a_topic_added_in_revision_gathers_it_on_correction_and_one_put_out_stays_out(
    town: Town, topic: Topic
) -> None:
    document, later = town.document(), opened(town, "文旅")
    edit(document, {}, topics=[topic], actor=town.drafter)
    publication = publish(town, document)
    choose(topic, publication, "exclude", actor=town.approver)
    perform(document, "revise", actor=town.drafter, key="topics-revise", message="有误")
    edit(document, {"title": "改过的工作方案"}, topics=[topic, later], actor=town.drafter)
    perform(document, "correct", actor=town.approver, key="topics-correct", message="更正")
    assert gathered(topic) == [] and gathered(later) == [publication]


def test_its_interpretation_goes_in_with_it(town: Town, topic: Topic) -> None:
    document = town.document()
    edit(document, {}, topics=[topic], actor=town.drafter)
    publication = publish(town, document)
    reading = draft_interpretation(
        {
            "title": "解读", "form": "text", "parts": PARTS, "publication": publication,
            "stage": "decision",
        },
        organisation=town.organisation, columns=[town.column], actor=town.drafter, key="reading",
    )  # fmt: skip
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(reading, event, actor=who, key=f"reading-{event}")
    assert [each.kind for each in gathered(topic)] == ["document", "interpretation"]


def test_the_form_offers_open_topics_of_the_site_and_keeps_those_chosen(
    town: Town, topic: Topic
) -> None:
    document = town.document()
    closed = opened(town, "往年")
    perform(closed, "close", actor=town.approver, key="close")
    desk, path = sign_in(town.drafter), f"/workbench/documents/{document.pk}/edit/"
    page = desk.get(path).content.decode()
    assert "收进哪些专题" in page and "六稳六保" in page and "往年" not in page
    desk.fill(path, topics=[str(topic.pk)])
    assert list(document.topics.all()) == [topic]
    perform(topic, "close", actor=town.approver, key="close-too")
    assert "六稳六保" in desk.get(path).content.decode(), "选了的结束了也列着"
    assert "六稳六保" in desk.get(f"/workbench/documents/{document.pk}/").content.decode()


def test_where_there_is_no_topic_the_form_does_not_ask(town: Town) -> None:
    document = town.document()
    desk, path = sign_in(town.drafter), f"/workbench/documents/{document.pk}/edit/"
    assert "收进哪些专题" not in desk.get(path).content.decode()
    desk.fill(path, title="改过的工作方案")
    document.refresh_from_db()
    assert document.title == "改过的工作方案"
